using System.Globalization;
using PassiveDns.Tool.Input;
using Spectre.Console;

namespace PassiveDns.Tool.Output;

/// <summary>Rows as a table for people: a set takes one line for each of its records.</summary>
internal sealed class TableRows : IRowOutput
{
    private readonly Terminal _terminal;
    private readonly bool _provenance;
    private readonly Table _table;

    /// <summary>Makes an empty table.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="provenance">Whether to add the provenance.</param>
    public TableRows(Terminal terminal, bool provenance)
    {
        _terminal = terminal;
        _provenance = provenance;
        _table = Tables.Create(terminal.OutputIsTerminal, "rrname", "type", "rdata", "first seen", "last seen", "count", "bailiwick");
        foreach (int fixedWidth in (int[])[1, 3, 4, 5]) _table.Columns[fixedWidth].NoWrap = true;
        _table.Columns[5].RightAligned();
        if (provenance) _table.AddColumn("provenance");
    }

    /// <inheritdoc/>
    public void Write(ObservationRows rows)
    {
        foreach (ObservationRow row in rows) Write(row.ToObservation());
    }

    /// <inheritdoc/>
    public void End()
    {
        if (_table.Rows.Count > 0) _terminal.OutputConsole().Write(_table);
        _terminal.Output.Flush();
    }

    private void Write(Observation row)
    {
        List<Text> cells =
        [
            new(NameDisplay.Format(row.RrName)),
            new(RecordTypeNames.Format(row.Type)),
            new(string.Join('\n', row.Rdata.Select(Format))),
            new(TimeText.Format(row.History.FirstSeen)),
            new(TimeText.Format(row.History.LastSeen)),
            new(row.History.Count.ToString(CultureInfo.InvariantCulture)),
            new(NameDisplay.Format(row.Bailiwick)),
        ];
        if (_provenance) cells.Add(new(ProvenanceText.Format(row.Provenance)));
        _table.AddRow(cells);
    }

    private static string Format(Rdata rdata)
    {
        string text = rdata.ToString();
        Span<byte> buffer = stackalloc byte[DomainName.MaxWireLength];
        if (!text.Contains("xn--", StringComparison.Ordinal)
            || !RecordData.TryGetTarget(rdata.Type, rdata.Canonical, buffer, out ReadOnlySpan<byte> target)
            || !DomainName.TryFromWire(target, out DomainName name))
        {
            return text;
        }

        return NameDisplay.ToUnicode(name.ToString()) is { } unicode ? $"{text} ({unicode})" : text;
    }
}
