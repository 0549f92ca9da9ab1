using System.Globalization;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Output;

/// <summary>Rows as a table for people: a set takes one line for each of its records.</summary>
internal sealed class TableRows : IRowOutput
{
    private readonly bool _provenance;
    private readonly bool _intervals;
    private readonly PagedTable _table;

    /// <summary>Makes an empty table.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="provenance">Whether to add the provenance.</param>
    /// <param name="intervals">Whether a row gets a line for each interval in which it was seen, instead of one for its whole life.</param>
    public TableRows(Terminal terminal, bool provenance, bool intervals)
    {
        string[] heads = ["rrname", "type", "rdata", "first seen", "last seen", "count", "bailiwick"];
        _provenance = provenance;
        _intervals = intervals;
        _table = new(terminal, provenance ? [.. heads, "provenance"] : heads, numeric: 5);
    }

    /// <inheritdoc/>
    public void Write(ObservationRows rows)
    {
        foreach (ObservationRow row in rows) Write(row.ToObservation());
    }

    /// <inheritdoc/>
    public void End() => _table.End();

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Write(Observation row)
    {
        SightingHistory history = row.History;
        SightingInterval[] lives = _intervals ? [.. history.Intervals] : [new(history.FirstSeen, history.LastSeen, history.Count)];
        string[] cells =
        [
            NameDisplay.Format(row.RrName) + Folding(history),
            RecordTypeNames.Format(row.Type),
            string.Join('\n', row.Rdata.Select(Format)),
            string.Join('\n', lives.Select(life => TimeText.Format(life.First))),
            string.Join('\n', lives.Select(life => TimeText.Format(life.Last))),
            string.Join('\n', lives.Select(life => life.Count.ToString(CultureInfo.InvariantCulture))),
            NameDisplay.Format(row.Bailiwick),
        ];
        _table.Add(_provenance ? [.. cells, ProvenanceText.Format(row.Provenance)] : cells);
    }

    /// <summary>What a summary is one of, so that nobody takes it for an answer; the name stays a word of its own.</summary>
    private static string Folding(SightingHistory history)
    {
        List<string> parts = [];
        if ((history.Folding & SightingFolding.Names) != 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"about {history.DistinctNames} names folded"));
        if ((history.Folding & SightingFolding.SampleData) != 0) parts.Add("data is a sample");
        if ((history.Folding & SightingFolding.Sets) != 0) parts.Add("union of sets");
        if ((history.Folding & SightingFolding.Records) != 0) parts.Add("in sets that were folded");
        return parts.Count == 0 ? "" : $" ({string.Join("; ", parts)})";
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
