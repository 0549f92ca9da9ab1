namespace PassiveDns.Analysis;

/// <summary>
/// Finds the deviations in the records of one name. A unit (address, server, target) that was there for at most a few short episodes is brief; brief units that
/// were there together are a deviation; the others are what it is compared with.
/// </summary>
internal sealed class DeviationFinder(AnalysisOptions options, HijackOptions hijack, long intervalGap)
{
    /// <summary>What came and went more often rotates, and is no deviation.</summary>
    private const int MaxEpisodes = 3;

    private const int MaxEvidence = 4;
    private const int MaxData = 8;
    private const long Day = 86_400;
    private const long BaselineWindow = 90 * Day;
    private const long ReversionWindow = 30 * Day;

    /// <summary>Baselines that held less than half of the time are none.</summary>
    private const double MinShare = 0.5;

    /// <summary>Finds the deviations.</summary>
    /// <param name="owner">The name.</param>
    /// <param name="role">What the records are.</param>
    /// <param name="observations">Its rows, all of them.</param>
    public IEnumerable<Deviation> Find(DomainName owner, DeviationRole role, IReadOnlyList<Observation> observations)
    {
        if (observations.Count < 2) return [];
        List<Row> rows = Read(observations);
        Dictionary<InfrastructureUnit, List<TimeStretch>> brief = [];
        HashSet<InfrastructureUnit> settled = [];
        foreach ((InfrastructureUnit unit, List<TimeStretch> life) in Lives(rows))
        {
            if (Episodes(life) is { } episodes) brief.Add(unit, episodes);
            else settled.Add(unit);
        }

        // Of names that are hardly asked for, what came again is what is settled.
        if (settled.Count == 0) settled.UnionWith(brief.Where(static pair => pair.Value.Count > 1).Select(static pair => pair.Key));
        foreach (InfrastructureUnit unit in settled) brief.Remove(unit);
        if (brief.Count == 0 || settled.Count == 0) return [];
        List<Cluster> clusters = Clusters(brief);
        List<Deviation> deviations = [];
        foreach (Cluster cluster in clusters)
        {
            if (cluster.Time.Seconds <= hijack.MaxSeconds && Judge(owner, role, rows, settled, cluster, clusters.Count - 1) is { } deviation) deviations.Add(deviation);
        }

        return deviations;
    }

    private static List<Row> Read(IReadOnlyList<Observation> observations)
    {
        List<Row> rows = new(observations.Count);
        Span<byte> folded = stackalloc byte[DomainName.MaxWireLength];
        foreach (Observation observation in observations)
        {
            List<InfrastructureUnit> units = new(observation.Rdata.Length);
            foreach (Rdata rdata in observation.Rdata)
            {
                if (InfrastructureUnit.TryRead(rdata, folded, out InfrastructureUnit unit)) units.Add(unit);
            }

            if (units.Count > 0) rows.Add(new(observation, Presence.Of(observation.History), [.. units]));
        }

        return rows;
    }

    private static Dictionary<InfrastructureUnit, List<TimeStretch>> Lives(List<Row> rows)
    {
        Dictionary<InfrastructureUnit, List<TimeStretch>> lives = [];
        foreach (Row row in rows)
        {
            foreach (InfrastructureUnit unit in row.Units)
            {
                if (!lives.TryGetValue(unit, out List<TimeStretch>? life)) lives.Add(unit, life = []);
                life.AddRange(row.Presence.Stretches);
            }
        }

        return lives;
    }

    // Stretches that lie no further apart than a deviation lasts are one episode, because names are not asked for every day.
    private List<TimeStretch>? Episodes(List<TimeStretch> life)
    {
        life.Sort(static (a, b) => a.First.CompareTo(b.First));
        List<TimeStretch> episodes = [];
        foreach (TimeStretch stretch in life)
        {
            if (episodes.Count > 0 && stretch.First - episodes[^1].Last <= hijack.MaxSeconds) episodes[^1] = new(episodes[^1].First, Math.Max(episodes[^1].Last, stretch.Last));
            else episodes.Add(stretch);
            if (episodes.Count > MaxEpisodes || episodes[^1].Seconds > hijack.MaxSeconds) return null;
        }

        return episodes;
    }

    private List<Cluster> Clusters(Dictionary<InfrastructureUnit, List<TimeStretch>> brief)
    {
        List<Cluster> clusters = [];
        foreach ((InfrastructureUnit unit, TimeStretch time) in brief.SelectMany(static pair => pair.Value.Select(time => (pair.Key, time))).OrderBy(static part => part.time.First))
        {
            if (clusters.Count > 0 && time.First <= clusters[^1].Time.Last + intervalGap)
            {
                clusters[^1].Units.Add(unit);
                clusters[^1] = clusters[^1] with { Time = new(clusters[^1].Time.First, Math.Max(clusters[^1].Time.Last, time.Last)) };
            }
            else
            {
                clusters.Add(new(time, [unit]));
            }
        }

        return clusters;
    }

    private Deviation? Judge(DomainName owner, DeviationRole role, List<Row> rows, HashSet<InfrastructureUnit> settled, Cluster cluster, int otherClusters)
    {
        (long first, long last) = (cluster.Time.First, cluster.Time.Last);
        Held? best = null;
        RecordType of = default;
        foreach (RecordType type in cluster.Units.Select(static unit => unit.Type).Distinct())
        {
            if (HeldBefore(rows, settled, type, first) is not { } held || held.Worth <= (best?.Worth ?? 0)) continue;
            (best, of) = (held, type);
        }

        if (best is null) return null;
        List<Row> rogue = rows.FindAll(row => row.Units.Any(cluster.Units.Contains) && row.Presence.Overlaps(first, last) && InfrastructureUnit.IsComparable(of, row.Seen.Type));
        double distance = rogue.Count == 0 ? 0 : rogue.Max(row => DistanceOf(row, cluster.Units, best, first));
        if (distance == 0) return null;
        Presence baseline = best.Presence;
        InfrastructureUnit[] units = [.. cluster.Units.Where(unit => InfrastructureUnit.IsComparable(of, unit.Type)).OrderBy(static unit => unit.Name).ThenBy(static unit => unit.Address)];
        uint rogueTtl = LowestTtl(rogue), baseTtl = LowestTtl(best.Rows);
        return new()
        {
            Owner = owner,
            Role = role,
            Units = units,
            Interval = new(Before(baseline, first), first, last, After(baseline, last)),
            Distance = distance,
            Value = best.Worth * distance,
            Others = otherClusters + best.Operators.Count - 1,
            Baseline = new([.. best.Rows.SelectMany(static row => row.Seen.Rdata).Distinct().Take(MaxData)], best.Share, best.FirstSeen, best.Count),
            HasReverted = baseline.Overlaps(last + 1, last + ReversionWindow),
            IsOpen = !rows.Exists(row => InfrastructureUnit.IsComparable(of, row.Seen.Type) && row.Presence.Last > last),
            HasSameOperator = units.Any(unit => best.Operators.Contains(unit.OperatorAt(first, options))),
            IsOneSided = role == DeviationRole.Delegation && IsOneSided(rows, rogue, first, last),
            TtlCollapse = rogueTtl < baseTtl ? 1 - ((double)rogueTtl / baseTtl) : 0,
            Evidence = [.. rogue.Take(MaxEvidence).Select(static row => row.Seen), .. best.Rows.Take(MaxEvidence).Select(static row => row.Seen)],
        };
    }

    /// <summary>The network or operator that held most of the time before, if it held at least half of it.</summary>
    private Held? HeldBefore(List<Row> rows, HashSet<InfrastructureUnit> settled, RecordType type, long first)
    {
        List<Row> before = rows.FindAll(row => row.Presence.First < first && InfrastructureUnit.IsComparable(type, row.Seen.Type));
        long from = before.Exists(row => row.Presence.Overlaps(first - BaselineWindow, first - 1)) ? first - BaselineWindow : long.MinValue;
        Presence window = Presence.Of(from, first - 1);
        Presence active = Presence.Never;
        Dictionary<UnitOperator, Presence> operators = [];
        foreach (Row row in before)
        {
            Presence there = row.Presence.Intersect(window);
            active = active.Unite(there);
            foreach (UnitOperator one in row.Units.Where(settled.Contains).Select(unit => unit.OperatorAt(row.Presence.First, options)).Distinct())
                operators[one] = operators.GetValueOrDefault(one, Presence.Never).Unite(there);
        }

        (UnitOperator best, Presence held) = operators.OrderByDescending(static pair => pair.Value.Seconds).ThenBy(static pair => pair.Value.IsEmpty ? long.MaxValue : pair.Value.First).FirstOrDefault(new KeyValuePair<UnitOperator, Presence>(default, Presence.Never));
        double share = held.IsEmpty ? 0 : (double)held.Seconds / active.Seconds;
        if (share < MinShare) return null;
        List<Row> its = before.FindAll(row => row.Units.Any(unit => settled.Contains(unit) && unit.OperatorAt(row.Presence.First, options) == best));
        Presence presence = Presence.Of(its.SelectMany(static row => row.Presence.Stretches));
        long count = 0;
        foreach (SightingInterval interval in its.SelectMany(static row => row.Seen.History.Intervals))
        {
            if (interval.First < first) count = SightingMerge.AddCounts(count, interval.Count);
        }

        double age = Math.Min(1, (first - presence.First) / hijack.BaselineAge.TotalSeconds);
        return new([.. operators.Keys], [.. before.SelectMany(static row => row.Units).Where(settled.Contains)], its, presence, share, presence.First, count, share * age * count / (count + 3.0));
    }

    private double DistanceOf(Row row, HashSet<InfrastructureUnit> brief, Held held, long at)
    {
        double most = 0;
        int departed = 0;
        foreach (InfrastructureUnit unit in row.Units)
        {
            if (!brief.Contains(unit)) continue;
            departed++;
            most = Math.Max(most, DistanceOf(unit, held, at));
        }

        return most * departed / row.Units.Length;
    }

    private double DistanceOf(InfrastructureUnit unit, Held held, long at)
    {
        if (unit.IsAddress && held.Units.Any(other => other.IsAddress && other.Prefix == unit.Prefix)) return 0.25;
        return held.Operators.Contains(unit.OperatorAt(at, options)) ? 0.5 : 1;
    }

    private static bool IsOneSided(List<Row> rows, List<Row> rogue, long first, long last)
    {
        bool parent = rogue.Exists(static row => row.IsParentSide), apex = rogue.Exists(static row => !row.IsParentSide);
        return parent != apex && rows.Exists(row => row.IsParentSide != parent && row.Presence.Overlaps(first, last));
    }

    private static uint LowestTtl(List<Row> rows) => rows.Count == 0 ? uint.MaxValue : rows.Min(static row => row.Seen.History.MinTimeToLive ?? uint.MaxValue);

    // Within one interval no silence was longer than the gap, so that the baseline was seen at least so shortly before and after.
    private long? Before(Presence baseline, long first)
    {
        long? before = null;
        foreach (TimeStretch stretch in baseline.Stretches)
        {
            if (stretch.First >= first) break;
            before = stretch.Last < first ? stretch.Last : Math.Max(stretch.First, first - intervalGap);
        }

        return before;
    }

    private long? After(Presence baseline, long last)
    {
        foreach (TimeStretch stretch in baseline.Stretches)
        {
            if (stretch.Last > last) return stretch.First > last ? stretch.First : Math.Min(stretch.Last, last + intervalGap);
        }

        return null;
    }

    private sealed record Row(Observation Seen, Presence Presence, InfrastructureUnit[] Units)
    {
        public bool IsParentSide => Seen.Bailiwick != Seen.RrName;
    }

    private sealed record Cluster(TimeStretch Time, HashSet<InfrastructureUnit> Units);

    private sealed record Held(
        HashSet<UnitOperator> Operators, HashSet<InfrastructureUnit> Units, List<Row> Rows, Presence Presence, double Share, long FirstSeen, long Count, double Worth);
}
