using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Operations;

/// <summary>Derives the change index of a table anew and holds it against the one in the file: both come from the same rows in the same way.</summary>
internal sealed class DerivedChanges
{
    private readonly ChangeIndex _stored;
    private readonly ChangeIndex.Page[] _pages;
    private readonly ChangeIndexBuilder _builder;
    private int _block;
    private int _page;
    private bool _differs;

    public DerivedChanges(ChangeIndex stored)
    {
        _stored = stored;
        List<ChangeIndex.Page> pages = [];
        foreach (ChangeIndex.Run run in stored.Runs) pages.AddRange(run.Pages);
        _pages = [.. pages];
        _builder = new(Compare);
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

        _builder.Add(history);
        return !_differs;
    }

    /// <summary>Ends the comparison.</summary>
    /// <param name="rows">How many rows came.</param>
    public bool FitsToTheEnd(long rows)
    {
        _builder.EndBlock();
        _builder.EndRun();
        return !_differs && _page == _pages.Length && rows == _stored.Rows;
    }

    private (long Start, int Length) Compare(ReadOnlySpan<byte> page)
    {
        _differs |= _page == _pages.Length || !_stored.ReadPage(_pages[_page]).Span.SequenceEqual(page);
        if (_page < _pages.Length) _page++;
        return (0, page.Length);
    }
}
