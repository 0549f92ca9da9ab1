using System.Collections.Immutable;
using System.Globalization;

namespace PassiveDns.Analysis;

/// <summary>A DMARC record (RFC 7489 section 6.3). What breaks the syntax of one tag counts as if the tag were not there, as the standard says.</summary>
public sealed record DmarcRecord
{
    /// <summary>The policy for the domain (<c>p=</c>).</summary>
    public required DmarcPolicy Policy { get; init; }

    /// <summary>The policy for its subdomains (<c>sp=</c>), which is that of the domain unless it says another.</summary>
    public required DmarcPolicy SubdomainPolicy { get; init; }

    /// <summary>Whether <c>p=</c> is missing or no policy, so that <c>none</c> is taken because somebody wants reports (RFC 7489 section 6.6.3).</summary>
    public bool IsPolicyMissing { get; init; }

    /// <summary>Of how many messages out of a hundred the policy is asked for (<c>pct=</c>), 0 to 100.</summary>
    public int Percentage { get; init; } = 100;

    /// <summary>Whether DKIM must match the domain exactly (<c>adkim=s</c>).</summary>
    public bool IsDkimStrict { get; init; }

    /// <summary>Whether SPF must match the domain exactly (<c>aspf=s</c>).</summary>
    public bool IsSpfStrict { get; init; }

    /// <summary>Where aggregate reports go (<c>rua=</c>).</summary>
    public ImmutableArray<ReportAddress> AggregateReports { get; init; } = [];

    /// <summary>Where reports on single messages go (<c>ruf=</c>).</summary>
    public ImmutableArray<ReportAddress> FailureReports { get; init; } = [];

    /// <summary>Whether a text is meant as a DMARC record: <c>v=DMARC1</c> first, in this case (RFC 7489 section 6.4).</summary>
    public static bool IsMeant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int end = text.IndexOf(';', StringComparison.Ordinal);
        string first = end < 0 ? text : text[..end];
        int equals = first.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && first[..equals].TrimEnd(' ', '\t') == "v" && first[(equals + 1)..].Trim(' ', '\t') == "DMARC1";
    }

    /// <summary>Reads a record.</summary>
    /// <param name="text">The strings of the TXT record joined.</param>
    /// <param name="record">The record; <c>null</c> if the result is <c>false</c>.</param>
    /// <param name="problem">What is wrong if the result is <c>false</c>: then receivers act as if there were none.</param>
    public static bool TryParse(string text, out DmarcRecord? record, out string? problem)
    {
        record = null;
        problem = null;
        if (!IsMeant(text))
        {
            problem = "it does not begin with v=DMARC1 (RFC 7489 section 6.4)";
            return false;
        }

        // A part that is no tag is passed over (section 6.3), so the parts are read one by one.
        Dictionary<string, string> tags = [];
        foreach (string part in text.Split(';'))
        {
            if (!TagList.TryParse(part, out TagList one, out _)) continue;
            foreach ((string tag, string value) in one.Tags) tags.TryAdd(tag, value);
        }

        DmarcPolicy? policy = Policies(tags, "p"), subdomains = Policies(tags, "sp");
        ImmutableArray<ReportAddress> aggregate = ReportAddress.List(tags.GetValueOrDefault("rua"));
        bool isBroken = policy is null || (tags.ContainsKey("sp") && subdomains is null);
        if (isBroken && !aggregate.Any(static address => address.Domain is not null))
        {
            problem = "p= is missing, or p= or sp= is no policy, and there is no rua= (RFC 7489 section 6.6.3)";
            return false;
        }

        record = new()
        {
            Policy = isBroken ? DmarcPolicy.None : policy!.Value,
            SubdomainPolicy = isBroken ? DmarcPolicy.None : subdomains ?? policy!.Value,
            IsPolicyMissing = isBroken,
            Percentage = int.TryParse(tags.GetValueOrDefault("pct"), NumberStyles.None, CultureInfo.InvariantCulture, out int percentage) && percentage <= 100 ? percentage : 100,
            IsDkimStrict = Is(tags, "adkim", "s"),
            IsSpfStrict = Is(tags, "aspf", "s"),
            AggregateReports = aggregate,
            FailureReports = ReportAddress.List(tags.GetValueOrDefault("ruf")),
        };
        return true;
    }

    // Keywords in ABNF are compared without case (RFC 5234 section 2.3).
    private static DmarcPolicy? Policies(Dictionary<string, string> tags, string tag) => tags.GetValueOrDefault(tag)?.ToLowerInvariant() switch
    {
        "none" => DmarcPolicy.None,
        "quarantine" => DmarcPolicy.Quarantine,
        "reject" => DmarcPolicy.Reject,
        _ => null,
    };

    private static bool Is(Dictionary<string, string> tags, string tag, string value) => string.Equals(tags.GetValueOrDefault(tag), value, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public bool Equals(DmarcRecord? other) =>
        other is not null && (Policy, SubdomainPolicy, IsPolicyMissing, Percentage, IsDkimStrict, IsSpfStrict)
            == (other.Policy, other.SubdomainPolicy, other.IsPolicyMissing, other.Percentage, other.IsDkimStrict, other.IsSpfStrict)
        && AggregateReports.AsSpan().SequenceEqual(other.AggregateReports.AsSpan()) && FailureReports.AsSpan().SequenceEqual(other.FailureReports.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Policy, SubdomainPolicy, Percentage, AggregateReports.Length);
}
