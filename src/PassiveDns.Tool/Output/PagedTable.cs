namespace PassiveDns.Tool.Output;

/// <summary>
/// A table that is written while it grows: so many rows are aligned with each other and then written, each time under the heads, so that a long answer needs no more memory
/// than a short one.
/// </summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="heads">The heads of the columns.</param>
/// <param name="numeric">The column that holds numbers and stands to the right, or -1.</param>
internal sealed class PagedTable(Terminal terminal, string[] heads, int numeric = -1)
{
    private const int PageRows = 1000;

    private ColumnTable _page = new(heads, numeric);

    /// <summary>Appends a row.</summary>
    /// <param name="cells">One cell for each column; a cell may have several lines.</param>
    public void Add(params string[] cells)
    {
        _page.Add(cells);
        if (_page.Count < PageRows) return;
        _page.WriteTo(terminal);
        _page = new(heads, numeric);
    }

    /// <summary>Writes what is left; without rows nothing.</summary>
    public void End()
    {
        if (_page.Count > 0) _page.WriteTo(terminal);
    }
}
