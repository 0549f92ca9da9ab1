namespace PassiveDns.Tool.Output;

/// <summary>
/// A table of aligned columns. Nothing is ever cut: where the screen is too narrow for the columns, each row becomes a block of lines instead,
/// so that a name can still be copied from it.
/// </summary>
/// <param name="heads">The heads of the columns; all empty for a table without heads.</param>
/// <param name="numeric">The column that holds numbers and stands to the right, or -1.</param>
internal sealed class ColumnTable(string[] heads, int numeric = -1)
{
    private const string Gap = "  ";

    /// <summary>A wider cell pushes the rest of its own line to the right, not that of all lines: one DKIM key must not spoil a table.</summary>
    private const int MaxAligned = 64;

    private const string Bold = "\u001b[1m";
    private const string Plain = "\u001b[0m";

    private readonly List<string[][]> _rows = [];

    /// <summary>The number of rows.</summary>
    public int Count => _rows.Count;

    /// <summary>Appends a row.</summary>
    /// <param name="cells">One cell for each column; a cell may have several lines.</param>
    public void Add(params string[] cells) => _rows.Add([.. cells.Select(cell => cell.Split('\n'))]);

    /// <summary>Writes the table.</summary>
    /// <param name="terminal">Where it is shown.</param>
    public void WriteTo(Terminal terminal)
    {
        int[] widths = [.. heads.Select(Visible.Width)];
        foreach (string[][] row in _rows)
        {
            for (int i = 0; i < widths.Length; i++)
            {
                foreach (string line in row[i]) widths[i] = Math.Max(widths[i], Math.Min(Visible.Width(line), MaxAligned));
            }
        }

        if (widths.Sum() + Gap.Length * (widths.Length - 1) > terminal.Width && Array.Exists(heads, head => head.Length > 0)) WriteBlocks(terminal);
        else WriteColumns(terminal, widths);
        terminal.Output.Flush();
    }

    private void WriteColumns(Terminal terminal, int[] widths)
    {
        if (Array.Exists(heads, head => head.Length > 0))
        {
            if (terminal.Colours) terminal.Output.Write(Bold);
            WriteLine(terminal.Output, widths, heads);
            if (terminal.Colours) terminal.Output.Write(Plain);
        }

        string[] cells = new string[widths.Length];
        foreach (string[][] row in _rows)
        {
            int lines = row.Max(cell => cell.Length);
            for (int line = 0; line < lines; line++)
            {
                for (int i = 0; i < cells.Length; i++) cells[i] = line < row[i].Length ? row[i][line] : "";
                WriteLine(terminal.Output, widths, cells);
            }
        }
    }

    private void WriteLine(TextWriter output, int[] widths, string[] cells)
    {
        int owed = 0; // blanks are written only in front of something, so that no line ends in blanks
        for (int i = 0; i < cells.Length; i++)
        {
            int missing = Math.Max(widths[i] - Visible.Width(cells[i]), 0);
            if (i == numeric) owed += missing;
            if (cells[i].Length > 0)
            {
                output.Write(new string(' ', owed));
                output.Write(cells[i]);
                owed = 0;
            }

            owed += Gap.Length + (i == numeric ? 0 : missing);
        }

        output.WriteLine();
    }

    private void WriteBlocks(Terminal terminal)
    {
        int width = heads.Max(Visible.Width);
        foreach (string[][] row in _rows)
        {
            for (int i = 0; i < heads.Length; i++)
            {
                for (int line = 0; line < row[i].Length; line++)
                {
                    string head = line == 0 ? heads[i] : "";
                    if (row[i][line].Length == 0)
                    {
                        terminal.Output.WriteLine(head); // no blanks at the end of a line, and nothing bold
                        continue;
                    }

                    string value = i == 0 && terminal.Colours ? Bold + row[i][line] + Plain : row[i][line];
                    terminal.Output.WriteLine(head + new string(' ', width - Visible.Width(head)) + Gap + value);
                }
            }

            terminal.Output.WriteLine();
        }
    }
}
