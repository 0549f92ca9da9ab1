using System.Collections.Immutable;
using System.Security.Cryptography;

namespace PassiveDns.Analysis;

/// <summary>A DKIM key record (RFC 6376 section 3.6.1, RFC 8301, RFC 8463).</summary>
public sealed record DkimKey
{
    private const int Ed25519Length = 32; // RFC 8463 section 4.2

    /// <summary>The type of the key, <c>rsa</c> unless <c>k=</c> says another.</summary>
    public required string KeyType { get; init; }

    /// <summary>What the key is good for.</summary>
    public required DkimKeyState State { get; init; }

    /// <summary>The size of the key in bits, or <c>null</c> if it cannot be read or is revoked.</summary>
    public int? Bits { get; init; }

    /// <summary>SHA-256 over the octets that <c>p=</c> encodes, in hexadecimal: the same wherever the key is published; <c>null</c> if it is revoked.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The hash algorithms that may be used with it (<c>h=</c>); empty for all.</summary>
    public ImmutableArray<string> HashAlgorithms { get; init; } = [];

    /// <summary>The services it is for (<c>s=</c>): <c>*</c> or <c>email</c> among them, or mail is not meant.</summary>
    public ImmutableArray<string> Services { get; init; } = ["*"];

    /// <summary>Whether the domain is testing DKIM (<c>t=y</c>).</summary>
    public bool IsTesting { get; init; }

    /// <summary>Whether the identity must be of exactly the signing domain (<c>t=s</c>).</summary>
    public bool IsStrict { get; init; }

    /// <summary>Whether a text at the place of a key is meant as one: other texts come there by wildcards.</summary>
    public static bool IsMeant(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.TrimStart().StartsWith("v=DKIM", StringComparison.OrdinalIgnoreCase) || (TagList.TryParse(text, out TagList tags, out _) && tags["p"] is not null);
    }

    /// <summary>Reads a record.</summary>
    /// <param name="text">The strings of the TXT record joined.</param>
    /// <param name="key">The key; <c>null</c> if the result is <c>false</c>.</param>
    /// <param name="problem">What is wrong if the result is <c>false</c>.</param>
    public static bool TryParse(string text, out DkimKey? key, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        key = null;
        if (!TagList.TryParse(text, out TagList tags, out problem)) return false;
        problem = null;
        if (tags["v"] is { } version && (version != "DKIM1" || tags.Tags[0].Tag != "v")) problem = "v= is not DKIM1, or not the first tag (RFC 6376 section 3.6.1)";
        else if (tags["p"] is null) problem = "there is no p= (RFC 6376 section 3.6.1)";
        if (problem is not null) return false;
        string encoded = string.Concat(tags["p"]!.Where(static letter => !char.IsWhiteSpace(letter)));
        if (!TryDecode(encoded, out byte[] octets))
        {
            problem = "p= is no base64 (RFC 6376 section 3.6.1)";
            return false;
        }

        string type = tags["k"] ?? "rsa";
        (DkimKeyState state, int? bits) = octets.Length == 0 ? (DkimKeyState.Revoked, null) : Judge(type, octets);
        ImmutableArray<string> flags = List(tags["t"]);
        key = new()
        {
            KeyType = type,
            State = state,
            Bits = bits,
            Sha256 = octets.Length == 0 ? null : Convert.ToHexStringLower(SHA256.HashData(octets)),
            HashAlgorithms = List(tags["h"]),
            Services = tags["s"] is { } services ? List(services) : ["*"],
            IsTesting = flags.Contains("y"),
            IsStrict = flags.Contains("s"),
        };
        return true;
    }

    private static (DkimKeyState State, int? Bits) Judge(string type, byte[] octets)
    {
        switch (type)
        {
            case "rsa":
                int? bits = RsaModulus.Bits(octets);
                return (bits is null ? DkimKeyState.Unreadable : bits < 1024 ? DkimKeyState.TooShort : DkimKeyState.Usable, bits);
            case "ed25519":
                return octets.Length == Ed25519Length ? (DkimKeyState.Usable, 256) : (DkimKeyState.Unreadable, null);
            default:
                return (DkimKeyState.UnknownType, null);
        }
    }

    private static bool TryDecode(string encoded, out byte[] octets)
    {
        octets = new byte[encoded.Length];
        bool isBase64 = Convert.TryFromBase64String(encoded, octets, out int length);
        octets = octets[..length];
        return isBase64;
    }

    private static ImmutableArray<string> List(string? value) =>
        value is null ? [] : [.. value.Split(':', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    /// <inheritdoc/>
    public bool Equals(DkimKey? other) =>
        other is not null && KeyType == other.KeyType && State == other.State && Bits == other.Bits && Sha256 == other.Sha256 && IsTesting == other.IsTesting && IsStrict == other.IsStrict
        && HashAlgorithms.AsSpan().SequenceEqual(other.HashAlgorithms.AsSpan()) && Services.AsSpan().SequenceEqual(other.Services.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(KeyType, State, Sha256);
}
