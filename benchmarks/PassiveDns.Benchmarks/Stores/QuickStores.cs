using System.Diagnostics;
using System.Text.Json;
using PassiveDns.Benchmarks.Measuring;
using PassiveDns.Benchmarks.Pipeline;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;
using PassiveDns.Storage.RocksDb;

namespace PassiveDns.Benchmarks.Stores;

/// <summary>
/// The batches of one capture written to each store, then look-ups by exact owner name: a JSON line a store. Writing is timed for the whole
/// process, with whatever the store does in the background; a look-up reads its answer to the end.
/// </summary>
internal static class QuickStores
{
    private const int Lookups = 5000;

    public static async Task RunAsync(BenchmarkOptions options)
    {
        string path = options.Capture ?? SampleCapture.Find();
        List<ObservationBatch> batches = [];
        await new ImportRun(path, options.Hints).RunAsync(batches.Add).ConfigureAwait(false);
        DomainName[] names = Sample(batches);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pdns-stores-");
        try
        {
            await MeasureAsync("memory", path, batches, names, static () => new MemoryObservationStore()).ConfigureAwait(false);
            await MeasureAsync("rocksdb", path, batches, names, () => RocksDbObservationStore.Open(Path.Combine(folder.FullName, "rocksdb"))).ConfigureAwait(false);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Console.Error.WriteLine($"load {MachineLoad.LastMinute}, {Environment.ProcessorCount} processors");
    }

    private static async Task MeasureAsync(
        string store, string path, List<ObservationBatch> batches, DomainName[] names, Func<IObservationStore> open)
    {
        await using IObservationStore target = open();
        long rows = batches.Sum(static b => (long)b.Rows.Count);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long clock = Stopwatch.GetTimestamp();
        foreach (ObservationBatch batch in batches) await target.WriteAsync(batch).ConfigureAwait(false);
        double writeSeconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        double writeCpu = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;

        List<double> microseconds = [];
        long found = 0;
        for (int i = -names.Length / 5; i < names.Length; i++) // the first ones warm up
        {
            long start = Stopwatch.GetTimestamp();
            ObservationQuery query = new(new QueryAnchor.OwnerName(names[Math.Abs(i)])) { Provenance = ProvenanceSelection.All };
            int answer = 0;
            await foreach (RecordPage page in target.ReadAsync(query).ConfigureAwait(false)) answer += page.Rows.Count;
            if (i < 0) continue;
            microseconds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            found += answer;
        }

        microseconds.Sort();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            store,
            capture = Path.GetFileName(path),
            rows,
            writeNs = Math.Round(writeCpu * 1e9 / Math.Max(1, rows)), // CPU nanoseconds a row
            writeSeconds = Math.Round(writeSeconds, 3),
            lookups = names.Length,
            lookupRows = found,
            p50us = Math.Round(microseconds[microseconds.Count / 2], 1),
            p99us = Math.Round(microseconds[microseconds.Count * 99 / 100], 1),
        }));
    }

    private static DomainName[] Sample(List<ObservationBatch> batches)
    {
        HashSet<DomainName> names = [];
        foreach (ObservationBatch batch in batches)
        {
            foreach (ObservationRow row in batch.Rows)
            {
                if (DomainName.TryFromWire(row.RrName, out DomainName name)) names.Add(name);
            }
        }

        DomainName[] all = [.. names];
        new Random(1).Shuffle(all);
        return all.Length > Lookups ? all[..Lookups] : all;
    }
}
