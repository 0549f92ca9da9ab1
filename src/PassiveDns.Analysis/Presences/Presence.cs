using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>
/// When something was there: stretches of time in order, apart from each other. The intersection of two presences is when both were there: the temporal
/// join that links names through aliases, servers and addresses.
/// </summary>
public sealed record Presence
{
    private Presence(ImmutableArray<TimeStretch> stretches) => Stretches = stretches;

    /// <summary>Never.</summary>
    public static Presence Never { get; } = new([]);

    /// <summary>At all times.</summary>
    public static Presence Always { get; } = new([new(long.MinValue, long.MaxValue)]);

    /// <summary>The stretches, in time order; two neighbours neither touch nor overlap.</summary>
    public ImmutableArray<TimeStretch> Stretches { get; }

    /// <summary>Whether it was never there.</summary>
    public bool IsEmpty => Stretches.IsEmpty;

    /// <summary>The first moment, in Unix seconds.</summary>
    /// <exception cref="InvalidOperationException">It was never there.</exception>
    public long First => IsEmpty ? throw new InvalidOperationException("What was never there has no first moment: ask IsEmpty first.") : Stretches[0].First;

    /// <summary>The last moment, in Unix seconds.</summary>
    /// <exception cref="InvalidOperationException">It was never there.</exception>
    public long Last => IsEmpty ? throw new InvalidOperationException("What was never there has no last moment: ask IsEmpty first.") : Stretches[^1].Last;

    /// <summary>How long it was there, in seconds; a single moment counts as one second.</summary>
    public long Seconds
    {
        get
        {
            long sum = 0;
            foreach (TimeStretch stretch in Stretches) sum += stretch.Seconds;
            return sum;
        }
    }

    /// <summary>The intervals of a row.</summary>
    public static Presence Of(SightingHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return Of(history.Intervals.Select(static interval => new TimeStretch(interval.First, interval.Last)));
    }

    /// <summary>One stretch.</summary>
    /// <param name="first">The first moment, in Unix seconds.</param>
    /// <param name="last">The last moment, in Unix seconds; not before the first.</param>
    public static Presence Of(long first, long last) => Of([new(first, last)]);

    /// <summary>Any stretches, in any order; those that overlap or touch are joined.</summary>
    public static Presence Of(IEnumerable<TimeStretch> stretches)
    {
        ArgumentNullException.ThrowIfNull(stretches);
        ImmutableArray<TimeStretch>.Builder joined = ImmutableArray.CreateBuilder<TimeStretch>();
        foreach (TimeStretch stretch in stretches.OrderBy(static s => s.First))
        {
            if (joined.Count > 0 && (joined[^1].Last == long.MaxValue || stretch.First <= joined[^1].Last + 1)) joined[^1] = new(joined[^1].First, Math.Max(joined[^1].Last, stretch.Last));
            else joined.Add(stretch);
        }

        return joined.Count == 0 ? Never : new(joined.ToImmutable());
    }

    /// <summary>When this or the other was there.</summary>
    public Presence Unite(Presence other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.IsEmpty ? this : IsEmpty ? other : Of(Stretches.Concat(other.Stretches));
    }

    /// <summary>When both were there.</summary>
    public Presence Intersect(Presence other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ImmutableArray<TimeStretch>.Builder both = ImmutableArray.CreateBuilder<TimeStretch>();
        for (int i = 0, j = 0; i < Stretches.Length && j < other.Stretches.Length;)
        {
            (TimeStretch mine, TimeStretch theirs) = (Stretches[i], other.Stretches[j]);
            long first = Math.Max(mine.First, theirs.First), last = Math.Min(mine.Last, theirs.Last);
            if (first <= last) both.Add(new(first, last));
            if (mine.Last < theirs.Last) i++;
            else j++;
        }

        return both.Count == 0 ? Never : new(both.ToImmutable());
    }

    /// <summary>Whether it was there at a moment.</summary>
    public bool Contains(long unixSeconds) => Overlaps(unixSeconds, unixSeconds);

    /// <summary>Whether it was there at some moment of a window, both ends included.</summary>
    public bool Overlaps(long from, long to)
    {
        foreach (TimeStretch stretch in Stretches)
        {
            if (stretch.First > to) return false;
            if (stretch.Last >= from) return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(Presence? other) => other is not null && Stretches.AsSpan().SequenceEqual(other.Stretches.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => IsEmpty ? 0 : HashCode.Combine(First, Last, Stretches.Length);
}
