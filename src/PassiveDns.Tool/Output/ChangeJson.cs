using System.Text.Json;
using PassiveDns.Analysis;

namespace PassiveDns.Tool.Output;

/// <summary>Changes for programs: a line for each.</summary>
internal static class ChangeJson
{
    /// <summary>Writes a change.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="change">The change.</param>
    public static void Write(Terminal terminal, ObservedChange change) => JsonOutput.Write(terminal.Output, json =>
    {
        AnalysisJson.WriteName(json, "name", change.Name);
        json.WriteString("rrtype", RecordTypeNames.Format(change.Type));
        AnalysisJson.WriteName(json, "zone", change.Zone);
        if (change.Type == RecordType.NS) json.WriteString("side", change.Side == UseSide.Parent ? "parent" : "apex");
        json.WriteString("kind", ChangeTable.Word(change.Kind));
        json.WriteString("effect", ChangeTable.Word(change.Effect));
        AnalysisJson.WriteUncertain(json, "time", change.Time);
        json.WriteNumber("share_in_window", change.ShareInWindow);
        if (change.Confidence is { } confidence) json.WriteNumber("confidence", confidence);
        else json.WriteNull("confidence");
        json.WriteString("noise", ChangeTable.Word(change.Noise));
        json.WriteNumber("folded", change.Folded);
        WriteState(json, "before", change.Before);
        WriteState(json, "after", change.After);
        AnalysisJson.WriteDenials(json, change.Denials);
        AnalysisJson.WriteEvidence(json, change.Evidence);
    });

    private static void WriteState(Utf8JsonWriter json, string member, RrsetState? state)
    {
        if (state is null)
        {
            json.WriteNull(member);
            return;
        }

        AnalysisJson.WriteRdata(json, member, state.Values);
        if (state.MinTimeToLive is { } min) json.WriteNumber(member + "_ttl_min", min);
        if (state.MaxTimeToLive is { } max) json.WriteNumber(member + "_ttl_max", max);
    }
}
