using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PassiveDns;
using PassiveDns.Storage;

namespace Snippets;

/// <summary>The code of the repository's README.</summary>
public static class ReadmeSnippets
{
    /// <summary>A pipeline in a host.</summary>
    public static async Task<PipelineReport> ImportAsync(string[] args)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
        builder.Services
            .AddPassiveDns(options => options.Vantage.Resolvers.Add(IPNetwork.Parse("203.0.113.53/32")))
            .AddPcapFile("capture.pcapng")
            .UseRocksDb("observations");

        using IHost host = builder.Build();
        await host.StartAsync();
        PipelineReport report = await host.Services.GetRequiredService<PipelineRun>().Completion;
        return report;
    }

    /// <summary>A question to a store.</summary>
    public static async Task AskAsync(IObservationReader reader, long from, long to)
    {
        ObservationQuery query = new(QueryAnchor.Network(IPNetwork.Parse("192.0.2.0/24"))) { Time = TimeFilter.Overlapping(from, to) };
        await foreach (Observation row in reader.FindAsync(query))
        {
            Console.WriteLine($"{row.RrName} {row.Type} {row.Rdata[0]} seen {row.History.Count} times in {row.History.Intervals.Length} intervals");
        }
    }

    /// <summary>Only the parser.</summary>
    public static void Parse(ReadOnlySpan<byte> octets)
    {
        DnsReader message = new(octets);
        while (message.Read())
        {
            if (message.Section == DnsSection.Answer) Console.WriteLine($"{message.Name.ToString()} {message.Type} {message.TimeToLive}");
        }

        if (message.Error != DnsError.None) Console.WriteLine($"damaged at {message.ErrorOffset}: {message.Error}");
    }
}
