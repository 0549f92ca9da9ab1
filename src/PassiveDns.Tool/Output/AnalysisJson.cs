using System.Text.Json;
using PassiveDns.Analysis;
using PassiveDns.Storage;

namespace PassiveDns.Tool.Output;

/// <summary>The parts of analyses' answers in JSON. Times are Unix seconds; names have no final dot.</summary>
internal static class AnalysisJson
{
    /// <summary>Writes the last line of an answer: what it says about itself.</summary>
    public static void WriteFacts(Terminal terminal, AnswerFacts facts) => JsonOutput.Write(terminal.Output, json =>
    {
        json.WriteStartObject("answer");
        json.WriteString("completeness", facts.Completeness switch { Completeness.Exact => "exact", Completeness.Truncated => "truncated", _ => "estimated" });
        JsonOutput.WriteTime(json, "as_of", facts.AsOf);
        json.WriteNumber("rows_read", facts.RowsRead);
        JsonOutput.WriteTime(json, "coverage_first", facts.Coverage.FirstSeen);
        JsonOutput.WriteTime(json, "coverage_last", facts.Coverage.LastSeen);
        json.WriteNumber("sensors", facts.Coverage.Sensors);
        json.WriteEndObject();
    });

    /// <summary>Writes a name as text.</summary>
    public static void WriteName(Utf8JsonWriter json, string member, DomainName name) => json.WriteString(member, NameDisplay.WithoutFinalDot(name.ToString()));

    /// <summary>Writes names as a list.</summary>
    public static void WriteNames(Utf8JsonWriter json, string member, IEnumerable<DomainName> names)
    {
        json.WriteStartArray(member);
        foreach (DomainName name in names) json.WriteStringValue(NameDisplay.WithoutFinalDot(name.ToString()));
        json.WriteEndArray();
    }

    /// <summary>Writes stretches of time as pairs.</summary>
    public static void WritePresence(Utf8JsonWriter json, Presence presence) => WritePresence(json, "present", presence);

    /// <summary>Writes stretches of time as pairs.</summary>
    public static void WritePresence(Utf8JsonWriter json, string member, Presence presence)
    {
        json.WriteStartArray(member);
        foreach (TimeStretch stretch in presence.Stretches)
        {
            json.WriteStartArray();
            json.WriteNumberValue(stretch.First);
            json.WriteNumberValue(stretch.Last);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the bounds of a time; an open one is null.</summary>
    public static void WriteUncertain(Utf8JsonWriter json, string member, UncertainTime time)
    {
        json.WriteStartObject(member);
        JsonOutput.WriteTime(json, "after", time.After);
        JsonOutput.WriteTime(json, "by", time.By);
        json.WriteEndObject();
    }

    /// <summary>Writes records in presentation form.</summary>
    public static void WriteRdata(Utf8JsonWriter json, string member, IEnumerable<Rdata> records)
    {
        json.WriteStartArray(member);
        foreach (Rdata rdata in records) json.WriteStringValue(rdata.ToString());
        json.WriteEndArray();
    }

    /// <summary>Writes how widely something is used.</summary>
    public static void WriteDegree(Utf8JsonWriter json, Degree degree)
    {
        json.WriteStartObject("degree");
        json.WriteNumber("names", degree.Names);
        json.WriteNumber("registrable_domains", degree.RegistrableDomains);
        json.WriteString("class", Word(degree.Class));
        if (degree.InverseFrequency is { } idf) json.WriteNumber("idf", idf);
        json.WriteEndObject();
    }

    /// <summary>Writes what is known of an address; nothing if nothing is known.</summary>
    public static void WriteFacts(Utf8JsonWriter json, AddressFacts? facts)
    {
        if (facts is null) return;
        json.WriteStartObject("network");
        if (facts.Prefix is { } prefix) json.WriteString("prefix", prefix);
        if (facts.AutonomousSystem is { } asn) json.WriteNumber("asn", asn);
        if (facts.Organisation is { } organisation) json.WriteString("organisation", organisation);
        if (facts.Country is { } country) json.WriteString("country", country);
        json.WriteEndObject();
    }

    /// <summary>Writes the denials behind a statement.</summary>
    public static void WriteDenials(Utf8JsonWriter json, IEnumerable<NegativeSighting> denials)
    {
        json.WriteStartArray("denials");
        foreach (NegativeSighting denial in denials)
        {
            json.WriteStartObject();
            WriteName(json, "name", denial.Name);
            if (denial.Type is { } type) json.WriteString("rrtype", RecordTypeNames.Format(type));
            WriteName(json, "zone", denial.Zone);
            json.WriteNumber("time_first", denial.First);
            json.WriteNumber("time_last", denial.Last);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the rows behind a statement.</summary>
    public static void WriteEvidence(Utf8JsonWriter json, IEnumerable<Observation> rows)
    {
        json.WriteStartArray("evidence");
        foreach (Observation row in rows)
        {
            json.WriteStartObject();
            WriteName(json, "rrname", row.RrName);
            json.WriteString("rrtype", RecordTypeNames.Format(row.Type));
            WriteName(json, "bailiwick", row.Bailiwick);
            WriteRdata(json, "rdata", row.Rdata);
            json.WriteNumber("time_first", row.History.FirstSeen);
            json.WriteNumber("time_last", row.History.LastSeen);
            json.WriteNumber("count", row.History.Count);
            json.WriteString("provenance", Input.ProvenanceText.Format(row.Provenance));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A class in a word.</summary>
    public static string Word(DegreeClass degree) => degree switch { DegreeClass.Dedicated => "dedicated", DegreeClass.Shared => "shared", _ => "mass" };
}
