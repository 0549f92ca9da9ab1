using System.Globalization;

namespace PassiveDns.Tool.Output;

/// <summary>An account for people: each stage with what became of its things, and their sum.</summary>
internal static class AccountTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="account">The lines, those of a stage together.</param>
    /// <param name="unit">The word for the things of a stage.</param>
    public static void Write(Terminal terminal, IReadOnlyList<StageCount> account, Func<string, string> unit)
    {
        ColumnTable table = new(["stage", "what became of them", "count", ""], numeric: 2);
        foreach (IGrouping<string, StageCount> stage in account.GroupBy(line => line.Stage))
        {
            string name = unit(stage.Key);
            foreach (StageCount line in stage)
            {
                table.Add(name, line.Fate, Number(line.Count), line.IsDrop ? "dropped" : "");
                name = "";
            }

            table.Add("", "total", Number(stage.Sum(line => line.Count)), "");
        }

        table.WriteTo(terminal);
    }

    /// <summary>Says whether the account adds up.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="isBalanced">Whether it does.</param>
    /// <param name="imbalances">What does not, in sentences.</param>
    public static void WriteBalance(TextWriter output, bool isBalanced, params IReadOnlyList<string> imbalances)
    {
        output.WriteLine(isBalanced
            ? "The account is balanced: what left one stage entered the next, and nothing was lost without a line above."
            : $"THE ACCOUNT IS NOT BALANCED; please report it{(imbalances.Count == 0 ? "." : ":")}");
        foreach (string imbalance in imbalances) output.WriteLine($"  {imbalance}");
    }

    /// <summary>A count with thousands apart.</summary>
    /// <param name="number">The count.</param>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
