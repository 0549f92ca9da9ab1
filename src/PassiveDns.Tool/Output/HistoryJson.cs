using System.Text.Json;
using PassiveDns.Analysis;

namespace PassiveDns.Tool.Output;

/// <summary>A history for programs: a line for each run, one for each address, and one for the instability.</summary>
internal static class HistoryJson
{
    /// <summary>Writes a history.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="history">The history.</param>
    public static void Write(Terminal terminal, NameHistory history)
    {
        foreach (RrsetTrack track in history.Tracks)
        {
            foreach (RrsetRun run in track.Runs) WriteRun(terminal, history, track, run);
        }

        foreach (HostedAddress address in history.Addresses) WriteAddress(terminal, history, address);
        WriteInstability(terminal, history);
    }

    private static void WriteRun(Terminal terminal, NameHistory history, RrsetTrack track, RrsetRun run) => JsonOutput.Write(terminal.Output, json =>
    {
        AnalysisJson.WriteName(json, "name", history.Name);
        AnalysisJson.WriteName(json, "rrname", track.Owner);
        json.WriteString("rrtype", RecordTypeNames.Format(track.Type));
        AnalysisJson.WriteName(json, "zone", track.Zone);
        if (track.Type == RecordType.NS) json.WriteString("side", track.Side == UseSide.Parent ? "parent" : "apex");
        AnalysisJson.WriteRdata(json, "rdata", run.State.Values);
        AnalysisJson.WriteUncertain(json, "begin", run.Begin);
        AnalysisJson.WriteUncertain(json, "end", run.End);
        AnalysisJson.WritePresence(json, "gaps", run.Gaps);
        json.WriteBoolean("is_beside", run.IsBeside);
        AnalysisJson.WritePresence(json, run.State.Presence);
        json.WriteNumber("count", run.State.Count);
        if (run.State.MinTimeToLive is { } min) json.WriteNumber("ttl_min", min);
        if (run.State.MaxTimeToLive is { } max) json.WriteNumber("ttl_max", max);
        AnalysisJson.WriteEvidence(json, run.State.Evidence);
    });

    private static void WriteAddress(Terminal terminal, NameHistory history, HostedAddress address) => JsonOutput.Write(terminal.Output, json =>
    {
        AnalysisJson.WriteName(json, "name", history.Name);
        json.WriteString("address", address.Address.ToString());
        json.WriteString("prefix", address.Prefix.ToString());
        AnalysisJson.WritePresence(json, address.Presence);
        json.WriteStartArray("networks");
        foreach (DatedAddressFacts dated in address.Facts)
        {
            json.WriteStartObject();
            json.WriteNumber("from", dated.From);
            AnalysisJson.WriteFacts(json, dated.Facts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteInstability(Terminal terminal, NameHistory history) => JsonOutput.Write(terminal.Output, json =>
    {
        Instability measured = history.Instability;
        AnalysisJson.WriteName(json, "name", history.Name);
        json.WriteStartObject("instability");
        json.WriteNumber("addresses", measured.Addresses);
        json.WriteNumber("prefixes", measured.Prefixes);
        if (measured.AutonomousSystems is { } systems) json.WriteNumber("autonomous_systems", systems);
        if (measured.Countries is { } countries) json.WriteNumber("countries", countries);
        json.WriteNumber("name_servers", measured.NameServers);
        json.WriteNumber("address_sets", measured.AddressSets);
        json.WriteNumber("active_days", measured.ActiveDays);
        json.WriteNumber("addresses_per_day", measured.AddressesPerDay);
        json.WriteNumber("growth", measured.Growth);
        json.WriteNumber("changes", measured.Changes);
        json.WriteNumber("name_server_changes", measured.NameServerChanges);
        json.WriteNumber("churn", measured.Churn);
        json.WriteNumber("median_dwell_days", measured.MedianDwellDays);
        json.WriteNumber("longest_share", measured.LongestShare);
        json.WriteNumber("entropy", measured.Entropy);
        json.WriteNumber("normalised_entropy", measured.NormalisedEntropy);
        json.WriteNumber("recent_changes", measured.RecentChanges);
        json.WriteNumber("recent_name_server_changes", measured.RecentNameServerChanges);
        json.WriteNumber("fluxiness", measured.Fluxiness);
        if (measured.Flux is { } flux) WriteFlux(json, flux);
        if (measured.TimesToLive is { } ttl)
        {
            json.WriteStartObject("ttl");
            json.WriteNumber("min", ttl.Min);
            json.WriteNumber("median", ttl.Median);
            json.WriteNumber("max", ttl.Max);
            json.WriteNumber("standard_deviation", ttl.StandardDeviation);
            json.WriteEndObject();
        }

        json.WriteStartArray("guards");
        foreach (InstabilityGuard guard in measured.Guards)
        {
            json.WriteStartObject();
            json.WriteString("kind", HistoryTables.Word(guard.Kind).Replace(' ', '_'));
            json.WriteNumber("value", guard.Value);
            json.WriteNumber("threshold", guard.Threshold);
            json.WriteBoolean("holds", guard.Holds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteFlux(Utf8JsonWriter json, FluxScore flux)
    {
        json.WriteStartObject("flux");
        json.WriteNumber("from", flux.From);
        json.WriteNumber("seconds", flux.Seconds);
        json.WriteNumber("addresses", flux.Addresses);
        if (flux.AutonomousSystems is { } systems) json.WriteNumber("autonomous_systems", systems);
        json.WriteNumber("name_servers", flux.NameServers);
        if (flux.Score is { } score) json.WriteNumber("score", score);
        json.WriteNumber("threshold", flux.Threshold);
        json.WriteEndObject();
    }
}
