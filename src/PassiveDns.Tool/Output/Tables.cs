using Spectre.Console;

namespace PassiveDns.Tool.Output;

/// <summary>The look of tables: lines and bold heads on a terminal, bare columns elsewhere.</summary>
internal static class Tables
{
    /// <summary>Makes an empty table.</summary>
    /// <param name="isTerminal">Whether a person looks at it.</param>
    /// <param name="heads">The heads of the columns.</param>
    public static Table Create(bool isTerminal, params ReadOnlySpan<string> heads)
    {
        Table table = new() { Border = isTerminal ? TableBorder.Simple : TableBorder.None };
        foreach (string head in heads)
        {
            TableColumn column = new(new Text(head, new(decoration: Decoration.Bold)));
            if (!isTerminal) column.Padding = new(0, 0, 2, 0);
            table.AddColumn(column);
        }

        return table;
    }
}
