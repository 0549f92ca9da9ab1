using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Merging;

/// <summary>Several snapshots as one.</summary>
internal sealed class MergedSnapshot(List<IKeyedSnapshot> snapshots, TimeSpan intervalGap) : INameIndexedSnapshot
{
    public long? AsOf { get; } = snapshots.Max(snapshot => snapshot.AsOf);

    public IKeyedCursor Open(KeyRange range) => new MergedCursor([.. snapshots.Select(snapshot => snapshot.Open(range))], intervalGap);

    /// <summary>A row's versions all have its name, so each snapshot finds its own. If one of them must be walked over, the others may as well.</summary>
    public IKeyedCursor? OpenNames(KeyRange range, DomainName labels)
    {
        List<IKeyedCursor> cursors = [];
        foreach (IKeyedSnapshot snapshot in snapshots)
        {
            if (snapshot is INameIndexedSnapshot names && names.OpenNames(range, labels) is { } cursor) cursors.Add(cursor);
        }

        if (cursors.Count == snapshots.Count) return new MergedCursor([.. cursors], intervalGap);
        foreach (IKeyedCursor cursor in cursors) cursor.Dispose();
        return null;
    }

    public bool TryGetSet(ReadOnlySpan<byte> digest, out ReadOnlySpan<byte> packedSet)
    {
        foreach (IKeyedSnapshot snapshot in snapshots)
        {
            if (snapshot.TryGetSet(digest, out packedSet)) return true;
        }

        packedSet = default;
        return false;
    }

    public void Dispose()
    {
        foreach (IKeyedSnapshot snapshot in snapshots) snapshot.Dispose();
    }
}
