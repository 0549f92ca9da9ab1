using FsCheck.Xunit;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Storage.Tests;

/// <summary>Streams of many sensors give the same store however they arrive: late, reordered, twice, split into other batches.</summary>
public sealed class SensorStreamTests
{
    private static readonly string[] s_sensors = ["ams", "fra", "lhr", "nrt", "iad"];

    [Property(MaxTest = 150, Replay = "(11,13)")]
    public void The_store_does_not_depend_on_how_batches_arrive(int seed)
    {
        System.Random random = new(seed);
        List<Sight> sights = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => Sight.Any(random))];
        string[] expected = Read(sights.Select((sight, i) => Batch([sight], sight.Sensor, 1, (ulong)i + 1)));

        // The same sightings in other batches, some of them twice, in any order; a sensor that was started again has another epoch.
        List<ObservationBatch> batches = [];
        foreach (IGrouping<string, Sight> sensor in sights.GroupBy(sight => sight.Sensor))
        {
            Sight[] own = [.. sensor];
            random.Shuffle(own);
            ulong sequence = 0;
            for (int at = 0; at < own.Length;)
            {
                int length = random.Next(1, own.Length - at + 1);
                batches.Add(Batch(own.AsSpan(at, length), sensor.Key, 1 + (ulong)random.Next(2), ++sequence));
                at += length;
            }
        }

        batches.AddRange(batches.Where(_ => random.Next(3) == 0).ToArray());
        ObservationBatch[] arrived = [.. batches];
        random.Shuffle(arrived);
        Assert.Equal(expected, Read(arrived));
    }

    private static string[] Read(IEnumerable<ObservationBatch> batches)
    {
        using MemoryStoreScope scope = new();
        foreach (ObservationBatch batch in batches) scope.Store.WriteAsync(batch).AsTask().GetAwaiter().GetResult();
        List<Observation> rows = Answer.ReadAsync(scope.Store, new ObservationQuery(new QueryAnchor.Everything()) { Provenance = ProvenanceSelection.All }).GetAwaiter().GetResult().Rows;
        return [.. rows.Select(row => $"{Answer.Text(row)} {row.Bailiwick} {row.Provenance} {string.Join(' ', row.History.Intervals)} {string.Join(' ', row.History.Witnesses)} "
            + $"{row.History.MinTimeToLive} {row.History.MaxTimeToLive}")];
    }

    private static ObservationBatch Batch(ReadOnlySpan<Sight> sights, string sensor, ulong epoch, ulong sequence)
    {
        BatchBuilder builder = new(sensor, epoch);
        foreach (Sight sight in sights)
        {
            builder.Add(sight.Name, "A", sight.Address, sight.First, sight.Last, sight.Count, provenance: sight.Provenance, ttl: sight.TimeToLive);
        }

        return builder.Build(sequence);
    }

    private sealed record Sight(string Sensor, string Name, string Address, long First, long Last, long Count, Provenance Provenance, uint TimeToLive)
    {
        public static Sight Any(System.Random random)
        {
            long first = 1_700_000_000 + random.Next(40) * 43_200L; // half days, so that some gaps are just as long as the store's
            return new(
                s_sensors[random.Next(s_sensors.Length)], $"n{random.Next(4)}.example.com", $"192.0.2.{random.Next(2)}", first, first + random.Next(3) * 3600L,
                random.Next(1, 100), (Provenance)random.Next(1, 7), (uint)random.Next(1, 4) * 100);
        }
    }

    private sealed class MemoryStoreScope : IDisposable
    {
        public MemoryObservationStore Store { get; } = new();

        public void Dispose() => Store.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
