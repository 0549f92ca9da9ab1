using System.Globalization;
using System.Text.Json;
using PassiveDns.Analysis;
using PassiveDns.Benchmarks.Measuring;
using PassiveDns.Storage;
using PassiveDns.Storage.Embedded;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Benchmarks.Hijacks;

/// <summary>
/// How well hijacks are found that were put into clean histories: a JSON line for each world, with and without knowledge of networks. What no sensor saw cannot be
/// found; recall is of what was seen at least once.
/// </summary>
internal static class QuickHijacks
{
    private const int DefaultDomains = 40_000;
    private const int Injected = 100;

    private static readonly int[] s_ranks = [10, 50, 100, 200, 500, 1000];
    private static readonly double[] s_recalls = [0.5, 0.8, 0.9, 0.95];

    public static async Task RunAsync(BenchmarkOptions options)
    {
        int[] numbers = [.. options.Rest.Select(static text => int.Parse(text, CultureInfo.InvariantCulture))];
        int domains = numbers.Length > 0 ? numbers[0] : DefaultDomains;
        foreach (int seed in numbers.Length > 1 ? numbers[1..] : [1, 2, 3])
        {
            DirectoryInfo? folder = options.Only?.Contains("embedded") == true ? Directory.CreateTempSubdirectory("pdns-hijacks-") : null;
            try
            {
                await MeasureAsync(new(seed, domains, Injected), seed, folder).ConfigureAwait(false);
            }
            finally
            {
                folder?.Delete(recursive: true);
            }
        }

        Console.Error.WriteLine($"load {MachineLoad.LastMinute}, {Environment.ProcessorCount} processors");
    }

    private static async Task MeasureAsync(SimulatedWorld world, int seed, DirectoryInfo? folder)
    {
        IObservationStore store = folder is null ? new MemoryObservationStore() : EmbeddedObservationStore.Open(folder.FullName);
        await world.WriteAsync(store).ConfigureAwait(false);
        using StringReader networks = new(SimulatedHosters.Networks);
        AddressTable table = AddressTable.Read(networks);
        await MeasureAsync(seed, world, store, null).ConfigureAwait(false);
        await MeasureAsync(seed, world, store, table).ConfigureAwait(false);
        await store.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task MeasureAsync(int seed, SimulatedWorld world, IObservationStore store, AddressTable? networks)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        global::PassiveDns.Analysis.Hijacks hijacks = new(store, new() { Enrichment = networks });
        HijackQuery query = new() { Kinds = [HijackKind.DelegationHijack, HijackKind.RecordHijack], Most = int.MaxValue };
        AnswerStream<HijackSuspect> answer = hijacks.Find(query);
        List<HijackSuspect> suspects = [];
        await foreach (HijackSuspect suspect in answer.ConfigureAwait(false)) suspects.Add(suspect);
        double seconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        StoreStatus status = await store.GetStatusAsync().ConfigureAwait(false);

        Dictionary<DomainName, InjectedHijack> seen = world.Injected.Where(hijack => hijack.Sightings > 0).ToDictionary(hijack => hijack.Domain);
        Ranking all = Rank(suspects, seen, null);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            seed,
            networks = networks is not null,
            names = world.Names,
            rows = status.Rows,
            injected = world.Injected.Count,
            seen = seen.Count,
            seen_delegations = seen.Values.Count(hijack => hijack.IsDelegation),
            suspects = suspects.Count,
            completeness = answer.Facts.Completeness.ToString(),
            recall_at = s_ranks.ToDictionary(k => k, k => Math.Round(all.RecallAt(k), 3)),
            recall_at_of_delegations = s_ranks.ToDictionary(k => k, k => Math.Round(Rank(suspects, Only(seen, isDelegation: true), null).RecallAt(k), 3)),
            recall_at_of_records = s_ranks.ToDictionary(k => k, k => Math.Round(Rank(suspects, Only(seen, isDelegation: false), null).RecallAt(k), 3)),
            false_per_million_names = s_recalls.ToDictionary(recall => recall, recall => all.FalseAt(recall) is { } found ? Math.Round(found * 1e6 / world.Names) : (double?)null),
            average_precision = Math.Round(all.AveragePrecision, 3),
            without = Enum.GetValues<HijackIndicatorKind>().Where(kind => suspects.Exists(s => s.Indicators.Any(i => i.Kind == kind))).ToDictionary(kind => kind.ToString(), kind => Rank(suspects, seen, kind)).ToDictionary(
                pair => pair.Key, pair => new { average_precision = Math.Round(pair.Value.AveragePrecision, 3), recall_at_100 = Math.Round(pair.Value.RecallAt(100), 3) }),
            store = status.Kind,
            store_mb = status.Bytes >> 20,
            heap_mb = GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes >> 20,
            cpu_s = Math.Round(seconds, 1),
            rows_read = answer.Facts.RowsRead,
        }));
    }

    private static Dictionary<DomainName, InjectedHijack> Only(Dictionary<DomainName, InjectedHijack> seen, bool isDelegation) =>
        seen.Where(pair => pair.Value.IsDelegation == isDelegation).ToDictionary();

    // Scores are sums, so leaving a term out ranks the same suspects as if its weight were 0. A second suspect for the same hijack neither counts as found nor as false.
    private static Ranking Rank(List<HijackSuspect> suspects, Dictionary<DomainName, InjectedHijack> seen, HijackIndicatorKind? without)
    {
        HashSet<DomainName> found = [];
        List<bool> hits = [];
        foreach (HijackSuspect suspect in suspects.OrderByDescending(s => s.Indicators.Where(i => i.Kind != without).Sum(i => i.Contribution)))
        {
            bool isOne = seen.TryGetValue(suspect.RegistrableDomain, out InjectedHijack? hijack) && suspect.Interval.FirstSeen <= hijack.To && suspect.Interval.LastSeen >= hijack.From;
            if (!isOne) hits.Add(false);
            else if (found.Add(suspect.RegistrableDomain)) hits.Add(true);
        }

        return new(hits, seen.Count);
    }

    private sealed record Ranking(List<bool> Hits, int Wanted)
    {
        public double RecallAt(int rank) => (double)Hits.Take(rank).Count(hit => hit) / Wanted;

        public double AveragePrecision
        {
            get
            {
                double sum = 0;
                for (int i = 0, found = 0; i < Hits.Count; i++)
                {
                    if (Hits[i]) sum += (double)++found / (i + 1);
                }

                return sum / Wanted;
            }
        }

        /// <summary>How many false suspects rank above the one that completes a recall, or <c>null</c> if it is never reached.</summary>
        public int? FalseAt(double recall)
        {
            int needed = (int)Math.Ceiling(recall * Wanted), found = 0;
            for (int i = 0; i < Hits.Count; i++)
            {
                if (Hits[i] && ++found == needed) return i + 1 - needed;
            }

            return null;
        }
    }
}
