using System.Buffers.Binary;

namespace PassiveDns;

/// <summary>The parameters of SVCB and HTTPS records (RFC 9460 section 2.2): their keys, and how each value is made.</summary>
internal static partial class ServiceParams
{
    public const ushort Mandatory = 0;
    public const ushort Alpn = 1;
    public const ushort Ipv4Hint = 4;
    public const ushort Ipv6Hint = 6;
    public const ushort InvalidKey = 65535;

    /// <summary>How a value stands on the wire.</summary>
    public enum ValueKind : byte
    {
        /// <summary>Octets without a known shape.</summary>
        Unknown,
        Empty,
        Keys,
        Protocols,
        Segments,
        Transports,
        Number,
        Numbers,
        Addresses4,
        Addresses6,
        Base64,
        Text,
    }

    private static readonly string[] s_names =
    [
        "mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", // RFC 9460 section 14.3.2, RFC 9848 for ech
        "dohpath", "ohttp", "tls-supported-groups", // RFC 9461 section 5, RFC 9540 section 4, and its registration
        "docpath", "pvd", "oots", // RFC 9953, draft-ietf-intarea-proxy-config section 2.1, draft-johani-dnsop-svcb-oots
    ];

    private static readonly byte[][] s_asciiNames = [.. s_names.Select(System.Text.Encoding.ASCII.GetBytes)];

    public static ValueKind Kind(ushort key) => key switch
    {
        0 => ValueKind.Keys,
        1 => ValueKind.Protocols,
        2 or 8 or 11 => ValueKind.Empty,
        3 => ValueKind.Number,
        4 => ValueKind.Addresses4,
        5 => ValueKind.Base64,
        6 => ValueKind.Addresses6,
        7 => ValueKind.Text,
        9 => ValueKind.Numbers,
        10 => ValueKind.Segments,
        12 => ValueKind.Transports,
        _ => ValueKind.Unknown,
    };

    /// <summary>The name of a key, or nothing if its text is <c>keyN</c>.</summary>
    public static ReadOnlySpan<byte> Name(ushort key) => key < s_asciiNames.Length ? s_asciiNames[key] : default;

    /// <summary>Reads a key's name or <c>keyN</c> (RFC 9460 section 2.1).</summary>
    public static bool TryParseKey(ReadOnlySpan<byte> text, out ushort key) => TryParseKey(text, out key, out _);

    /// <summary>Reads a key's name or <c>keyN</c>, whose value is made of plain octets, whatever N is (RFC 9460 section 2.1).</summary>
    public static bool TryParseKey(ReadOnlySpan<byte> text, out ushort key, out bool isGeneric)
    {
        isGeneric = false;
        for (key = 0; key < s_asciiNames.Length; key++)
        {
            if (text.SequenceEqual(s_asciiNames[key])) return true;
        }

        key = 0;
        isGeneric = true;
        return text.StartsWith("key"u8) && text.Length is > 3 and <= 8 && (text.Length == 4 || text[3] != '0')
            && ushort.TryParse(text[3..], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out key)
            && key != InvalidKey;
    }

    /// <summary>Judges all parameters: keys strictly rising, each value in the shape of its key.</summary>
    public static RdataStatus Check(ReadOnlySpan<byte> rest)
    {
        RdataStatus status = RdataStatus.Valid;
        int last = -1;
        while (!rest.IsEmpty)
        {
            if (!TryRead(ref rest, out ushort key, out ReadOnlySpan<byte> value)) return RdataStatus.Malformed;
            if (key <= last || key == InvalidKey || !IsSound(Kind(key), value)) status = RdataStatus.Opaque;
            last = key;
        }

        return status;
    }

    public static bool TryRead(ref ReadOnlySpan<byte> rest, out ushort key, out ReadOnlySpan<byte> value)
    {
        key = 0;
        value = default;
        if (rest.Length < 4) return false;
        key = BinaryPrimitives.ReadUInt16BigEndian(rest);
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (4 + length > rest.Length) return false;
        value = rest.Slice(4, length);
        rest = rest[(4 + length)..];
        return true;
    }

    private static bool IsSound(ValueKind kind, ReadOnlySpan<byte> value) => kind switch
    {
        ValueKind.Empty => value.IsEmpty,
        ValueKind.Keys => AreKeysSound(value),
        ValueKind.Protocols => AreProtocolsSound(value),
        ValueKind.Segments => value.IsEmpty || AreProtocolsSound(value), // RFC 9953: the root path has no segments
        ValueKind.Transports => AreTransportsSound(value),
        ValueKind.Number => value.Length == 2,
        ValueKind.Numbers => value.Length > 0 && value.Length % 2 == 0,
        ValueKind.Addresses4 => value.Length > 0 && value.Length % 4 == 0,
        ValueKind.Addresses6 => value.Length > 0 && value.Length % 16 == 0,
        ValueKind.Base64 or ValueKind.Text => !value.IsEmpty,
        _ => true,
    };

    /// <summary>RFC 9460 section 8: rising, without "mandatory" itself.</summary>
    private static bool AreKeysSound(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.Length % 2 != 0) return false;
        int last = Mandatory;
        for (; !value.IsEmpty; value = value[2..])
        {
            int key = BinaryPrimitives.ReadUInt16BigEndian(value);
            if (key <= last || key == InvalidKey) return false;
            last = key;
        }

        return true;
    }

    /// <summary>RFC 9460 section 7.1.1: identifiers with a length octet, none of them empty.</summary>
    private static bool AreProtocolsSound(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return false;
        int at = 0;
        while (at < value.Length)
        {
            if (value[at] == 0) return false;
            at += value[at] + 1;
        }

        return at == value.Length;
    }
}
