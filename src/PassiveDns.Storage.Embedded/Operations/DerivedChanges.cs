using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Operations;

/// <summary>
/// Derives the change index of a table anew and holds it against the one in the file: both come from the same rows in the same way. How long runs are is up to
/// who writes them, so they end where those in the file do.
/// </summary>
internal sealed class DerivedChanges
{
    private readonly ChangeIndex _stored;
    private readonly DerivedPages _pages;
    private readonly ChangeIndexBuilder _builder;
    private int _block;
    private int _run;
    private int _rowsOfRun;
    private bool _differs;

    public DerivedChanges(ChangeIndex stored)
    {
        _stored = stored;
        ChangeIndex.Page[] pages = [.. stored.Runs.ToArray().SelectMany(run => run.Pages)];
        _pages = new(pages.Length, page => stored.ReadPage(pages[page]));
        _builder = new(_pages.Compare);
    }

    /// <summary>Takes the next row.</summary>
    /// <param name="block">The block that holds it.</param>
    /// <param name="row">Its number in the table.</param>
    /// <param name="history">Its packed history.</param>
    /// <returns><c>false</c> if something differed up to now.</returns>
    public bool Fits(int block, long row, ReadOnlySpan<byte> history)
    {
        if (block != _block)
        {
            _builder.EndBlock();
            _block = block;
            _differs |= _stored.FirstRow(block) != row;
        }

        _builder.Add(history, out _);
        if (_run < _stored.Runs.Length && ++_rowsOfRun == _stored.Runs[_run].Rows)
        {
            _builder.EndRun();
            _run++;
            _rowsOfRun = 0;
        }

        return !_differs && !_pages.Differ;
    }

    /// <summary>Ends the comparison.</summary>
    /// <param name="rows">How many rows came.</param>
    public bool FitsToTheEnd(long rows)
    {
        _builder.EndBlock();
        _builder.EndRun();
        return !_differs && _pages.AreAll && rows == _stored.Rows;
    }
}
