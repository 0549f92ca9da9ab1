using PassiveDns.Storage.Embedded.Operations;
using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Views;

/// <summary>The rows that the indexes of some table name, all versions of a row merged.</summary>
internal sealed class CandidateCursor : IKeyedCursor
{
    private readonly TableCandidates?[] _candidates;
    private readonly TableCursor[] _lookups;
    private readonly RowSieve?[] _sieves;
    private readonly HistoryMerge _merge;
    private readonly byte[] _key = new byte[TableFormat.MaxKeyLength];
    private int _keyLength;

    /// <param name="candidates">What the tables name; all tables of the view.</param>
    /// <param name="sieves">What was deleted from each table since it was written.</param>
    /// <param name="intervalGap">The store's interval gap.</param>
    /// <param name="namesAll">
    /// Whether a table that has a row names it whenever another one does. Else each row is looked up in all tables: an index of changes knows only the
    /// versions of its own table, and a version that changed in a window says little of a row that has others.
    /// </param>
    public CandidateCursor(TableCandidates[] candidates, RowSieve?[] sieves, TimeSpan intervalGap, bool namesAll)
    {
        _sieves = sieves;
        _merge = new(intervalGap);
        _lookups = namesAll ? [] : [.. candidates.Select((table, i) => new TableCursor(table.Table, sieve: sieves[i], part: table.Part))];
        _candidates = [.. candidates.Select(table => table.MoveNext() ? table : null)];
    }

    public ReadOnlySpan<byte> Key => _key.AsSpan(1, _keyLength - 1);

    public ReadOnlySpan<byte> Value => _merge.Value;

    public bool MoveNext()
    {
        while (TakeLeast())
        {
            Gather();
            if (_merge.Length > 0) return true; // else all of it was deleted
        }

        return false;
    }

    public void Dispose()
    {
    }

    /// <summary>Copies the least key at which a table stands. There are few tables, so it is found by looking at all.</summary>
    private bool TakeLeast()
    {
        int least = -1;
        for (int i = 0; i < _candidates.Length; i++)
        {
            if (_candidates[i] is { } next && (least < 0 || next.Key.SequenceCompareTo(_candidates[least]!.Key) < 0)) least = i;
        }

        if (least < 0) return false;
        ReadOnlySpan<byte> key = _candidates[least]!.Key;
        key.CopyTo(_key);
        _keyLength = key.Length;
        return true;
    }

    private void Gather()
    {
        _merge.Clear();
        ReadOnlySpan<byte> key = _key.AsSpan(0, _keyLength);
        ulong head = _lookups.Length > 0 ? KeyHead.Hash(key[..KeyHead.Measure(key)]) : 0;
        for (int i = 0; i < _candidates.Length; i++)
        {
            if (_candidates[i] is { } named && named.Key.SequenceEqual(key))
            {
                AddVersion(named.Value, _sieves[i]);
                if (!named.MoveNext()) _candidates[i] = null;
            }
            else if (_lookups.Length > 0 && _lookups[i].MayFind(key, head) && _lookups[i].Find(key))
            {
                _merge.Add(_lookups[i].Value);
            }
        }
    }

    private void AddVersion(ReadOnlySpan<byte> history, RowSieve? sieve)
    {
        byte[]? changed = null;
        if (sieve?.Judge(_key.AsSpan(0, _keyLength), history, out changed) == RowFate.Removed) return;
        _merge.Add(changed ?? history);
    }
}
