using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Where reports go.</summary>
/// <param name="Uri">The address as it is written, a size limit included.</param>
/// <param name="Domain">The domain that gets them: of a mailbox what is behind the <c>@</c>, of a web address its host; <c>null</c> if it is neither.</param>
public sealed record ReportAddress(string Uri, DomainName? Domain)
{
    /// <summary>Reads a list of addresses with commas (RFC 7489 section 6.2).</summary>
    internal static ImmutableArray<ReportAddress> List(string? value)
    {
        if (value is null) return [];
        return [.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(static uri => new ReportAddress(uri, DomainOf(uri)))];
    }

    private static DomainName? DomainOf(string uri)
    {
        string? host = null;
        if (uri.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
        {
            string mailbox = uri[7..];
            int limit = mailbox.IndexOfAny(['!', '?']), at = mailbox.LastIndexOf('@');
            if (limit > at) mailbox = mailbox[..limit];
            host = at >= 0 ? mailbox[(at + 1)..] : null;
        }
        else if (uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            string rest = uri[8..];
            int end = rest.IndexOfAny(['/', ':', '?', '#', '!']);
            host = end < 0 ? rest : rest[..end];
        }

        return !string.IsNullOrEmpty(host) && DomainName.TryParse(host, out DomainName name) && !name.IsRoot ? name : null;
    }
}
