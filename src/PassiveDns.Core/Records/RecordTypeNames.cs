using System.Buffers.Text;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace PassiveDns;

/// <summary>The names of record types, and the two groups that stores and queries ask for.</summary>
public static class RecordTypeNames
{
    /// <summary>The longest name, in octets: "NSEC3PARAM" and "OPENPGPKEY".</summary>
    public const int MaxLength = 10;

    private static readonly FrozenDictionary<ushort, byte[]> s_names = Enum.GetValues<RecordType>()
        .Where(type => type != RecordType.None)
        .ToFrozenDictionary(type => (ushort)type, type => Encoding.ASCII.GetBytes(type.ToString().Replace('_', '-')));

    private static readonly FrozenDictionary<string, RecordType> s_types =
        s_names.ToFrozenDictionary(pair => Encoding.ASCII.GetString(pair.Value), pair => (RecordType)pair.Key, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, RecordType>.AlternateLookup<ReadOnlySpan<char>> s_lookup =
        s_types.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The name as in the IANA registry, or <c>TYPEn</c> for a type without one (RFC 3597 section 5).</summary>
    /// <param name="type">Any type.</param>
    public static string Format(RecordType type)
    {
        Span<byte> name = stackalloc byte[MaxLength];
        TryFormat(type, name, out int written);
        return Encoding.ASCII.GetString(name[..written]);
    }

    /// <summary>Writes the name as in the IANA registry, or <c>TYPEn</c> for a type without one (RFC 3597 section 5).</summary>
    /// <param name="type">Any type.</param>
    /// <param name="destination">Room for ASCII text; <see cref="MaxLength"/> octets always suffice.</param>
    /// <param name="written">The octets written.</param>
    /// <returns><c>false</c> if the room is too small.</returns>
    public static bool TryFormat(RecordType type, Span<byte> destination, out int written)
    {
        written = 0;
        if (s_names.TryGetValue((ushort)type, out byte[]? name))
        {
            if (!name.AsSpan().TryCopyTo(destination)) return false;
            written = name.Length;
            return true;
        }

        if (!"TYPE"u8.TryCopyTo(destination) || !Utf8Formatter.TryFormat((ushort)type, destination[4..], out int digits)) return false;
        written = 4 + digits;
        return true;
    }

    /// <summary>Whether a type has a name of its own in <see cref="RecordType"/>, so that its text is not <c>TYPEn</c>.</summary>
    /// <param name="type">Any type.</param>
    public static bool IsNamed(this RecordType type) => s_names.ContainsKey((ushort)type);

    /// <summary>Reads a type's name, or <c>TYPEn</c> with n from 0 to 65535 (RFC 3597 section 5), in any letter case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="type">The type, or 0 when the result is <c>false</c>.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordType type)
    {
        if (s_lookup.TryGetValue(text, out type)) return true;
        if (text.Length is >= 5 and <= 9 && text.StartsWith("TYPE", StringComparison.OrdinalIgnoreCase)
            && ushort.TryParse(text[4..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort number))
        {
            type = (RecordType)number;
            return true;
        }

        type = default;
        return false;
    }

    /// <summary>Reads a type's name from ASCII text; see <see cref="TryParse(ReadOnlySpan{char}, out RecordType)"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="type">The type, or 0 when the result is <c>false</c>.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out RecordType type)
    {
        type = default;
        Span<char> chars = stackalloc char[MaxLength];
        return text.Length <= MaxLength && Ascii.ToUtf16(text, chars, out int length) == System.Buffers.OperationStatus.Done
            && TryParse(chars[..length], out type);
    }

    /// <summary>Whether a type is never stored: 0, OPT, and the range of questions and meta types, 128 to 255 (RFC 6895 section 3.1).</summary>
    /// <param name="type">Any type.</param>
    public static bool IsMeta(this RecordType type) => type is RecordType.None or RecordType.OPT or >= RecordType.NXNAME and <= RecordType.ANY;

    /// <summary>Whether a type belongs to the DNSSEC types, which DNSDB's ANY leaves out and its ANY-DNSSEC stands for.</summary>
    /// <param name="type">Any type.</param>
    public static bool IsDnssec(this RecordType type) => type is RecordType.DS or RecordType.RRSIG or RecordType.NSEC or RecordType.DNSKEY
        or RecordType.NSEC3 or RecordType.NSEC3PARAM or RecordType.DLV or RecordType.CDS or RecordType.CDNSKEY or RecordType.TA;
}
