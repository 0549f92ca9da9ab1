using System.Buffers.Binary;
using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Operations;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Views;

/// <summary>The store as it was at one moment.</summary>
/// <param name="view">The view, held once for this snapshot.</param>
/// <param name="intervalGap">The store's interval gap.</param>
/// <param name="deletions">The deletions in force.</param>
/// <param name="known">How many of them any table can have been judged by: fewer than all to try more without making them.</param>
internal sealed class EmbeddedSnapshot(StoreView view, TimeSpan intervalGap, DeletionLedger deletions, int known = int.MaxValue) : IChangeIndexedSnapshot, INameIndexedSnapshot, IFencedSnapshot
{
    /// <summary>Looking a row up costs about as much as walking over so many.</summary>
    private const int DenseShare = 5;

    /// <summary>So few rows are walked over before any index is read.</summary>
    private const int FewRows = 512;

    /// <summary>A walk that jumps is taken if it is likely to cost at most so much of one that does not: it does more for each row.</summary>
    private const double WorthJumping = .75;

    private bool _isDisposed;

    public StoreView View => view;

    /// <summary>Takes the rows that are passed over because the body of their long set is lost; <c>null</c> to let the walk fail at them.</summary>
    public DamageLog? Salvage { get; init; }

    public long? AsOf => view.LastSeen;

    public IKeyedCursor Open(KeyRange range)
    {
        (byte[] from, byte[] to) = InternalKeys(range);
        Mark? mark = Mark.Of(from, to);
        TableCursor[] cursors = new TableCursor[view.Tables.Length];
        int count = 0;
        foreach (Table table in view.Tables)
        {
            if (!MayHold(table, range.Keyspace, from, to, mark)) continue;
            TableCursor cursor = new(table, sieve: RowSieve.For(table, deletions, intervalGap, known), part: table.Facts.PartOf(range.Keyspace));
            if (cursor.Seek(from) && cursor.Key.SequenceCompareTo(to) < 0) cursors[count++] = cursor;
        }

        return new Cursor(this, new(cursors, count, to, intervalGap));
    }

    /// <summary>Where the indexes name so much that looking each row up would cost more, blocks are jumped over in which nothing was seen in the window, if that pays.</summary>
    public IKeyedCursor OpenChanged(KeyRange range, ChangeWindow window)
    {
        if (range.Keyspace != Keyspace.Rrsets) return Open(range);
        (byte[] from, byte[] to) = InternalKeys(range);
        Table[] tables = [.. view.Tables.Where(table => table.Overlaps(from, to))];
        long rows = tables.Sum(table => RowsIn(table, BlocksOf(table, from, to)));
        if (rows < FewRows) return Open(range);
        ChangeIndex?[] indexes = [.. tables.Select(table => MayMakeBoundary(table, window) || table.Facts.IsMixed ? null : table.Changes)];
        long named = 0;
        for (int i = 0; i < tables.Length; i++)
        {
            (int First, int Last) blocks = BlocksOf(tables[i], from, to);
            named += indexes[i]?.Estimate(window, blocks.First, blocks.Last) ?? RowsIn(tables[i], blocks);
        }

        if (named > rows / DenseShare) return OpenFenced(range, new(window.From, window.To));
        return new CandidateCursor(
            [.. tables.Select((table, i) => new ChangeCandidates(table, indexes[i], window, from, to))],
            [.. tables.Select(table => RowSieve.For(table, deletions, intervalGap, known))],
            intervalGap,
            namesAll: false);
    }

    /// <summary>
    /// Of the sides of the fence the one is taken by which the most can be jumped over. Where blocks with rows that pass stand everywhere, or so many rows pass that looking each up in
    /// the other tables would cost more, all rows of the range are walked over.
    /// </summary>
    public IKeyedCursor OpenFenced(KeyRange range, TimeFence fence)
    {
        if (Salvage is not null) return Open(range); // what a block lacks that is lost, its hours do not tell
        (byte[] from, byte[] to) = InternalKeys(range);
        Mark? mark = Mark.Of(from, to);
        Table[] tables = [.. view.Tables.Where(table => MayHold(table, range.Keyspace, from, to, mark))];
        (int First, int Last)[] blocks = [.. tables.Select(table => BlocksOf(table, from, to))];
        long rows = tables.Zip(blocks, RowsIn).Sum();
        if (rows < FewRows) return Open(range);
        BlockFence? best = null;
        double least = rows * WorthJumping;
        foreach (BlockFence one in BlockFence.Of(fence, tables.Length))
        {
            double cost = 0;
            for (int i = 0; i < tables.Length && cost < least; i++)
            {
                (double walked, double passing) = one.Estimate(tables[i], blocks[i]);
                cost += walked + (tables.Length > 1 ? DenseShare * passing : 0);
            }

            if (cost < least) (best, least) = (one, cost);
        }

        if (best is not { } taken) return Open(range);
        return new CandidateCursor(
            [.. tables.Select(table => new FenceCandidates(table, taken, (from, to), table.Facts.PartOf(range.Keyspace)))],
            [.. tables.Select(table => RowSieve.For(table, deletions, intervalGap, known))],
            intervalGap,
            namesAll: false);
    }

    /// <summary>Where so many names begin with the labels that looking each up would cost more, and where damage is passed over, there is no cursor.</summary>
    public IKeyedCursor? OpenNames(KeyRange range, DomainName labels)
    {
        if (Salvage is not null || range.Keyspace is not (Keyspace.Rrsets or Keyspace.Dnssec) || labels.IsRoot) return null;
        (byte[] from, byte[] to) = InternalKeys(range);
        NameLabels wanted = new(labels);
        List<TableCandidates> candidates = [];
        List<RowSieve?> sieves = [];
        long rows = 0, named = 0;
        foreach (Table table in view.Tables)
        {
            if (!MayHold(table, range.Keyspace, from, to, null)) continue;
            (int First, int Last) blocks = BlocksOf(table, from, to);
            NameIndex? index = table.Names;
            long walked = RowsIn(table, blocks);
            rows += walked;
            named += index?.Estimate(wanted.Range, blocks.First, blocks.Last) ?? walked;
            candidates.Add(new NameCandidates(table, index, wanted, (from, to), blocks, table.Facts.PartOf(range.Keyspace)));
            sieves.Add(RowSieve.For(table, deletions, intervalGap, known));
        }

        return named > rows / DenseShare ? null : new CandidateCursor([.. candidates], [.. sieves], intervalGap, namesAll: true);
    }

    public bool TryGetSet(ReadOnlySpan<byte> digest, out ReadOnlySpan<byte> packedSet)
    {
        Span<byte> key = stackalloc byte[1 + ObservationKeys.DigestLength];
        key[0] = (byte)Keyspace.Sets;
        digest.CopyTo(key[1..]);
        ulong hash = KeyHead.Hash(key);
        foreach (Table table in view.Tables)
        {
            if (table.Facts.LastKey.AsSpan().SequenceCompareTo(key) < 0 || !table.MayHold(key, hash)) continue;
            TableCursor cursor = new(table);
            if (!cursor.Seek(key) || !cursor.Key.SequenceEqual(key)) continue;
            packedSet = cursor.Value; // of a chunk that the view holds, or of an array that the span holds
            return true;
        }

        packedSet = default;
        return false;
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        view.Release();
    }

    private static (int First, int Last) BlocksOf(Table table, byte[] from, byte[] to) => (table.Index.Find(from), table.Index.Find(to));

    /// <summary>About how many rows some blocks of a table hold: what its blocks hold on average.</summary>
    private static long RowsIn(Table table, (int First, int Last) blocks) => (blocks.Last - blocks.First + 1) * table.Facts.Count / table.Index.Count;

    private static (byte[] From, byte[] To) InternalKeys(KeyRange range) =>
        (InternalKey(range.Keyspace, range.From), range.IsOpen ? [(byte)(range.Keyspace + 1)] : InternalKey(range.Keyspace, range.To));

    /// <summary>Whether a table may hold entries of a range, by its bounds and its filter.</summary>
    private static bool MayHold(Table table, Keyspace keyspace, byte[] from, byte[] to, Mark? mark) =>
        table.Facts.IsMixed && keyspace == Keyspace.Dnssec
            ? MayHoldMixed(table, from, to)
            : table.Overlaps(from, to) && (mark is not { } known || known.MayBeIn(table));

    /// <summary>Whether rows of DNSSEC types in a range may stand among the others of a table.</summary>
    private static bool MayHoldMixed(Table table, byte[] from, byte[] to)
    {
        const int Shift = Keyspace.Dnssec - Keyspace.Rrsets;
        byte[] first = [(byte)(from[0] - Shift), .. from.AsSpan(1)], end = [(byte)(to[0] - Shift), .. to.AsSpan(1)];
        return table.Overlaps(first, end) && (Mark.Of(first, end) is not { } mark || mark.MayBeIn(table));
    }

    /// <summary>
    /// Whether a deletion that the table's rows were not judged by yet can cut an interval so that it ends or begins in the window: where it did not
    /// when the index was made.
    /// </summary>
    private bool MayMakeBoundary(Table table, ChangeWindow window)
    {
        for (int i = Math.Min(table.DeletionsApplied, known); i < deletions.Count; i++)
        {
            Deletion deletion = deletions.Deletions[i];
            if ((deletion.From > 0 && window.Contains(deletion.From - 1)) || (deletion.To < long.MaxValue && window.Contains(deletion.To + 1))) return true;
        }

        return false;
    }

    private static byte[] InternalKey(Keyspace keyspace, ReadOnlySpan<byte> key)
    {
        byte[] whole = new byte[1 + key.Length];
        whole[0] = (byte)keyspace;
        key.CopyTo(whole.AsSpan(1));
        return whole;
    }

    /// <summary>Whether the long set of a row, if it needs one, is still there.</summary>
    private bool HasSet(ReadOnlySpan<byte> key, Span<byte> scratch)
    {
        if (RowSieve.DigestOf(key, scratch) is not { } number) return true;
        Span<byte> digest = stackalloc byte[ObservationKeys.DigestLength];
        BinaryPrimitives.WriteUInt128BigEndian(digest, number);
        return TryGetSet(digest, out _);
    }

    /// <summary>What filters know of all keys of a range: their head if they share one, else their stem if they share that.</summary>
    private readonly record struct Mark(ReadOnlyMemory<byte> Prefix, ulong Hash, bool IsStem)
    {
        public static Mark? Of(byte[] from, byte[] to)
        {
            int head = KeyHead.Measure(from);
            if (Covers(from.AsSpan(0, head), to)) return new(from.AsMemory(0, head), KeyHead.Hash(from.AsSpan(0, head)), IsStem: false);
            int stem = KeyHead.MeasureStem(from);
            return Covers(from.AsSpan(0, stem), to) ? new(from.AsMemory(0, stem), KeyHead.Hash(from.AsSpan(0, stem)), IsStem: true) : null;
        }

        public bool MayBeIn(Table table) => (IsStem && !table.Facts.HasStems) || table.MayHold(Prefix.Span, Hash);

        private static bool Covers(ReadOnlySpan<byte> prefix, byte[] to) => !prefix.IsEmpty && to.AsSpan().SequenceCompareTo(KeyRange.AfterPrefix(prefix)) <= 0;
    }

    private sealed class Cursor(EmbeddedSnapshot snapshot, MergedCursor entries) : IKeyedCursor
    {
        private readonly byte[] _scratch = snapshot.Salvage is null ? [] : new byte[RowKey.ScratchLength];

        public ReadOnlySpan<byte> Key => entries.Key[1..];

        public ReadOnlySpan<byte> Value => entries.Value;

        public bool MoveNext()
        {
            while (entries.MoveNext())
            {
                if (snapshot.Salvage is not { } damages || snapshot.HasSet(entries.Key, _scratch)) return true;
                damages.Add($"Rows of keyspace {(Keyspace)entries.Key[0]} are lost with the body of the rdata set {RowSieve.DigestOf(entries.Key, _scratch):x32}.");
            }

            return false;
        }

        public void Dispose()
        {
        }
    }
}
