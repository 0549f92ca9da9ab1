using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PassiveDns.Events;

namespace PassiveDns.Tests;

/// <summary>The C# of docs/events.md.</summary>
public sealed partial class ReadmeSnippets
{
    [Fact]
    public async Task Events()
    {
        ServiceCollection services = new();
        services.AddPassiveDns(o =>
        {
            o.ResolversFile = Sample.Resolvers;
            o.RootHintsFile = Sample.RootHintsFile;
        }).AddPcapFile(Sample.Capture).UseMemoryStore().AddEvents();
        await using ServiceProvider provider = services.BuildServiceProvider();
        using CancellationTokenSource source = new();
        CancellationToken stop = source.Token;
        using StringWriter Console = new();
        async Task ReadAsync()
        {
            ObservationFeed feed = provider.GetRequiredService<ObservationFeed>();
            EventSelection watchList = new() { Subtrees = [DomainName.Parse("brand.example")], Networks = [IPNetwork.Parse("192.0.2.0/24")], Patterns = ["brand-?log[i1]n"] };
            await foreach (ObservationEvent news in feed.ReadAllAsync(watchList, stop))
            {
                Console.WriteLine($"{news.Kinds}: {news.Observation.RrName} {news.Observation.Type} {news.Observation.Rdata[0]}");
            }
        }

        Task reading = ReadAsync();
        await provider.GetRequiredService<PipelineRun>().RunAsync();
        provider.GetRequiredService<ObservationFeed>().Dispose(); // ends the enumeration once all is read
        await reading;
        string[] lines = Console.ToString().Split('\n');
        Assert.Contains(lines, line => line.StartsWith("NewName, NewType, NewRecord, NewRrset, Sighting: brand-login.example. ", StringComparison.Ordinal) || line.Contains(": brand-login.example. ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("mail.brand.example. A", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("choir.example", StringComparison.Ordinal) && !line.Contains("192.0.2.", StringComparison.Ordinal));
    }

    // Not run: it would open a store in a system directory.
    private static void AddFeed(IServiceCollection services)
    {
        services.AddPassiveDns(options => options.Resolvers.Add("192.0.2.53"))
            .AddCaptureSource<MySource>()
            .UseEmbeddedStore("/var/lib/passivedns")
            .AddEvents(new FeedOptions { PublicSuffixes = PublicSuffixList.Load("/usr/share/publicsuffix/public_suffix_list.dat") });
    }
}
