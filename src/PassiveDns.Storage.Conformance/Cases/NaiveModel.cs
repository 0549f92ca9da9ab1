using System.Collections.Immutable;

namespace PassiveDns.Storage.Conformance;

/// <summary>What a store should answer, written as plainly as can be: lists, strings and LINQ, no keys and no packed forms.</summary>
internal sealed class NaiveModel(long gap)
{
    private readonly List<Seen> _seen = [];
    private readonly HashSet<BatchId> _applied = [];

    public bool Apply(BatchId id, IEnumerable<Seen> rows)
    {
        if (!_applied.Add(id)) return false;
        _seen.AddRange(rows);
        return true;
    }

    public string[] Answer(ObservationQuery query)
    {
        bool isSingle = query.Anchor is QueryAnchor.Target or QueryAnchor.AddressRange or QueryAnchor.RawRdata;
        IEnumerable<Seen> rows = isSingle ? _seen.SelectMany(row => row.Rdata.Select(one => row with { Rdata = [one] })) : _seen;
        return
        [
            .. rows.Where(row => InAnchor(query.Anchor, row) && InFilter(query, row))
                .GroupBy(row => (row.Name, row.Type, row.BailiwickLabels, row.Provenance, Data: string.Join('|', row.Rdata.Order())))
                .Select(group => (group.Key, Life: Merge([.. group])))
                .Where(row => InTime(query, row.Life.Intervals, row.Life.Witnesses.Length))
                .Select(row => $"{row.Key} {row.Life.Text}")
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>A row of a store in the form of this model.</summary>
    public static string Text(Observation row)
    {
        string data = string.Join('|', row.Rdata.Select(rdata => rdata.ToString()).Order());
        return $"{(row.RrName.ToString(), RecordTypeNames.Format(row.Type), row.Bailiwick.LabelCount, row.Provenance, Data: data)} "
            + Text([.. row.History.Intervals.Select(i => (i.First, i.Last, i.Count))], row.History.MinTimeToLive!.Value, row.History.MaxTimeToLive!.Value, [.. row.History.Witnesses]);
    }

    private (List<(long First, long Last, long Count)> Intervals, uint[] Witnesses, string Text) Merge(Seen[] rows)
    {
        List<(long First, long Last, long Count)> intervals = [];
        foreach (Seen row in rows.OrderBy(row => row.First))
        {
            if (intervals.Count > 0 && row.First - intervals[^1].Last <= gap)
            {
                intervals[^1] = (intervals[^1].First, Math.Max(intervals[^1].Last, row.Last), intervals[^1].Count + row.Count);
            }
            else
            {
                intervals.Add((row.First, row.Last, row.Count));
            }
        }

        uint[] witnesses = [.. rows.Select(row => new SensorId(row.Sensor).Fingerprint).Distinct().Order().Take(8)];
        return (intervals, witnesses, Text(intervals, rows.Min(row => row.Ttl), rows.Max(row => row.Ttl), witnesses));
    }

    private static string Text(List<(long First, long Last, long Count)> intervals, uint min, uint max, uint[] witnesses) =>
        $"{string.Join(' ', intervals)} ttl {min}-{max} by {string.Join(' ', witnesses)}";

    private static bool InFilter(ObservationQuery query, Seen row)
    {
        RecordType type = BatchBuilder.Type(row.Type);
        bool typeMatches = query.Types.Selection switch
        {
            TypeSelection.Kind.Any => query.Anchor is QueryAnchor.RawRdata || row.Type is not ("DS" or "RRSIG"),
            TypeSelection.Kind.Listed => query.Types.Types.Contains(type),
            _ => true,
        };
        string[] labels = row.Name.TrimEnd('.').Split('.');
        string bailiwick = string.Join('.', labels[^row.BailiwickLabels..]) + ".";
        return typeMatches && (query.Provenance.ToString() == "All" || row.Provenance is Provenance.VerifiedTraffic or Provenance.ZoneFile)
            && (query.Bailiwick is null || query.Bailiwick.Value.ToString() == bailiwick);
    }

    private static bool InTime(ObservationQuery query, List<(long First, long Last, long Count)> life, int witnesses)
    {
        TimeFilter time = query.Time;
        (long first, long last) = (life[0].First, life.Max(i => i.Last));
        return witnesses >= query.MinWitnesses
            && first <= (time.FirstBefore ?? long.MaxValue) && first >= (time.FirstAfter ?? 0)
            && last <= (time.LastBefore ?? long.MaxValue) && last >= (time.LastAfter ?? 0)
            && (time.Present is null || life.Any(i => i.Last >= time.Present.Value.From && i.First <= time.Present.Value.To))
            && (query.Anchor is not QueryAnchor.FirstSeen seen || (first >= seen.From && first <= seen.To))
            && (query.Anchor is not QueryAnchor.Changed change || life.SelectMany(i => new[] { i.First, i.Last }).Any(time => time >= change.From && time <= change.To));
    }

    private static bool InAnchor(QueryAnchor anchor, Seen row)
    {
        switch (anchor)
        {
            case QueryAnchor.OwnerName owner:
                return row.Name == owner.Name.ToString();
            case QueryAnchor.Subtree subtree:
                return IsUnder(row.Name, subtree.Apex.ToString());
            case QueryAnchor.NamePrefix prefix:
                return row.Name.StartsWith(prefix.Labels.ToString(), StringComparison.Ordinal);
            case QueryAnchor.Target target:
                string? points = row.Type switch { "NS" or "CNAME" => row.Rdata[0], "MX" => row.Rdata[0].Split(' ')[1], _ => null };
                return points is not null && (points == target.Name.ToString() || (target.IncludeSubtree && IsUnder(points, target.Name.ToString())));
            case QueryAnchor.AddressRange range:
                if (row.Type is not "A") return false;
                HostAddress address = HostAddress.From(System.Net.IPAddress.Parse(row.Rdata[0]));
                return address >= range.First && address <= range.Last;
            case QueryAnchor.RawRdata raw:
                if (BatchBuilder.Type(row.Type) != raw.Type) return false;
                string mine = Convert.ToHexString(BatchBuilder.Rdata(row.Type, row.Rdata[0])), wanted = Convert.ToHexString(raw.Octets.Span);
                return raw.IsPrefix ? mine.StartsWith(wanted, StringComparison.Ordinal) : mine == wanted;
            default:
                return true;
        }
    }

    private static bool IsUnder(string name, string apex) => name == apex || name.EndsWith("." + apex, StringComparison.Ordinal);

    /// <summary>One row of one batch.</summary>
    public sealed record Seen(
        string Name, string Type, int BailiwickLabels, Provenance Provenance, ImmutableArray<string> Rdata, long First, long Last, long Count, uint Ttl, string Sensor);
}
