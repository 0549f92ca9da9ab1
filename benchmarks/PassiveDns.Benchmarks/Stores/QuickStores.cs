using System.Diagnostics;
using System.Text.Json;
using PassiveDns.Benchmarks.Measuring;
using PassiveDns.Benchmarks.Pipeline;
using PassiveDns.Storage;
using PassiveDns.Storage.Embedded;
using PassiveDns.Storage.Keys;
using PassiveDns.Storage.Memory;
using PassiveDns.Storage.RocksDb;

namespace PassiveDns.Benchmarks.Stores;

/// <summary>
/// The batches of one capture written to each store, then look-ups of several kinds: a JSON line a store. Writing is timed for the whole
/// process, with what the store does in the background, until everything is written out and merged; a look-up reads its answer to the end.
/// Each store is filled twice, since the first time the process compiles; that time is told by itself.
/// A row is a record as batches deliver it (name, type, bailiwick, provenance, rdata); octets are counted per distinct one.
/// </summary>
internal static class QuickStores
{
    private static readonly TimeSpan s_warming = TimeSpan.FromSeconds(.5);
    private const int MostRows = 10_000; // an answer; as much as DNSDB gives when nothing is said

    private static readonly TimeSpan s_mostTime = TimeSpan.FromSeconds(2); // of one kind of question, twice: a store without an index for it walks over everything

    public static async Task RunAsync(BenchmarkOptions options)
    {
        string path = options.Capture ?? SampleCapture.Find();
        List<ObservationBatch> batches = [];
        await new ImportRun(path, options.Hints).RunAsync(batches.Add).ConfigureAwait(false);
        StoreQuestions questions = StoreQuestions.From(batches);
        if (options.Questions is { } file) questions.Save(file);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pdns-stores-");
        (string Name, Func<string, IObservationStore> Open)[] stores =
        [
            ("memory", static _ => new MemoryObservationStore()),
            ("rocksdb", directory => RocksDbObservationStore.Open(directory)),
            ("embedded", directory => EmbeddedObservationStore.Open(directory)),
        ];
        try
        {
            foreach ((string name, Func<string, IObservationStore> open) in stores)
            {
                if (options.Only?.Contains(name) == false) continue;
                double firstCpu = await FillAsync(open(Path.Combine(folder.FullName, name + "-first")), batches).ConfigureAwait(false);
                GC.Collect();
                await MeasureAsync(name, path, batches, questions, () => open(Path.Combine(folder.FullName, name)), firstCpu).ConfigureAwait(false);
                GC.Collect();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Console.Error.WriteLine($"load {MachineLoad.LastMinute}, {Environment.ProcessorCount} processors");
    }

    /// <summary>Fills a store that is not asked anything: what a process pays once, compiling above all, is paid here.</summary>
    /// <returns>CPU seconds.</returns>
    private static async Task<double> FillAsync(IObservationStore store, List<ObservationBatch> batches)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        foreach (ObservationBatch batch in batches) await store.WriteAsync(batch).ConfigureAwait(false);
        if (store is IStoreMaintenance files) await files.CompactAsync().ConfigureAwait(false);
        double seconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        await store.DisposeAsync().ConfigureAwait(false);
        return seconds;
    }

    private static async Task MeasureAsync(
        string store, string path, List<ObservationBatch> batches, StoreQuestions questions, Func<IObservationStore> open, double firstCpu)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long clock = Stopwatch.GetTimestamp();
        IObservationStore target = open();
        foreach (ObservationBatch batch in batches) await target.WriteAsync(batch).ConfigureAwait(false);
        double writeSeconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        Console.Error.WriteLine($"{store}: written in {writeSeconds:F0} s");
        double acknowledgedCpu = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        Dictionary<string, Latency> unsettled = await AskAsync(target, questions).ConfigureAwait(false);
        cpu = Environment.CpuUsage.TotalTime - TimeSpan.FromSeconds(acknowledgedCpu);
        if (target is IStoreMaintenance files) await files.CompactAsync().ConfigureAwait(false);
        double settledCpu = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        Console.Error.WriteLine($"{store}: merged after {Stopwatch.GetElapsedTime(clock).TotalSeconds:F0} s");
        Dictionary<string, Latency> settled = await AskAsync(target, questions).ConfigureAwait(false);
        double reopen = 0;
        if (target is not MemoryObservationStore)
        {
            await target.DisposeAsync().ConfigureAwait(false);
            clock = Stopwatch.GetTimestamp();
            target = open();
            reopen = Stopwatch.GetElapsedTime(clock).TotalMilliseconds;
        }

        Dictionary<string, Latency> first = await AskAsync(target, questions, once: true).ConfigureAwait(false); // nothing is in the store's own memory yet
        long records = CountRecords(batches), distinct = CountDistinct((IKeyedReader)target);
        StoreStatus status = await target.GetStatusAsync().ConfigureAwait(false);
        Dictionary<string, Latency> busy = await AskWhileWritingAsync(target, batches, questions).ConfigureAwait(false);
        await target.DisposeAsync().ConfigureAwait(false);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            store,
            capture = Path.GetFileName(path),
            rows = records,
            distinct,
            rows_per_cpu_s = Math.Round(records / settledCpu),
            cpu_s = Math.Round(settledCpu, 2),
            cpu_s_first_time = Math.Round(firstCpu, 2),
            cpu_s_until_acknowledged = Math.Round(acknowledgedCpu, 2),
            write_s = Math.Round(writeSeconds, 2),
            bytes_per_row = Math.Round((double)status.Bytes / distinct, 1),
            reopen_ms = Math.Round(reopen),
            p50_us = settled.ToDictionary(kind => kind.Key, kind => kind.Value.P50),
            p99_us = settled.ToDictionary(kind => kind.Key, kind => kind.Value.P99),
            p50_us_first = first.ToDictionary(kind => kind.Key, kind => kind.Value.P50),
            p50_us_while_writing = busy.ToDictionary(kind => kind.Key, kind => kind.Value.P50),
            p50_us_before_settling = unsettled.ToDictionary(kind => kind.Key, kind => kind.Value.P50),
            us_per_row = settled.ToDictionary(kind => kind.Key, kind => kind.Value.PerRow),
            answered = settled.ToDictionary(kind => kind.Key, kind => kind.Value.Rows),
        }));
    }

    /// <summary>The same questions while the same rows come in once more, under ids of another import, for as long as the questions last.</summary>
    private static async Task<Dictionary<string, Latency>> AskWhileWritingAsync(IObservationStore store, List<ObservationBatch> batches, StoreQuestions questions)
    {
        using CancellationTokenSource enough = new();
        Task writing = Task.Run(async () =>
        {
            for (ulong epoch = 1; ; epoch++)
            {
                foreach (ObservationBatch batch in batches)
                {
                    if (enough.IsCancellationRequested) return;
                    await store.WriteAsync(new(new(batch.Id.Sensor, batch.Id.Epoch + epoch, batch.Id.Sequence), batch.Rows)).ConfigureAwait(false);
                }
            }
        });
        Dictionary<string, Latency> latencies = await AskAsync(store, questions).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        await writing.ConfigureAwait(false);
        return latencies;
    }

    private static async Task<Dictionary<string, Latency>> AskAsync(IObservationStore store, StoreQuestions questions, bool once = false)
    {
        Dictionary<string, Latency> latencies = [];
        foreach ((string kind, QueryAnchor[] anchors) in questions.Kinds)
        {
            List<double> microseconds = [];
            long rows = 0;
            long begin = Stopwatch.GetTimestamp();
            for (int round = once ? 1 : 0; round < 2 || (!once && Stopwatch.GetElapsedTime(begin) < s_warming); round++) // what comes before the last one warms up
            {
                microseconds.Clear();
                rows = 0;
                long begun = Stopwatch.GetTimestamp();
                foreach (QueryAnchor anchor in anchors)
                {
                    if (Stopwatch.GetElapsedTime(begun) > s_mostTime) break;
                    long start = Stopwatch.GetTimestamp();
                    await foreach (RecordPage page in store.ReadAsync(new(anchor) { Provenance = ProvenanceSelection.All, Limit = MostRows }).ConfigureAwait(false)) rows += page.Rows.Count;
                    microseconds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                }
            }

            double sum = microseconds.Sum();
            microseconds.Sort();
            latencies[kind] = new(
                Math.Round(microseconds[microseconds.Count / 2], 1), Math.Round(microseconds[microseconds.Count * 99 / 100], 1), rows == 0 ? 0 : Math.Round(sum / rows, 2), rows);
        }

        return latencies;
    }

    private static long CountRecords(List<ObservationBatch> batches)
    {
        long records = 0;
        foreach (ObservationBatch batch in batches)
        {
            foreach (ObservationRow row in batch.Rows)
            {
                foreach (ReadOnlySpan<byte> _ in row.Rdata) records++;
            }
        }

        return records;
    }

    private static long CountDistinct(IKeyedReader store)
    {
        long distinct = 0;
        using IKeyedSnapshot snapshot = store.OpenSnapshot();
        foreach (Keyspace space in (Keyspace[])[Keyspace.Addresses, Keyspace.Targets, Keyspace.Rdata])
        {
            using IKeyedCursor cursor = snapshot.Open(KeyRange.OfPrefix(space, default));
            while (cursor.MoveNext()) distinct++;
        }

        return distinct;
    }

    private readonly record struct Latency(double P50, double P99, double PerRow, long Rows);
}
