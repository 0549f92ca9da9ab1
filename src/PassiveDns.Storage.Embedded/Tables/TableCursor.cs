using System.Buffers.Binary;
using PassiveDns.Storage.Embedded.Operations;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Walks over the entries of a table. It stands before the first one at the start; whoever opened it holds the table.</summary>
internal sealed class TableCursor(Table table, bool isScan = false, RowSieve? sieve = null, RrsetPart part = RrsetPart.All)
{
    private const int UsualKeyLength = 192;

    /// <summary>
    /// Blocks one behind the other after which a walk puts no others in a full cache: a wide answer has hundreds of blocks, each of which is good for that one
    /// question, and would push as many out that are good for others.
    /// </summary>
    private const int KeptOfWalk = 8;

    private byte[] _key = new byte[UsualKeyLength];
    private ScanRoom? _room = isScan ? new() : null;
    private Block _block;
    private int _number = -1;
    private int _at;
    private int _keyLength;
    private int _value;
    private int _valueLength;
    private int _entry;
    private int _walked; // blocks since the last search
    private byte[]? _changed;
    private bool _hasEnded;

    /// <summary>The block at which the cursor stands; -1 before the first one.</summary>
    public int Number => _number;

    /// <summary>The number of the entry in its block.</summary>
    public int Entry => _entry - 1;

    /// <summary>Whether no entry of the block stands behind the cursor.</summary>
    public bool IsAtEndOfBlock => _at >= _block.End;

    /// <summary>The octets at the start of the key that the entry before in its block has, too; 0 at a restart.</summary>
    public int Shared { get; private set; }

    /// <summary>The restarts of the block.</summary>
    public int Restarts => _block.Restarts;

    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    public ReadOnlySpan<byte> Value => _changed ?? (ReadOnlySpan<byte>)_block.Octets.AsSpan(_value, _valueLength);

    /// <summary>Moves to the first entry at or above a key.</summary>
    public bool Seek(ReadOnlySpan<byte> from) => StepTo(from) && (Passes() || MoveNext());

    /// <summary>Whether the table may hold a key, by its bounds and its filter alone.</summary>
    public bool MayFind(ReadOnlySpan<byte> key, ulong head) =>
        table.Facts.LastKey.AsSpan().SequenceCompareTo(key) >= 0 && table.Facts.FirstKey.AsSpan().SequenceCompareTo(key) <= 0 && table.MayHold(key, head);

    /// <summary>Moves to the entry of a key.</summary>
    /// <returns><c>false</c> if there is none, or it was deleted.</returns>
    public bool Find(ReadOnlySpan<byte> key) => StepTo(key) && Key.SequenceEqual(key) && Passes();

    /// <summary>Moves to an entry by its number in a block, whatever was deleted.</summary>
    public void StepTo(int block, int entry)
    {
        if (_number != block || entry < _entry || entry >= (_entry / TableFormat.RestartInterval + 1) * TableFormat.RestartInterval)
        {
            if (_number != block) Load(block);
            int restart = entry / TableFormat.RestartInterval;
            if (restart >= _block.Restarts) throw table.Damaged(block);
            _at = _block.Restart(restart);
            _entry = restart * TableFormat.RestartInterval;
        }

        while (_entry <= entry)
        {
            if (_at >= _block.End) throw table.Damaged(block);
            Step();
        }
    }

    private bool StepTo(ReadOnlySpan<byte> from)
    {
        if (part == RrsetPart.Dnssec)
        {
            // they are to be found where they stand
            Span<byte> stored = stackalloc byte[from.Length];
            from.CopyTo(stored);
            stored[0] = (byte)Keyspace.Rrsets;
            return StepToStored(stored);
        }

        return StepToStored(from);
    }

    private bool StepToStored(ReadOnlySpan<byte> from)
    {
        _hasEnded = false;
        Load(table.Index.Find(from));
        int low = 1, high = _block.Restarts;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (RestartKey(middle).SequenceCompareTo(from) < 0) low = middle + 1;
            else high = middle;
        }

        _at = _block.Restart(low - 1);
        _entry = (low - 1) * TableFormat.RestartInterval;
        return StepOver(from) || Step(); // the next block begins above the key
    }

    /// <summary>
    /// Passes over the entries of the block that are below a key without putting their keys together: what an entry shares with the one before tells
    /// on which side of the key it is, unless that is just what the one before has in common with the key.
    /// </summary>
    /// <returns>Whether the cursor stands at an entry of this block at or above the key.</returns>
    private bool StepOver(ReadOnlySpan<byte> from)
    {
        int common = 0; // of the entry before and the key
        while (_at < _block.End)
        {
            ReadOnlySpan<byte> rest = ReadEntry(out int shared);
            if (shared > common) continue;
            if (shared == 0) common = 0; // a restart is written whole, whatever it has in common with the one before
            if (shared == common)
            {
                int more = rest.CommonPrefixLength(from[common..]);
                common += more;
                if (common < from.Length && (more == rest.Length || rest[more] < from[common])) continue;
            }

            from[..shared].CopyTo(_key);
            rest.CopyTo(_key.AsSpan(shared));
            return true;
        }

        return false;
    }

    public bool MoveNext()
    {
        while (!_hasEnded && Step())
        {
            if (Passes()) return true;
        }

        return false;
    }

    private bool Passes() => (part == RrsetPart.All || IsOfPart()) && IsKept();

    /// <summary>Takes a row of a DNSSEC type over into the keyspace where it would stand now, or passes over it.</summary>
    private bool IsOfPart()
    {
        Keyspace space = (Keyspace)_key[0];
        if (part == RrsetPart.Dnssec && space is not (Keyspace.Rrsets or Keyspace.Dnssec)) _hasEnded = true;
        if (space is not (Keyspace.Rrsets or Keyspace.Dnssec)) return part == RrsetPart.Others;
        int head = KeyHead.Measure(Key);
        bool isDnssec = head > 0 && _keyLength >= head + 2 && ((RecordType)BinaryPrimitives.ReadUInt16BigEndian(_key.AsSpan(head))).IsDnssec();
        if (isDnssec && part == RrsetPart.Dnssec) _key[0] = (byte)Keyspace.Dnssec; // the next key that shares it keeps it
        return isDnssec == (part == RrsetPart.Dnssec);
    }

    private bool IsKept() => sieve is null || sieve.Judge(Key, _block.Octets.AsSpan(_value, _valueLength), out _changed) != RowFate.Removed;

    private bool Step()
    {
        while (_at >= _block.End)
        {
            if (_number + 1 >= table.Index.Count) return false;
            Load(_number + 1);
        }

        ReadEntry(out int shared).CopyTo(_key.AsSpan(shared));
        return true;
    }

    /// <summary>Reads an entry and stands at it, with room for its key.</summary>
    /// <param name="shared">How many octets of its key are those of the entry before.</param>
    /// <returns>The rest of its key.</returns>
    private ReadOnlySpan<byte> ReadEntry(out int shared)
    {
        ReadOnlySpan<byte> rest = _block.Octets.AsSpan(_at, _block.End - _at);
        int at = 0;
        shared = TableFormat.ReadVarint(rest, ref at);
        int unshared = TableFormat.ReadVarint(rest, ref at);
        int value = TableFormat.ReadVarint(rest, ref at);
        if ((shared | unshared | value) < 0 || shared > _keyLength || shared + unshared > TableFormat.MaxKeyLength || unshared > rest.Length - at
            || value > rest.Length - at - unshared)
        {
            throw table.Damaged(_number);
        }

        Shared = shared;
        _keyLength = shared + unshared;
        if (_keyLength == 0) throw table.Damaged(_number);
        if (_keyLength > _key.Length) Array.Resize(ref _key, TableFormat.MaxKeyLength);
        _value = _at + at + unshared;
        _valueLength = value;
        _at = _value + value;
        _entry++;
        return rest.Slice(at, unshared);
    }

    private ReadOnlySpan<byte> RestartKey(int index)
    {
        int start = _block.Restart(index);
        ReadOnlySpan<byte> rest = _block.Octets.AsSpan(start, _block.End - start);
        int at = 0;
        int shared = TableFormat.ReadVarint(rest, ref at);
        int unshared = TableFormat.ReadVarint(rest, ref at);
        if (shared != 0 || TableFormat.ReadVarint(rest, ref at) < 0 || unshared < 0 || unshared > rest.Length - at) throw table.Damaged(_number);
        return rest.Slice(at, unshared);
    }

    private void Load(int number)
    {
        _walked = number == _number + 1 ? _walked + 1 : 0;
        bool isPassing = isScan || (_walked >= KeptOfWalk && table.IsCacheFull);
        _block = isPassing ? table.ReadOnce(number, _room ??= new()) : table.Read(number);
        _number = number;
        _at = _block.Start;
        _entry = 0;
        _keyLength = 0;
    }
}
