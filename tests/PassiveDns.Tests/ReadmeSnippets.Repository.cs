using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

/// <summary>The C# of the repository's README.</summary>
public sealed partial class ReadmeSnippets
{
    [Fact]
    public async Task A_question_to_a_store()
    {
        await using MemoryObservationStore reader = new();
        await Sample.ImportAsync(reader);
        (long from, long to) = (0, 2_000_000_000);
        using StringWriter Console = new();
        {
            ObservationQuery query = new(QueryAnchor.Network(IPNetwork.Parse("192.0.2.0/24"))) { Time = TimeFilter.Overlapping(from, to) };
            await foreach (Observation row in reader.FindAsync(query))
            {
                Console.WriteLine($"{row.RrName} {row.Type} {row.Rdata[0]} seen {row.History.Count} times in {row.History.Intervals.Length} intervals");
            }
        }

        Assert.Contains("www.widgets.example. A 192.0.2.80 seen 5 times", Console.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_parser()
    {
        byte[] octets = Responses.RootNs(0);
        using StringWriter Console = new();
        {
            DnsReader message = new(octets);
            while (message.Read())
            {
                if (message.Section == DnsSection.Answer) Console.WriteLine($"{message.Name.ToString()} {message.Type} {message.TimeToLive}");
            }

            if (message.Error != DnsError.None) Console.WriteLine($"damaged at {message.ErrorOffset}: {message.Error}");
        }

        Assert.Equal(". NS 256", Console.ToString().Trim());
    }

    // Not run: it would write a store into the current directory. QuickStart does the same and is run.
    private static async Task<PipelineReport> ImportAsync(string[] args)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
        builder.Services
            .AddPassiveDns(options => options.Vantage.Resolvers.Add(IPNetwork.Parse("203.0.113.53/32")))
            .AddPcapFile("capture.pcapng")
            .UseEmbeddedStore("observations");

        using IHost host = builder.Build();
        await host.StartAsync();
        PipelineReport report = await host.Services.GetRequiredService<PipelineRun>().Completion;
        return report;
    }

    // Not run: DnstapPipelineTests listens on sockets of its own.
    private static void Listen(IServiceCollection services)
    {
        services.AddPassiveDns(o => o.Sensor = "resolver-1")
            .AddDnstapSocket("/run/pdns/dnstap.sock")
            .AddDnstapListener(new IPEndPoint(IPAddress.Loopback, 6000))
            .AddPowerDnsListener(new IPEndPoint(IPAddress.Loopback, 4242))
            .UseMemoryStore();
    }
}
