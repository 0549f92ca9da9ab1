using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Makes tracks of rows of one owner name.</summary>
/// <param name="gapSeconds">The silence that the store joins over.</param>
/// <param name="negatives">What servers said is not there, or <c>null</c>.</param>
internal sealed class TrackRows(long gapSeconds, NegativeTable? negatives)
{
    private readonly Dictionary<(RecordType, DomainName Zone), List<Observation>> _rows = [];

    /// <summary>Takes a row.</summary>
    public void Add(Observation row)
    {
        (RecordType, DomainName) key = (row.Type, row.Bailiwick);
        if (!_rows.TryGetValue(key, out List<Observation>? rows)) _rows.Add(key, rows = []);
        rows.Add(row);
    }

    /// <summary>The tracks in the order of types and, from the root down, zones.</summary>
    /// <param name="within">The time that counts: what was not there then is left out.</param>
    public ImmutableArray<RrsetTrack> ToTracks(Presence within)
    {
        ImmutableArray<RrsetTrack>.Builder tracks = ImmutableArray.CreateBuilder<RrsetTrack>();
        foreach (((RecordType type, DomainName zone), List<Observation> rows) in _rows.OrderBy(static pair => pair.Key.Item1).ThenBy(static pair => pair.Key.Zone.LabelCount))
        {
            ImmutableArray<RrsetState> states = States(rows, within);
            if (states.IsEmpty) continue;
            tracks.Add(new() { Owner = rows[0].RrName, Type = type, Zone = zone, States = states, Runs = new RunSweep(gapSeconds).Sweep(states) });
        }

        return tracks.ToImmutable();
    }

    private ImmutableArray<RrsetState> States(List<Observation> rows, Presence within)
    {
        List<RrsetState> states = [];
        Dictionary<RdataValues, int> places = []; // a pool can have ten thousands of sets
        foreach (Observation row in rows)
        {
            Presence presence = Presence.Of(row.History).Intersect(within);
            if (presence.IsEmpty) continue;
            RrsetState state = new()
            {
                Values = row.Rdata,
                Presence = presence,
                Count = row.History.Count,
                MinTimeToLive = row.History.MinTimeToLive,
                MaxTimeToLive = row.History.MaxTimeToLive,
                IsEstimate = row.History.IsCoarsened || row.History.Folding != SightingFolding.None,
                Evidence = [row],
            };
            if (places.TryGetValue(new(row.Rdata), out int same))
            {
                states[same] = Join(states[same], state);
            }
            else
            {
                places.Add(new(row.Rdata), states.Count);
                states.Add(state);
            }
        }

        if (negatives is not null && states.Count > 0 && Absence(negatives.Find(rows[0].RrName, rows[0].Type, rows[0].Bailiwick), within) is { } absence) states.Add(absence);

        // A stable sort: rows come in canonical order, which then decides between values first seen in the same second.
        return [.. states.OrderBy(static state => state.Presence.First)];
    }

    private static RrsetState? Absence(IReadOnlyList<NegativeSighting> denials, Presence within)
    {
        Presence presence = Presence.Of(denials.Select(static denial => new TimeStretch(denial.First, denial.Last))).Intersect(within);
        return presence.IsEmpty ? null : new() { Values = [], Presence = presence, Count = denials.Count, Denials = [.. denials], Evidence = [] };
    }

    private RrsetState Join(RrsetState one, RrsetState other) => one with
    {
        Presence = Bridge(one.Presence.Unite(other.Presence)),
        Count = SightingMerge.AddCounts(one.Count, other.Count),
        MinTimeToLive = one.MinTimeToLive is { } a && other.MinTimeToLive is { } b ? Math.Min(a, b) : one.MinTimeToLive ?? other.MinTimeToLive,
        MaxTimeToLive = one.MaxTimeToLive is { } c && other.MaxTimeToLive is { } d ? Math.Max(c, d) : one.MaxTimeToLive ?? other.MaxTimeToLive,
        IsEstimate = one.IsEstimate || other.IsEstimate,
        Evidence = [.. one.Evidence, .. other.Evidence],
    };

    // The store's law holds within a row; over rows of several kinds of provenance it is applied here.
    private Presence Bridge(Presence presence)
    {
        List<TimeStretch> bridged = [];
        foreach (TimeStretch stretch in presence.Stretches)
        {
            if (bridged.Count > 0 && stretch.First - bridged[^1].Last <= gapSeconds) bridged[^1] = new(bridged[^1].First, stretch.Last);
            else bridged.Add(stretch);
        }

        return Presence.Of(bridged);
    }

    private readonly struct RdataValues(ImmutableArray<Rdata> values) : IEquatable<RdataValues>
    {
        private readonly ImmutableArray<Rdata> _values = values;

        public bool Equals(RdataValues other) => _values.AsSpan().SequenceEqual(other._values.AsSpan());

        public override bool Equals(object? obj) => obj is RdataValues other && Equals(other);

        public override int GetHashCode()
        {
            HashCode hash = default;
            foreach (Rdata value in _values) hash.Add(value);
            return hash.ToHashCode();
        }
    }
}
