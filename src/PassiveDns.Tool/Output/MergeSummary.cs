using System.Globalization;

namespace PassiveDns.Tool.Output;

/// <summary>The account of a merge. What came into each stage stands as the sum of all that became of it.</summary>
internal static class MergeSummary
{
    /// <summary>Writes the account for people.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="facts">What was merged.</param>
    public static void Write(Terminal terminal, MergeFacts facts)
    {
        TextWriter output = terminal.Output;
        string what = facts.Request.FromStore is { } store ? $"store {Visible.OneLine(store)}" : Quantity.Of(facts.Request.Files.Count, "file", "files");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"merged {what} as sensor {facts.Request.Sensor} in {facts.Elapsed.TotalSeconds:0.0} s"));
        output.WriteLine();
        if (facts.Account.Count > 0)
        {
            AccountTable.Write(terminal, facts.Account, stage => stage);
            output.WriteLine();
        }

        AccountTable.WriteBalance(output, facts.IsBalanced);
        output.WriteLine(facts.Written.ToString());
        output.Flush();
    }

    /// <summary>Writes the account as one JSON object.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="facts">What was merged.</param>
    public static void WriteJson(TextWriter output, MergeFacts facts) => JsonOutput.Write(output, json =>
    {
        json.WriteStartArray("files");
        foreach (string file in facts.Request.Files) json.WriteStringValue(file);
        json.WriteEndArray();
        if (facts.Request.FromStore is { } store) json.WriteString("from_store", store);
        json.WriteString("sensor", facts.Request.Sensor.Value);
        json.WriteNumber("seconds", Math.Round(facts.Elapsed.TotalSeconds, 3));
        facts.Written.Write(json);
        json.WriteBoolean("balanced", facts.IsBalanced);
        JsonOutput.WriteAccount(json, facts.Account);
    });
}
