using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Views;

/// <summary>
/// The RRset rows of one table whose owner names begin with some labels: those in the units that the table's name index names, or all rows where it has none.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="index">Its name index, or <c>null</c> to take all rows.</param>
/// <param name="labels">The labels.</param>
/// <param name="range">The first key, with the keyspace, and the end, exclusive.</param>
/// <param name="blocks">The blocks in which they lie.</param>
/// <param name="part">What of the table is looked at.</param>
internal sealed class NameCandidates(Table table, NameIndex? index, NameLabels labels, (byte[] From, byte[] To) range, (int First, int Last) blocks, RrsetPart part) : TableCandidates(table, part)
{
    /// <summary>A row that does not fit is handed out when so many were passed over: who walks looks at the clock then.</summary>
    private const int MostPassedOver = 1024;

    private readonly List<int> _units = [];
    private int _run = -1;
    private int _next;
    private int _unit = -1; // in which the cursor stands
    private int _head; // the length of the owner name at which it stands, with the keyspace
    private bool _begins; // with the labels
    private bool _isInside; // a unit that is named, or the rows of a name that began in one
    private bool _hasStarted;

    public override bool MoveNext()
    {
        if (index is null) return (_hasStarted ? Cursor.MoveNext() : Start()) && Cursor.Key.SequenceCompareTo(range.To) < 0;
        for (int passed = 0; Step(index); passed++)
        {
            if (!_begins && passed < MostPassedOver) continue;
            if (Cursor.Key.SequenceCompareTo(range.To) >= 0) return false;
            if (Cursor.Key.SequenceCompareTo(range.From) >= 0) return true;
        }

        return false;
    }

    private bool Start()
    {
        _hasStarted = true;
        return Cursor.Seek(range.From);
    }

    /// <summary>Moves to the next row of a unit that the index names. A name is named in the unit of its first row; the others may stand behind that.</summary>
    private bool Step(NameIndex names)
    {
        if (!_hasStarted && labels.Begin(range.From.AsSpan(0, KeyHead.Measure(range.From))))
        {
            // in the midst of a name, which may be named in a unit far before
            if (!Start()) return false;
            _unit = UnitOfCursor();
            Look();
            if (_begins) return _isInside = true;
        }

        _hasStarted = true;
        while (true)
        {
            if (_isInside)
            {
                if (!Cursor.MoveNext()) return false;
                if (Cursor.Shared < _head) Look();
                if (Cursor.Entry % TableFormat.RestartInterval == 0) _unit = UnitOfCursor();
                _isInside = _begins || IsNamed();
                if (_isInside) return true;
            }

            if (!FindUnit(names)) return false;
            _isInside = true;
            if (_units[_next] == _unit) continue; // rows of a name that another run knows reached into it
            _unit = _units[_next];
            int block = _unit / NameIndex.UnitsOfBlock;
            Cursor.StepTo(block, NameIndex.FirstRestart(_unit, Table.Read(block).Restarts) * TableFormat.RestartInterval);
            Look();
            return true;
        }
    }

    private void Look()
    {
        _head = KeyHead.Measure(Cursor.Key);
        _begins = labels.Begin(Cursor.Key[.._head]);
    }

    private int UnitOfCursor() => NameIndex.UnitOf(Cursor.Number, Cursor.Entry / TableFormat.RestartInterval, Cursor.Restarts);

    private bool IsNamed()
    {
        while (_next < _units.Count && _units[_next] < _unit) _next++;
        return _next < _units.Count && _units[_next] == _unit;
    }

    /// <summary>Finds the next unit that is not behind the cursor yet, if need be in the next run.</summary>
    private bool FindUnit(NameIndex names)
    {
        while (true)
        {
            for (; _next < _units.Count; _next++)
            {
                int block = _units[_next] / NameIndex.UnitsOfBlock;
                if (block > blocks.Last) return false;
                if (block >= blocks.First && _units[_next] >= _unit) return true;
            }

            if (++_run >= names.Runs.Length) return false;
            _next = 0;
            _units.Clear();
            NameIndex.Run run = names.Runs[_run];
            if (run.FirstBlock > blocks.Last) return false;
            if (run.FirstBlock + run.Blocks > blocks.First && !names.TryCollect(_run, labels.Range, _units)) throw Table.DamagedNames();
        }
    }
}
