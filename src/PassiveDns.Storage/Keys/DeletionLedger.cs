using System.Collections.Immutable;

namespace PassiveDns.Storage.Keys;

/// <summary>
/// The deletions that a store knows, in the order in which it learnt of them. It never changes; what is added makes the next one. For authors of
/// stores: remember how many of them a file has been judged by, and hold <see cref="FilterFrom"/> against what comes from it.
/// </summary>
public sealed class DeletionLedger
{
    private readonly ImmutableArray<Deletion> _deletions;
    private readonly DeletionFilter?[] _filters;

    private DeletionLedger(ImmutableArray<Deletion> deletions)
    {
        _deletions = deletions;
        _filters = new DeletionFilter?[deletions.Length + 1];
    }

    /// <summary>No deletions.</summary>
    public static DeletionLedger Empty { get; } = new([]);

    /// <summary>The deletions.</summary>
    public IReadOnlyList<Deletion> Deletions => _deletions;

    /// <summary>How many there are.</summary>
    public int Count => _deletions.Length;

    /// <summary>All of them as a filter.</summary>
    public DeletionFilter Filter => FilterFrom(0);

    /// <summary>Those behind the first ones as a filter.</summary>
    /// <param name="applied">How many deletions rows have been judged by already.</param>
    public DeletionFilter FilterFrom(int applied)
    {
        int from = Math.Clamp(applied, 0, Count);
        return _filters[from] ??= new(_deletions.Skip(from));
    }

    /// <summary>The ledger with more deletions.</summary>
    /// <param name="deletions">The deletions; those that are known change nothing.</param>
    /// <returns>The same ledger if all are known.</returns>
    public DeletionLedger With(IEnumerable<Deletion> deletions)
    {
        HashSet<Guid> known = [.. _deletions.Select(deletion => deletion.Id)];
        ImmutableArray<Deletion> added = [.. deletions.Where(deletion => known.Add(deletion.Id))];
        return added.IsEmpty ? this : new(_deletions.AddRange(added));
    }
}
