using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>A TLS-RPT record (RFC 8460 section 3): where reports on failed encryption go.</summary>
public sealed record TransportReports
{
    /// <summary>Where the reports go, at least one.</summary>
    public required ImmutableArray<ReportAddress> Reports { get; init; }

    /// <summary>Whether a text is meant as such a record: <c>v=TLSRPTv1</c>, then a semicolon.</summary>
    public static bool IsMeant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith("v=TLSRPTv1", StringComparison.Ordinal) && (text.Length == 10 || text[10] is ';' or ' ' or '\t');
    }

    /// <summary>Reads a record.</summary>
    /// <param name="text">The strings of the TXT record joined.</param>
    /// <param name="record">The record; <c>null</c> if the result is <c>false</c>.</param>
    /// <param name="problem">What is wrong if the result is <c>false</c>.</param>
    public static bool TryParse(string text, out TransportReports? record, out string? problem)
    {
        record = null;
        if (!IsMeant(text))
        {
            problem = "it does not begin with v=TLSRPTv1 (RFC 8460 section 3)";
            return false;
        }

        if (!TagList.TryParse(text, out TagList tags, out problem)) return false;
        problem = null;
        ImmutableArray<ReportAddress> reports = ReportAddress.List(tags["rua"]);
        if (!reports.Any(static report => report.Domain is not null))
        {
            problem = "rua= names no mailto: or https: address (RFC 8460 section 3)";
            return false;
        }

        record = new() { Reports = reports };
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(TransportReports? other) => other is not null && Reports.AsSpan().SequenceEqual(other.Reports.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Reports.Length;
}
