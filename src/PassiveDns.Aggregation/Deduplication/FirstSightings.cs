using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>
/// Rows that came up in the table and are to be told of before their sums: gathered for a moment, so that a batch is more than one row. Keys that were
/// told of before, in an earlier window, are not told of again as far as memory goes back.
/// </summary>
internal sealed class FirstSightings(long interval, int maxRows)
{
    private const int KeysPerGeneration = 500_000;

    private readonly List<int> _pending = [];
    private HashSet<ulong> _young = [];
    private HashSet<ulong> _old = [];
    private long _since;

    /// <summary>Rows of the table, in the order in which they came.</summary>
    public ReadOnlySpan<int> Pending => CollectionsMarshal.AsSpan(_pending);

    /// <summary>Notes a row that has just been added to the table.</summary>
    /// <param name="row">Its number there.</param>
    /// <param name="keyHash">The hash of its whole key.</param>
    /// <param name="now">The data's clock.</param>
    public void Note(int row, ulong keyHash, long now)
    {
        if (!IsNew(keyHash)) return;
        if (_pending.Count == 0) _since = now;
        _pending.Add(row);
    }

    public bool AreDue(long now) => _pending.Count > 0 && (Math.Abs(now - _since) >= interval || _pending.Count >= maxRows);

    public void Clear() => _pending.Clear();

    /// <summary>The first <paramref name="count"/> rows have left the table with their sums: nothing needs to be told of them any more.</summary>
    public void Shift(int count)
    {
        int kept = 0;
        foreach (int row in _pending)
        {
            if (row >= count) _pending[kept++] = row - count;
        }

        _pending.RemoveRange(kept, _pending.Count - kept);
    }

    /// <summary>A key stands for itself by its hash: should two share one, then one of them is told of later, with its sums.</summary>
    private bool IsNew(ulong keyHash)
    {
        if (_young.Contains(keyHash)) return false;
        bool isNew = !_old.Contains(keyHash);
        if (_young.Count == KeysPerGeneration)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
        }

        _young.Add(keyHash);
        return isNew;
    }
}
