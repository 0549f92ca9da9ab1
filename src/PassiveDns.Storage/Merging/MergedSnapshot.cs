using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Merging;

/// <summary>Several snapshots as one.</summary>
internal sealed class MergedSnapshot(List<IKeyedSnapshot> snapshots, TimeSpan intervalGap) : IKeyedSnapshot
{
    public long? AsOf { get; } = snapshots.Max(snapshot => snapshot.AsOf);

    public IKeyedCursor Open(KeyRange range) => new MergedCursor([.. snapshots.Select(snapshot => snapshot.Open(range))], intervalGap);

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
