using PassiveDns.Storage.Keys;
using PassiveDns.Storage.Tests;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>Rows of DNSSEC types stand apart: who does not ask for them does not walk over them.</summary>
public sealed class EmbeddedDnssecTests : IDisposable
{
    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Ordinary_questions_look_at_no_signature()
    {
        await using EmbeddedObservationStore store = EmbeddedObservationStore.Open(_directory.Next());
        BatchBuilder rows = new();
        for (int i = 0; i < 100; i++) rows.Add("example.com", "DS", $"{i} 13 2 3A2C7E62E7AC0FD4A6AC6F6C6B7E7D0C2CC65F7E9B0D7AB26B1E47E2A3CC0E8F", bailiwick: "com");
        await store.WriteAsync(rows.Add("example.com", "TXT", "\"one\"").Add("www.example.com", "A", "192.0.2.1").Build(1));
        foreach (bool compacted in new[] { false, true })
        {
            if (compacted) await store.CompactAsync();
            foreach (QueryAnchor anchor in new QueryAnchor[] { new QueryAnchor.Subtree(DomainName.Parse("example.com")), new QueryAnchor.Everything() })
            {
                Answer ordinary = await Answer.ReadAsync(store, new ObservationQuery(anchor) { ScanBudget = 2 });
                Assert.Equal((2, Completeness.Exact), (ordinary.Rows.Count, ordinary.Completeness));
                Answer signed = await Answer.ReadAsync(store, new ObservationQuery(anchor) { Types = TypeSelection.AnyDnssec, ScanBudget = 100 });
                Assert.Equal((100, Completeness.Exact), (signed.Rows.Count, signed.Completeness));
            }
        }

        StoreStatistics statistics = await store.GetStatisticsAsync();
        Assert.Equal((2, 100), (statistics.Keyspaces[(int)Keyspace.Rrsets - 1].Entries, statistics.Keyspaces[(int)Keyspace.Dnssec - 1].Entries));
        RetentionPolicy all = RetentionPolicy.OfAge(TimeSpan.Zero);
        RemovalReport gone = await store.RetainAsync(all, DateTimeOffset.FromUnixTimeSeconds(2_000_000));
        Assert.Equal((102, 102), (gone.Rows, gone.Removed));
        Assert.Equal(0, (await store.GetStatusAsync()).Rows);
    }
}
