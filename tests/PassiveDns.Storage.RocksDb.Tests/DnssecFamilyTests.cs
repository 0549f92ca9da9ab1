using PassiveDns.Storage.Keys;
using PassiveDns.Storage.RocksDb;
using RocksDbSharp;

namespace PassiveDns.Storage.Tests;

/// <summary>A store from before the rows of DNSSEC types had a column family gets one when it is opened for writing.</summary>
public sealed class DnssecFamilyTests : IDisposable
{
    private static readonly ObservationQuery s_everything = new(new QueryAnchor.Everything()) { Types = TypeSelection.All };

    private readonly StoreDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Rows_of_dnssec_types_are_moved_out_of_the_others_once()
    {
        string path = _directory.Next();
        List<Observation> expected;
        await using (IObservationStore store = TestedStore.Open(path))
        {
            BatchBuilder rows = new();
            for (int i = 0; i < 5_000; i++) rows.Add($"h{i}.example.com", i % 2 == 0 ? "DS" : "A", i % 2 == 0 ? $"{i} 13 99 00" : "192.0.2.1");
            await store.WriteAsync(rows.Build(1));
            expected = (await Answer.ReadAsync(store, s_everything)).Rows;
        }

        MoveBack(path);
        ObservationStoreException refusal = Assert.Throws<ObservationStoreException>(() => TestedStore.OpenReadOnly(path));
        Assert.Contains("open it once for writing", refusal.Message, StringComparison.Ordinal);
        foreach (bool again in new[] { false, true })
        {
            await using IObservationStore store = TestedStore.Open(path);
            Assert.Equal(expected, (await Answer.ReadAsync(store, s_everything)).Rows);
            Answer ordinary = await Answer.ReadAsync(store, s_everything with { Types = TypeSelection.Any, ScanBudget = 2_500 });
            Assert.Equal((2_500, Completeness.Exact), (ordinary.Rows.Count, ordinary.Completeness));
            Assert.Equal(5_000, (await store.GetStatusAsync()).Rows);
        }

        await using IObservationStore reading = TestedStore.OpenReadOnly(path);
        Assert.Equal(expected, (await Answer.ReadAsync(reading, s_everything)).Rows);
    }

    /// <summary>What an earlier version left, but for the empty family.</summary>
    private static void MoveBack(string path)
    {
        RocksDbDatabase database = RocksDbDatabase.Open(path, new(), SightingHistory.DefaultIntervalGap, isReadOnly: false);
        using (RocksDbSnapshot snapshot = new(database))
        {
            using WriteBatch batch = new();
            using (IKeyedCursor rows = snapshot.Open(KeyRange.OfPrefix(Keyspace.Dnssec, default)))
            {
                while (rows.MoveNext())
                {
                    batch.Put(rows.Key, rows.Value, database[Keyspace.Rrsets]);
                    batch.Delete(rows.Key, database[Keyspace.Dnssec]);
                }
            }

            batch.Delete("dnssec"u8, database.Meta);
            database.Write(batch);
        }

        database.Release();
    }
}
