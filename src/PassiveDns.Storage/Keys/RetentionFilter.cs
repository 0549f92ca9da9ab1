namespace PassiveDns.Storage.Keys;

/// <summary>A retention policy made ready to be held against rows: the one place that says what it does to a row.</summary>
public sealed class RetentionFilter
{
    private readonly (RetentionRule Rule, long Cutoff)[] _rules;

    /// <summary>Makes a filter.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="at">Now.</param>
    /// <exception cref="ArgumentException">The policy has no rule, or an age is negative.</exception>
    public RetentionFilter(RetentionPolicy policy, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Rules.Count == 0) throw new ArgumentException("The policy has no rule: give one, or do not run it.", nameof(policy));
        if (policy.Rules.FirstOrDefault(rule => rule.MaxAge < TimeSpan.Zero) is { } bad) throw new ArgumentException($"An age of {bad.MaxAge} is negative.", nameof(policy));
        _rules = [.. policy.Rules.Select(rule => (rule, at.ToUnixTimeSeconds() - (long)rule.MaxAge.TotalSeconds))];
    }

    /// <summary>Says what becomes of a merged row: it is kept or removed.</summary>
    /// <param name="row">The row.</param>
    /// <param name="history">Always <c>null</c>.</param>
    public RowFate Judge(scoped in ObservationRow row, out byte[]? history)
    {
        history = null;
        foreach ((RetentionRule rule, long cutoff) in _rules)
        {
            if (((int)rule.Provenance >> (int)row.Provenance & 1) == 0 || !rule.Types.Includes(row.Type)) continue;
            if (rule.Subtree is { } apex && !IsAtOrUnder(row.RrName, apex.Wire)) continue;
            return SightingCodec.TryReadBounds(row.History, out SightingInterval life) && life.Last < cutoff ? RowFate.Removed : RowFate.Kept;
        }

        return RowFate.Kept;
    }

    private static bool IsAtOrUnder(ReadOnlySpan<byte> name, ReadOnlySpan<byte> ancestor)
    {
        int surplus = name.Length - ancestor.Length;
        if (surplus < 0 || !name[surplus..].SequenceEqual(ancestor)) return false;
        int at = 0;
        while (at < surplus) at += name[at] + 1; // the suffix must start at a label, not inside one
        return at == surplus;
    }
}
