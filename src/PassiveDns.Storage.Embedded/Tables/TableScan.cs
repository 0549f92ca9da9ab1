using System.Buffers.Binary;
using PassiveDns.Storage.Embedded.Operations;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// Walks once through all entries of a table, for merging, and says of each key how much of it is as in the one before, which its blocks know anyhow.
/// It stands before the first entry at the start; whoever opened it holds the table.
/// </summary>
internal sealed class TableScan(Table table, RowSieve? sieve = null, RrsetPart part = RrsetPart.All)
{
    private readonly byte[] _key = new byte[TableFormat.MaxKeyLength];
    private readonly ScanRoom _room = new();
    private Block _block;
    private int _number = -1;
    private int _at;
    private int _keyLength;
    private int _value;
    private int _valueLength;
    private byte[]? _changed;

    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    public ReadOnlySpan<byte> Value => _changed ?? (ReadOnlySpan<byte>)_block.Octets.AsSpan(_value, _valueLength);

    /// <summary>Octets that the key has in common with the last one at which the walk stood: all of them that it has.</summary>
    public int Shared { get; private set; }

    /// <summary>Octets of the table before the block at which the walk stands.</summary>
    public long Passed => _room.Start;

    /// <exception cref="ObservationStoreException">A block is damaged, or its keys are out of order.</exception>
    public bool MoveNext()
    {
        int shared = int.MaxValue;
        while (true)
        {
            while (_at >= _block.End)
            {
                if (_number + 1 >= table.Index.Count) return false;
                _block = table.ReadOnce(++_number, _room);
                _at = _block.Start;
            }

            Step();
            Shared = shared = Math.Min(shared, Shared); // with those that are passed over
            if (part == RrsetPart.Dnssec && (Keyspace)_key[0] is not (Keyspace.Rrsets or Keyspace.Dnssec)) return false;
            if (part != RrsetPart.All && !IsOfPart()) continue;
            _changed = null;
            if (sieve is null || sieve.Judge(Key, _block.Octets.AsSpan(_value, _valueLength), out _changed) != RowFate.Removed) return true;
        }
    }

    private void Step()
    {
        ReadOnlySpan<byte> rest = _block.Octets.AsSpan(_at, _block.End - _at);
        int at = 0;
        int shared = TableFormat.ReadVarint(rest, ref at), length = TableFormat.ReadVarint(rest, ref at), value = TableFormat.ReadVarint(rest, ref at);
        if ((shared | length | value) < 0 || shared > _keyLength || shared + length is 0 or > TableFormat.MaxKeyLength || length > rest.Length - at || value > rest.Length - at - length)
        {
            throw table.Damaged(_number);
        }

        ReadOnlySpan<byte> unshared = rest.Slice(at, length);
        Shared = shared;
        if (shared == 0)
        {
            if (part == RrsetPart.Dnssec && _key[0] == (byte)Keyspace.Dnssec) _key[0] = (byte)Keyspace.Rrsets; // as it is stored, see IsOfPart
            Shared = unshared.CommonPrefixLength(Key);
        }

        bool rises = Shared == _keyLength ? shared + length > _keyLength : Shared < shared + length && unshared[Shared - shared] > _key[Shared];
        if (!rises) throw table.Damaged(_number);
        unshared.CopyTo(_key.AsSpan(shared));
        _keyLength = shared + length;
        _value = _at + at + length;
        _valueLength = value;
        _at = _value + value;
    }

    /// <summary>Takes a row of a DNSSEC type over into the keyspace where it would stand now, or passes over it.</summary>
    private bool IsOfPart()
    {
        Keyspace space = (Keyspace)_key[0];
        if (space is not (Keyspace.Rrsets or Keyspace.Dnssec)) return true;
        int head = KeyHead.Measure(Key);
        bool isDnssec = head > 0 && _keyLength >= head + 2 && ((RecordType)BinaryPrimitives.ReadUInt16BigEndian(_key.AsSpan(head))).IsDnssec();
        if (part == RrsetPart.Dnssec) _key[0] = (byte)Keyspace.Dnssec; // the next key that shares it keeps it
        return isDnssec == (part == RrsetPart.Dnssec);
    }
}
