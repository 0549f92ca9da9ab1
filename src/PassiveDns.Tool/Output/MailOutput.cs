using System.Text.Json;
using PassiveDns.Analysis;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Output;

/// <summary>What domains publish for their mail, as lines of a table and as JSON. Texts of records are those of strangers and are made safe to show.</summary>
internal static class MailOutput
{
    private const int ManyLookups = 10; // RFC 7208 section 4.6.4

    /// <summary>Adds a line for each kind of record.</summary>
    public static void AddTo(PagedTable table, MailAuthentication found)
    {
        string name = NameDisplay.Format(found.Name);
        Add(table, name, "spf", found.Spf, SpfNotes(found.SpfGraph));
        if (!found.HistoricSpf.IsEmpty)
            table.Add(name, "spf type 99", "not used", TimeText.Format(found.HistoricSpf.Max(text => text.Presence.Last)), string.Join('\n', found.HistoricSpf.Select(text => Visible.OneLine(text.Text))));
        foreach (DkimSelector selector in found.Dkim) Add(table, name, $"dkim {selector.Selector}", selector.Key, selector.Key.Record is { } key ? key.Sha256 is { } digest ? [KeyText(key), $"sha256 {digest}"] : [KeyText(key)] : []);
        Add(table, name, "dmarc", found.Dmarc);
        if (found.InheritedDmarc is { } inherited) Add(table, name, $"dmarc of {NameDisplay.Format(found.RegistrableDomain)}", inherited);
        Add(table, name, "mta-sts", found.TransportPolicy);
        Add(table, name, "tls-rpt", found.TransportReports);
        Add(table, name, "bimi", found.BrandIndicator);
    }

    /// <summary>Writes one object.</summary>
    public static void WriteJson(Terminal terminal, MailAuthentication found) => JsonOutput.Write(terminal.Output, json =>
    {
        AnalysisJson.WriteName(json, "name", found.Name);
        AnalysisJson.WriteName(json, "registrable_domain", found.RegistrableDomain);
        Write(json, "spf", found.Spf, record =>
        {
            if (record.All is { } all) json.WriteString("all", all switch { SpfQualifier.Pass => "pass", SpfQualifier.Fail => "fail", SpfQualifier.SoftFail => "softfail", _ => "neutral" });
            WriteTexts(json, "terms", record.Terms.Select(term => term.Text));
        });
        WriteTimeline(json, "historic_spf", found.HistoricSpf);
        json.WriteStartObject("spf_graph");
        WriteNode(json, found.SpfGraph);
        json.WriteEndObject();
        json.WriteStartArray("dkim");
        foreach (DkimSelector selector in found.Dkim)
        {
            json.WriteStartObject();
            json.WriteString("selector", selector.Selector);
            WriteContent(json, selector.Key, key => WriteKey(json, key));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, "dmarc", found.Dmarc, record => WriteDmarc(json, record));
        if (found.InheritedDmarc is { } inherited) Write(json, "inherited_dmarc", inherited, record => WriteDmarc(json, record));
        Write(json, "mta_sts", found.TransportPolicy, record => json.WriteString("id", record.Id));
        Write(json, "tls_rpt", found.TransportReports, record => WriteTexts(json, "rua", record.Reports.Select(report => report.Uri)));
        Write(json, "bimi", found.BrandIndicator, record =>
        {
            json.WriteString("location", record.Location);
            json.WriteString("authority", record.Authority);
        });
    });

    /// <summary>Writes what is known of a key, into the object that is open.</summary>
    public static void WriteKey(Utf8JsonWriter json, DkimKey key)
    {
        json.WriteString("key_type", key.KeyType);
        json.WriteString("key_state", Word(key.State));
        if (key.Bits is { } bits) json.WriteNumber("bits", bits);
        if (key.Sha256 is { } digest) json.WriteString("sha256", digest);
        json.WriteBoolean("testing", key.IsTesting);
        json.WriteBoolean("strict", key.IsStrict);
        WriteTexts(json, "hash_algorithms", key.HashAlgorithms);
        WriteTexts(json, "services", key.Services);
    }

    /// <summary>A key in a few words.</summary>
    public static string KeyText(DkimKey key) =>
        $"{Visible.OneLine(key.KeyType)}{(key.Bits is { } bits ? $" {bits} bits" : "")}{(key.State == DkimKeyState.Usable ? "" : $", {Word(key.State)}")}{(key.IsTesting ? ", testing" : "")}";

    private static void Add<T>(PagedTable table, string name, string what, Publication<T> published, IEnumerable<string>? notes = null)
        where T : class
    {
        if (what != "spf" && published.State == PublicationState.Unknown && published.Aliases.IsEmpty) return; // a line that says nothing
        List<string> lines = [.. published.Texts.Select(Visible.OneLine)];
        if (!published.Aliases.IsEmpty) lines.Add($"at {NameDisplay.Format(published.Aliases[^1])}");
        if (published.Problem is { } problem) lines.Add(Visible.OneLine(problem));
        lines.AddRange(notes ?? []);
        table.Add(name, what, Word(published.State), published.LastSeen is { } seen ? TimeText.Format(seen) : "", string.Join('\n', lines));
    }

    private static IEnumerable<string> SpfNotes(SpfNode root)
    {
        if (root.State != PublicationState.Published) return [];
        string unknown = root.IsComplete ? "" : ", and what is not known";
        string limit = root.Lookups > ManyLookups ? $": receivers stop at {ManyLookups}" : "";
        return root.Nodes.Length == 0 && limit.Length == 0 ? [] : [$"{Quantity.Of(root.Lookups, "look-up", "look-ups")}{unknown}{limit}"];
    }

    private static void Write<T>(Utf8JsonWriter json, string member, Publication<T> published, Action<T> write)
        where T : class
    {
        json.WriteStartObject(member);
        WriteContent(json, published, write);
        json.WriteEndObject();
    }

    private static void WriteContent<T>(Utf8JsonWriter json, Publication<T> published, Action<T> write)
        where T : class
    {
        json.WriteString("state", Word(published.State));
        JsonOutput.WriteTime(json, "last_seen", published.LastSeen);
        WriteTexts(json, "texts", published.Texts);
        if (published.Problem is { } problem) json.WriteString("problem", problem);
        if (!published.Aliases.IsEmpty) AnalysisJson.WriteNames(json, "aliases", published.Aliases);
        if (published.Record is { } record) write(record);
        WriteTimeline(json, "timeline", published.Timeline);
        AnalysisJson.WriteDenials(json, published.Denials);
        AnalysisJson.WriteEvidence(json, published.Evidence);
    }

    private static void WriteNode(Utf8JsonWriter json, SpfNode node)
    {
        json.WriteString("domain", node.Domain);
        if (node.Through is { } through) json.WriteString("through", through == SpfTermKind.Include ? "include" : "redirect");
        json.WriteString("state", Word(node.State));
        if (node.Text is { } text) json.WriteString("text", text);
        json.WriteBoolean("loop", node.IsLoop);
        json.WriteNumber("lookups", node.Lookups);
        json.WriteBoolean("complete", node.IsComplete);
        json.WriteStartArray("nodes");
        foreach (SpfNode below in node.Nodes)
        {
            json.WriteStartObject();
            WriteNode(json, below);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDmarc(Utf8JsonWriter json, DmarcRecord record)
    {
        json.WriteString("policy", Word(record.Policy));
        json.WriteString("subdomain_policy", Word(record.SubdomainPolicy));
        json.WriteBoolean("policy_missing", record.IsPolicyMissing);
        json.WriteNumber("percentage", record.Percentage);
        json.WriteBoolean("strict_dkim", record.IsDkimStrict);
        json.WriteBoolean("strict_spf", record.IsSpfStrict);
        WriteTexts(json, "rua", record.AggregateReports.Select(report => report.Uri));
        WriteTexts(json, "ruf", record.FailureReports.Select(report => report.Uri));
    }

    private static void WriteTimeline(Utf8JsonWriter json, string member, IEnumerable<PublishedText> texts)
    {
        json.WriteStartArray(member);
        foreach (PublishedText text in texts)
        {
            json.WriteStartObject();
            json.WriteString("text", text.Text);
            AnalysisJson.WritePresence(json, text.Presence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string member, IEnumerable<string> texts)
    {
        json.WriteStartArray(member);
        foreach (string text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string Word(PublicationState state) => state switch
    {
        PublicationState.Published => "published",
        PublicationState.Absent => "absent",
        PublicationState.Multiple => "multiple",
        PublicationState.Invalid => "invalid",
        _ => "unknown",
    };

    private static string Word(DkimKeyState state) => state switch
    {
        DkimKeyState.Usable => "usable",
        DkimKeyState.Revoked => "revoked",
        DkimKeyState.TooShort => "too short",
        DkimKeyState.Unreadable => "unreadable",
        _ => "unknown type",
    };

    private static string Word(DmarcPolicy policy) => policy switch { DmarcPolicy.None => "none", DmarcPolicy.Quarantine => "quarantine", _ => "reject" };
}
