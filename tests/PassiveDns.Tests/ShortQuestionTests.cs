using System.Net;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

/// <summary>The short questions say the same as the queries that stand behind them, and the answers are those of the sample world.</summary>
public sealed class ShortQuestionTests
{
    [Fact]
    public async Task Each_asks_what_its_name_says()
    {
        await using MemoryObservationStore store = new();
        await Sample.ImportAsync(store);
        Assert.Equal(["192.0.2.80", "198.51.100.80"], await ReadAsync(store.FindNameAsync("www.example.com", RecordType.A)));
        Assert.Contains("2001:db8:a::80", await ReadAsync(store.FindNameAsync("www.example.com")));
        Assert.Equal(
            await ReadAsync(store.FindAsync(new(new QueryAnchor.Subtree(DomainName.Parse("example.com"))) { Types = TypeSelection.Of(RecordType.MX) })),
            await ReadAsync(store.FindSubtreeAsync("example.com", RecordType.MX)));
        Assert.NotEmpty(await ReadAsync(store.FindSubtreeAsync("example.com", RecordType.MX)));
        Assert.All(await ReadAsync(store.FindAddressAsync(IPAddress.Parse("192.0.2.80"))), data => Assert.Equal("192.0.2.80", data));
        Assert.Contains("192.0.2.80", await ReadAsync(store.FindNetworkAsync(IPNetwork.Parse("192.0.2.80/30"))));
        Assert.All(await ReadAsync(store.FindTargetAsync("ns1.harbourhost.example", RecordType.NS)), data => Assert.Equal("ns1.harbourhost.example.", data));
        Assert.Throws<FormatException>(() => store.FindNameAsync("a..b"));
    }

    private static async Task<List<string>> ReadAsync(IAsyncEnumerable<Observation> rows)
    {
        List<string> data = [];
        await foreach (Observation row in rows) data.AddRange(row.Rdata.Select(r => r.ToString()));
        Assert.NotEmpty(data);
        return [.. data.Distinct().Order(StringComparer.Ordinal)];
    }
}
