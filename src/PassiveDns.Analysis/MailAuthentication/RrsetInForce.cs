using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>The RRset that a name had at a time, as far as it was observed.</summary>
/// <param name="Rdata">Its records.</param>
/// <param name="Presence">When it was observed.</param>
/// <param name="LastSeen">Its last sighting up to that time, in Unix seconds.</param>
/// <param name="Rows">The rows that say so.</param>
internal sealed record RrsetInForce(ImmutableArray<Rdata> Rdata, Presence Presence, long LastSeen, ImmutableArray<Observation> Rows)
{
    /// <summary>
    /// Chooses: the set that was observed last up to a time; if several were there at once, the one that came last. A set that was not observed at the very time is still taken, for
    /// nobody asks for a name all the time.
    /// </summary>
    /// <param name="rows">The rows of one name and type.</param>
    /// <param name="at">The time.</param>
    public static RrsetInForce? Choose(IEnumerable<Observation> rows, long at)
    {
        RrsetInForce? best = null;
        (long Last, long Start) rank = default;
        foreach (IGrouping<RdataKey, Observation> same in rows.GroupBy(static row => new RdataKey(row.Rdata)))
        {
            Presence presence = Presence.Never;
            foreach (Observation row in same) presence = presence.Unite(Presence.Of(row.History));
            if (presence.First > at) continue;
            TimeStretch stretch = presence.Stretches.Last(stretch => stretch.First <= at);
            (long Last, long Start) own = (Math.Min(stretch.Last, at), stretch.First);
            if (best is not null && own.CompareTo(rank) <= 0) continue; // rows come in the order of keys, so ties end the same every time
            rank = own;
            best = new(same.Key.Rdata, presence, own.Last, [.. same]);
        }

        return best;
    }

    private readonly record struct RdataKey(ImmutableArray<Rdata> Rdata)
    {
        public bool Equals(RdataKey other) => Rdata.AsSpan().SequenceEqual(other.Rdata.AsSpan());

        public override int GetHashCode() => HashCode.Combine(Rdata.Length, Rdata[0]);
    }
}
