using PassiveDns.Storage.Embedded.Operations;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Walks over the entries of a table. It stands before the first one at the start; whoever opened it holds the table.</summary>
internal sealed class TableCursor(Table table, bool isScan = false, RowSieve? sieve = null)
{
    private readonly byte[] _key = new byte[TableFormat.MaxKeyLength];
    private byte[] _buffer = [];
    private Block _block;
    private int _number = -1;
    private int _at;
    private int _keyLength;
    private int _value;
    private int _valueLength;
    private byte[]? _changed;

    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    public ReadOnlySpan<byte> Value => _changed ?? (ReadOnlySpan<byte>)_block.Octets.AsSpan(_value, _valueLength);

    /// <summary>Octets of the table before the block at which the cursor stands.</summary>
    public long Passed => _number < 0 ? 0 : table.Index.Start(_number);

    /// <summary>Moves to the first entry at or above a key.</summary>
    public bool Seek(ReadOnlySpan<byte> from)
    {
        Load(table.Index.Find(from));
        int low = 1, high = _block.Restarts;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (RestartKey(middle).SequenceCompareTo(from) < 0) low = middle + 1;
            else high = middle;
        }

        _at = _block.Restart(low - 1);
        while (Step())
        {
            if (Key.SequenceCompareTo(from) >= 0) return Passes() || MoveNext();
        }

        return false;
    }

    public bool MoveNext()
    {
        while (Step())
        {
            if (Passes()) return true;
        }

        return false;
    }

    private bool Passes() => sieve is null || sieve.Judge(Key, _block.Octets.AsSpan(_value, _valueLength), out _changed) != Keys.RowFate.Removed;

    private bool Step()
    {
        while (_at >= _block.End)
        {
            if (_number + 1 >= table.Index.Count) return false;
            Load(_number + 1);
        }

        ReadOnlySpan<byte> rest = _block.Octets.AsSpan(_at, _block.End - _at);
        int at = 0;
        int shared = TableFormat.ReadVarint(rest, ref at);
        int unshared = TableFormat.ReadVarint(rest, ref at);
        int value = TableFormat.ReadVarint(rest, ref at);
        if ((shared | unshared | value) < 0 || shared > _keyLength || shared + unshared > TableFormat.MaxKeyLength || unshared > rest.Length - at
            || value > rest.Length - at - unshared)
        {
            throw table.Damaged(_number);
        }

        rest.Slice(at, unshared).CopyTo(_key.AsSpan(shared));
        _keyLength = shared + unshared;
        if (_keyLength == 0) throw table.Damaged(_number);
        _value = _at + at + unshared;
        _valueLength = value;
        _at = _value + value;
        return true;
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
        _block = isScan ? table.ReadOnce(number, ref _buffer) : table.Read(number);
        _number = number;
        _at = _block.Start;
        _keyLength = 0;
    }
}
