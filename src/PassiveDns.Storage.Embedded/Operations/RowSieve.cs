using System.Buffers.Binary;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Operations;

/// <summary>Holds deletions against the entries of a table that was written before they were made. For one cursor.</summary>
/// <param name="table">The table.</param>
/// <param name="filter">The deletions that its entries were not judged by.</param>
/// <param name="intervalGap">The store's interval gap.</param>
internal sealed class RowSieve(Table table, DeletionFilter filter, TimeSpan intervalGap)
{
    private readonly byte[] _scratch = new byte[RowKey.ScratchLength];
    private TableCursor? _sets;

    /// <summary>Makes a sieve for a table, or none if nothing was deleted since it was written.</summary>
    /// <param name="table">The table.</param>
    /// <param name="ledger">The deletions in force.</param>
    /// <param name="intervalGap">The store's interval gap.</param>
    /// <param name="known">How many of the deletions any table can have been judged by.</param>
    public static RowSieve? For(Table table, DeletionLedger ledger, TimeSpan intervalGap, int known = int.MaxValue)
    {
        int applied = Math.Min(table.DeletionsApplied, known);
        return applied >= ledger.Count ? null : new(table, ledger.FilterFrom(applied), intervalGap);
    }

    /// <summary>Judges an entry.</summary>
    /// <param name="key">Its whole key.</param>
    /// <param name="value">Its value.</param>
    /// <param name="changed">Its new value if it is changed; else <c>null</c>.</param>
    public RowFate Judge(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out byte[]? changed)
    {
        changed = null;
        if (!KeyedSweep.IsRowSpace((Keyspace)key[0]) || !RowKey.TryRead((Keyspace)key[0], key[1..], _scratch, out RowKey row)) return RowFate.Kept;
        ReadOnlySpan<byte> set = row.PackedSet;
        if (filter.NeedsData && !row.Digest.IsEmpty) set = SetOf(row.Digest);
        return filter.Judge(row.ToRow(set, value), intervalGap, out changed);
    }

    /// <summary>The digest of the long set that an entry needs, if it needs one.</summary>
    public static UInt128? DigestOf(ReadOnlySpan<byte> key, Span<byte> scratch) =>
        KeyedSweep.IsRowSpace((Keyspace)key[0]) && RowKey.TryRead((Keyspace)key[0], key[1..], scratch, out RowKey row) && !row.Digest.IsEmpty
            ? BinaryPrimitives.ReadUInt128BigEndian(row.Digest)
            : null;

    /// <summary>Every table has the bodies of the long sets that its own entries need.</summary>
    private ReadOnlySpan<byte> SetOf(ReadOnlySpan<byte> digest)
    {
        Span<byte> key = stackalloc byte[1 + ObservationKeys.DigestLength];
        key[0] = (byte)Keyspace.Sets;
        digest.CopyTo(key[1..]);
        _sets ??= new(table);
        return _sets.Seek(key) && _sets.Key.SequenceEqual(key) ? _sets.Value : default;
    }
}
