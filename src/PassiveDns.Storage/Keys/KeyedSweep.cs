using System.Buffers.Binary;

namespace PassiveDns.Storage.Keys;

/// <summary>Holds a judge against everything in a snapshot: how a store whose engine can remove entries deletes, retains, and counts beforehand.</summary>
public static class KeyedSweep
{
    private const int EntriesBetweenReports = 1024;

    /// <summary>The keyspaces whose entries are rows.</summary>
    public static IReadOnlyList<Keyspace> RowSpaces { get; } = [.. Enum.GetValues<Keyspace>().Where(IsRowSpace)];

    /// <summary>The keyspaces whose entries are RRset rows, each of which counts as one row of the store.</summary>
    public static IReadOnlyList<Keyspace> RrsetSpaces { get; } = [Keyspace.Rrsets, Keyspace.Dnssec];

    /// <summary>Whether the entries of a keyspace are rows.</summary>
    /// <param name="keyspace">The keyspace.</param>
    public static bool IsRowSpace(Keyspace keyspace) => keyspace is (>= Keyspace.Rrsets and <= Keyspace.Rdata) or Keyspace.Dnssec;

    /// <summary>Counts what a judge would do to the RRset rows.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="judge">The judge.</param>
    /// <param name="totalRows">About how many rows there are, for the progress.</param>
    /// <param name="progress">Is told how many rows were looked at, or <c>null</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ObservationStoreException">The store is damaged.</exception>
    public static RemovalReport Count(
        IKeyedSnapshot snapshot, RowJudge judge, long totalRows, IProgress<StoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(judge);
        RemovalReport report = new(0, 0, 0);
        foreach (Keyspace space in RrsetSpaces) report = Walk(snapshot, space, judge, new Counting(), report, totalRows, progress, cancellationToken);
        return report;
    }

    /// <summary>Does what a judge says to all entries, and takes away the bodies of long sets that nothing needs any more.</summary>
    /// <param name="snapshot">The snapshot. Nobody may write meanwhile.</param>
    /// <param name="judge">The judge.</param>
    /// <param name="removal">Takes the decisions.</param>
    /// <param name="totalRows">About how many rows there are, for the progress.</param>
    /// <param name="progress">Is told how many rows were looked at, or <c>null</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ObservationStoreException">The store is damaged.</exception>
    public static RemovalReport Run(
        IKeyedSnapshot snapshot, RowJudge judge, IKeyedRemoval removal, long totalRows, IProgress<StoreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(judge);
        ArgumentNullException.ThrowIfNull(removal);
        Orphans orphans = new(removal);
        RemovalReport none = new(0, 0, 0), report = none;
        foreach (Keyspace space in RowSpaces)
        {
            bool counts = RrsetSpaces.Contains(space);
            RemovalReport part = Walk(snapshot, space, judge, orphans, counts ? report : none, totalRows, counts ? progress : null, cancellationToken);
            if (counts) report = part;
        }

        if (orphans.Digests.Count > 0)
        {
            Kept kept = new(orphans.Digests);
            foreach (Keyspace space in RowSpaces) Walk(snapshot, space, judge, kept, none, 0, null, cancellationToken);
            Span<byte> digest = stackalloc byte[ObservationKeys.DigestLength];
            foreach (UInt128 orphan in orphans.Digests)
            {
                BinaryPrimitives.WriteUInt128BigEndian(digest, orphan);
                removal.Remove(Keyspace.Sets, digest);
            }
        }

        return report;
    }

    private static RemovalReport Walk(
        IKeyedSnapshot snapshot, Keyspace space, RowJudge judge, Listener listener, RemovalReport before, long totalRows, IProgress<StoreProgress>? progress,
        CancellationToken cancellationToken)
    {
        (long rows, long removed, long changed) = (before.Rows, before.Removed, before.Changed);
        byte[] scratch = new byte[RowKey.ScratchLength];
        using IKeyedCursor cursor = snapshot.Open(KeyRange.OfPrefix(space, default));
        while (cursor.MoveNext())
        {
            if (++rows % EntriesBetweenReports == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new(rows, Math.Max(rows, totalRows)));
            }

            if (!RowKey.TryRead(space, cursor.Key, scratch, out RowKey key)) throw Damaged(space, "a key cannot be read");
            ReadOnlySpan<byte> set = key.PackedSet;
            if (!key.Digest.IsEmpty && !snapshot.TryGetSet(key.Digest, out set)) throw Damaged(space, "the body of a long rdata set is missing");
            RowFate fate = judge(key.ToRow(set, cursor.Value), out byte[]? history);
            if (fate == RowFate.Removed) removed++;
            if (fate == RowFate.Changed) changed++;
            listener.Hear(space, cursor.Key, key.Digest, fate, history);
        }

        return new(rows, removed, changed);
    }

    private static ObservationStoreException Damaged(Keyspace space, string what) =>
        new($"The store is damaged in keyspace {space}: {what}. Restore it from a backup or build it anew from the captures.");

    private abstract class Listener
    {
        public abstract void Hear(Keyspace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> digest, RowFate fate, byte[]? history);
    }

    private sealed class Counting : Listener
    {
        public override void Hear(Keyspace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> digest, RowFate fate, byte[]? history)
        {
        }
    }

    /// <summary>Hands decisions on and remembers which long sets lost an entry that needed them.</summary>
    private sealed class Orphans(IKeyedRemoval removal) : Listener
    {
        public HashSet<UInt128> Digests { get; } = [];

        public override void Hear(Keyspace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> digest, RowFate fate, byte[]? history)
        {
            if (fate == RowFate.Changed) removal.Replace(space, key, history!);
            if (fate != RowFate.Removed) return;
            removal.Remove(space, key);
            if (!digest.IsEmpty) Digests.Add(BinaryPrimitives.ReadUInt128BigEndian(digest));
        }
    }

    /// <summary>Takes the sets out that an entry which stays still needs.</summary>
    private sealed class Kept(HashSet<UInt128> orphans) : Listener
    {
        public override void Hear(Keyspace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> digest, RowFate fate, byte[]? history)
        {
            if (fate != RowFate.Removed && !digest.IsEmpty) orphans.Remove(BinaryPrimitives.ReadUInt128BigEndian(digest));
        }
    }
}
