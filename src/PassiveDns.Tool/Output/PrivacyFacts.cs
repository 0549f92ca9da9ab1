using System.Globalization;
using PassiveDns.Storage;
using PassiveDns.Storage.Privacy;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Output;

/// <summary>What <c>pdns privacy-report</c> found, for people or programs.</summary>
internal sealed class PrivacyFacts
{
    /// <summary>All that a row consists of. None of it can hold who asked.</summary>
    private static readonly string[] s_fields =
        ["owner name", "type", "bailiwick", "provenance", "data", "intervals of times in seconds", "counts", "lowest and highest TTL", "fingerprints of up to 8 sensors"];

    /// <summary>What the store holds.</summary>
    public required StoreStatus Status { get; init; }

    /// <summary>The thresholds that the report is about.</summary>
    public required PublicationOptions Thresholds { get; init; }

    /// <summary>How much is published under them.</summary>
    public required PublicationReport Publication { get; init; }

    /// <summary>Owner names of the rows that are stored, by the rule that they would fall under.</summary>
    public required IReadOnlyList<StageCount> Secrets { get; init; }

    /// <summary>What imports counted before anything was stored.</summary>
    public required IReadOnlyList<StageCount> Before { get; init; }

    private double HeldBackShare => Publication.Names == 0 ? 0 : (double)Publication.NamesHeldBack / Publication.Names;

    /// <summary>Writes the page.</summary>
    /// <param name="terminal">Where it is shown.</param>
    public void Write(Terminal terminal)
    {
        TextWriter output = terminal.Output;
        CultureInfo culture = CultureInfo.InvariantCulture;
        output.WriteLine($"What is kept: {Quantity.Of(Publication.Rows, "row", "rows")} of {Quantity.Of(Publication.Names, "name", "names")}"
            + (Status is { FirstSeen: { } first, LastSeen: { } last } ? $", seen from {TimeText.Format(first)} to {TimeText.Format(last)} UTC." : "."));
        output.WriteLine($"A row consists of: {string.Join(", ", s_fields)}.");
        output.WriteLine("No row holds a client, a resolver, a port, a query id or an EDNS option such as a client's subnet: there is no field for them.");
        output.WriteLine(string.Create(
            culture,
            $"Publication threshold: {Thresholds.MinSensors} sensors{(Thresholds.MinDays > 0 ? $" or {Thresholds.MinDays} days" : "")}. Held back: {Quantity.Of(Publication.NamesHeldBack, "name", "names")} "
            + $"({100 * HeldBackShare:0.##} %) and {Quantity.Of(Publication.RowsHeldBack, "row", "rows")}."));
        output.WriteLine();
        AccountTable.Write(terminal, [.. Secrets, .. Before], stage => stage);
        output.Flush();
    }

    /// <summary>Writes one JSON object.</summary>
    /// <param name="output">Where it goes.</param>
    public void WriteJson(TextWriter output) => JsonOutput.Write(output, json =>
    {
        json.WriteNumber("rows", Publication.Rows);
        json.WriteNumber("names", Publication.Names);
        JsonOutput.WriteTime(json, "time_first", Status.FirstSeen);
        JsonOutput.WriteTime(json, "time_last", Status.LastSeen);
        json.WriteStartArray("fields");
        foreach (string field in s_fields) json.WriteStringValue(field);
        json.WriteEndArray();
        json.WriteBoolean("client_identity_fields", false);
        json.WriteNumber("min_sensors", Thresholds.MinSensors);
        json.WriteNumber("min_days", Thresholds.MinDays);
        json.WriteNumber("names_held_back", Publication.NamesHeldBack);
        json.WriteNumber("rows_held_back", Publication.RowsHeldBack);
        json.WriteNumber("names_held_back_share", Math.Round(HeldBackShare, 4));
        JsonOutput.WriteAccount(json, [.. Secrets, .. Before]);
    });
}
