using System.Net;
using PassiveDns.Storage;

namespace PassiveDns.Tool.Input;

/// <summary>Addresses, networks and ranges as people write them. Stricter than the framework, which takes "1" for 0.0.0.1.</summary>
internal static class AddressText
{
    /// <summary>Reads <c>ADDRESS</c>, <c>ADDRESS/LENGTH</c> or <c>ADDRESS-ADDRESS</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="anchor">Where to look.</param>
    /// <param name="problem">What is wrong when the result is <c>false</c>.</param>
    public static bool TryParseRange(string text, out QueryAnchor? anchor, out string problem)
    {
        anchor = null;
        problem = "give an address (192.0.2.1, 2001:db8::1), a network (192.0.2.0/24) or a range (192.0.2.1-192.0.2.9)";
        int hyphen = text.IndexOf('-', StringComparison.Ordinal);
        if (hyphen < 0)
        {
            if (!TryParseNetwork(text, out IPNetwork network)) return false;
            anchor = QueryAnchor.Network(network);
            return true;
        }

        if (!HostAddress.TryParse(text[..hyphen].Trim(), out HostAddress first) || !HostAddress.TryParse(text[(hyphen + 1)..].Trim(), out HostAddress last)) return false;
        if (first.IsIPv4 != last.IsIPv4)
        {
            problem = "both ends of a range must be of one family";
            return false;
        }

        if (first > last)
        {
            problem = "the range ends before it starts";
            return false;
        }

        anchor = new QueryAnchor.AddressRange(first, last);
        return true;
    }

    /// <summary>
    /// Whether an address, a network or a range was meant, well-formed or not. 192.0.2.0/33 is a legal name, but nobody means it: no top-level domain ends in a digit or holds a colon.
    /// </summary>
    /// <param name="text">The text.</param>
    public static bool LooksLikeOne(string text)
    {
        if (!text.All(static c => char.IsAsciiHexDigit(c) || c is '.' or ':' or '/' or '-')) return false;
        return text.Contains(':', StringComparison.Ordinal) || (text.AsSpan().ContainsAny('.', '/') && char.IsAsciiDigit(text[^1]));
    }

    /// <summary>Reads <c>ADDRESS</c> or <c>ADDRESS/LENGTH</c>; host bits that are set are cleared.</summary>
    /// <param name="text">The text.</param>
    /// <param name="network">The network.</param>
    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        network = default;
        if (!HostAddress.TryParseNetwork(text, out HostAddress address, out int length)) return false;
        return IPNetwork.TryParse($"{address}/{length}", out network);
    }
}
