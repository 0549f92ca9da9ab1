using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PassiveDns.Analysis;
using PassiveDns.Events;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

/// <summary>The C# of the page of PassiveDns.Analysis.</summary>
public sealed partial class ReadmeSnippets
{
    [Fact]
    public async Task Analysis()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddPassiveDns().AddPcapFile("capture.pcapng").UseEmbeddedStore("observations");
        builder.Services.AddPassiveDnsAnalysis();

        await using MemoryObservationStore reader = new();
        await Sample.ImportAsync(reader);
        using StringWriter Console = new();
        {
            AnswerStream<AddressShare> answer = new SharedAddresses(reader).Find(SharedAddressQuery.Of(IPNetwork.Parse("192.0.2.0/24")));
            await foreach (AddressShare share in answer) Console.WriteLine($"{share.Address}: {share.Degree.RegistrableDomains} domains, {share.Degree.Class}");
            Console.WriteLine(answer.Facts.Completeness);
        }

        Assert.Contains("192.0.2.80: ", Console.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("Exact", Console.ToString().Trim(), StringComparison.Ordinal);

        async Task WatchAsync(ObservationFeed feed, Lookalikes lookalikes, CancellationToken stop)
        {
            IAsyncEnumerable<DomainName> domains = feed.ReadAllAsync(new() { Kinds = ObservationEventKinds.NewDomain }, stop).Where(e => e.Domain is not null).Select(e => e.Domain!.Value);
            await foreach (Lookalike one in lookalikes.WatchAsync(domains, [DomainName.Parse("examplebank.com")], stop)) Console.WriteLine($"{one.Score:0.00} {one.Name}");
        }

        Assert.NotNull((Func<ObservationFeed, Lookalikes, CancellationToken, Task>)WatchAsync);
    }
}
