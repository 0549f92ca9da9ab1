using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Views;

/// <summary>The rows of one table that may answer a question, in the order of their keys, as an index of the table names them. It stands before the first one at the start.</summary>
/// <param name="table">The table.</param>
/// <param name="part">What of the table is looked at.</param>
internal abstract class TableCandidates(Table table, RrsetPart part)
{
    public Table Table { get; } = table;

    public RrsetPart Part { get; } = part;

    public ReadOnlySpan<byte> Key => Cursor.Key;

    /// <summary>The row's history in this table, whatever was deleted since it was written.</summary>
    public ReadOnlySpan<byte> Value => Cursor.Value;

    /// <summary>Made when the index has named something: many tables have nothing.</summary>
    protected TableCursor Cursor => field ??= new(Table, part: Part);

    public abstract bool MoveNext();
}
