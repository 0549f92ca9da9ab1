using PassiveDns.Storage.Embedded.Tables;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Views;

/// <summary>
/// The RRset rows of one table that may have something in a window, in the order of their keys: those that the table's change index names, or all of
/// them where it cannot tell. It stands before the first one at the start.
/// </summary>
internal sealed class ChangeCandidates : TableCandidates
{
    private readonly ChangeIndex? _index;
    private readonly ChangeWindow _window;
    private readonly byte[] _to;
    private readonly List<int> _rows = [];
    private byte[]? _from;
    private long _firstRow; // of the run at hand
    private int _run = -1;
    private int _next;

    /// <param name="table">The table.</param>
    /// <param name="index">Its change index, or <c>null</c> to take all rows.</param>
    /// <param name="window">The window.</param>
    /// <param name="from">The first key, with the keyspace.</param>
    /// <param name="to">The end, exclusive.</param>
    public ChangeCandidates(Table table, ChangeIndex? index, ChangeWindow window, byte[] from, byte[] to)
        : base(table, table.Facts.IsMixed ? RrsetPart.Others : RrsetPart.All)
    {
        _index = index;
        _window = window;
        _from = from;
        _to = to;
    }

    public override bool MoveNext() => (_index is null ? Step() : StepByIndex(_index)) && Cursor.Key.SequenceCompareTo(_to) < 0;

    private bool Step()
    {
        if (_from is not { } from) return Cursor.MoveNext();
        _from = null;
        return Cursor.Seek(from);
    }

    private bool StepByIndex(ChangeIndex index)
    {
        // rows before the block in which the range begins are passed over unread, those of this block by their keys
        long least = _from is null ? 0 : index.FirstRow(Table.Index.Find(_from));
        while (true)
        {
            while (_next < _rows.Count)
            {
                long row = _firstRow + _rows[_next++];
                if (row < least) continue;
                (int block, int entry) = index.Find(row);
                Cursor.StepTo(block, entry);
                if (_from is not null && Cursor.Key.SequenceCompareTo(_from) < 0) continue;
                _from = null;
                return true;
            }

            if (_run >= 0) _firstRow += index.Runs[_run].Rows;
            if (++_run >= index.Runs.Length) return false;
            _next = 0;
            _rows.Clear();
            if (_firstRow + index.Runs[_run].Rows > least && !index.TryCollect(_run, _window, _rows)) throw Table.DamagedChanges();
        }
    }
}
