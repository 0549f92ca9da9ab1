using System.Buffers.Binary;

namespace PassiveDns;

/// <summary>
/// Measures fields of rdata and judges them. A field that does not fit is malformed; one that fits but breaks a rule of its type is
/// opaque, so that nobody can hide a record behind pedantry. Nothing here trusts its input.
/// </summary>
internal static partial class RdataField
{
    /// <summary>Replaces the kinds that depend on octets before the field by the kind that really stands there.</summary>
    /// <param name="kind">The kind in the table.</param>
    /// <param name="source">Octets that hold the rdata from its start at the latest.</param>
    /// <param name="at">Where the field starts.</param>
    public static FieldKind Resolve(FieldKind kind, ReadOnlySpan<byte> source, int at) => kind switch
    {
        FieldKind.Gateway => GatewayKind(source[at - 2], kind),
        FieldKind.Relay => GatewayKind(source[at - 1] & 0x7F, kind),
        _ => kind,
    };

    /// <summary>Measures a field; names must be uncompressed here.</summary>
    /// <param name="kind">A resolved kind.</param>
    /// <param name="source">Octets that hold the rdata.</param>
    /// <param name="at">Where the field starts.</param>
    /// <param name="end">Where the rdata ends.</param>
    /// <param name="length">The octets of the field.</param>
    public static RdataStatus Measure(FieldKind kind, ReadOnlySpan<byte> source, int at, int end, out int length)
    {
        ReadOnlySpan<byte> rest = source[at..end];
        length = 0;
        switch (kind)
        {
            case FieldKind.None:
            case FieldKind.OptionalCharString or FieldKind.OptionalName when rest.IsEmpty:
                return RdataStatus.Valid;
            case FieldKind.U8 or FieldKind.Algorithm or FieldKind.Protocol or FieldKind.NotificationScheme or FieldKind.RelayType:
                return Fixed(rest, 1, out length);
            case FieldKind.U16 or FieldKind.TypeNumber or FieldKind.CertificateType:
                return Fixed(rest, 2, out length);
            case FieldKind.U32 or FieldKind.Time or FieldKind.Address4:
                return Fixed(rest, 4, out length);
            case FieldKind.Eui48:
                return Fixed(rest, 6, out length);
            case FieldKind.U64 or FieldKind.Eui64 or FieldKind.Locator64:
                return Fixed(rest, 8, out length);
            case FieldKind.Address6:
                return Fixed(rest, 16, out length);
            case FieldKind.Name or FieldKind.OptionalName:
                length = NameWire.Measure(rest);
                return length < 0 ? RdataStatus.Malformed : RdataStatus.Valid;
            case FieldKind.Names:
                return MeasureNames(rest, out length);
            case FieldKind.CharString or FieldKind.OptionalCharString or FieldKind.Salt:
                return Prefixed(rest, out length);
            case FieldKind.Hash: // RFC 5155 section 3.2: the length is 1 to 255
                RdataStatus hash = Prefixed(rest, out length);
                return hash == RdataStatus.Valid && length == 1 ? RdataStatus.Opaque : hash;
            case FieldKind.Tag:
                return MeasureTag(rest, out length);
            case FieldKind.CharStrings:
                return MeasureStrings(rest, out length);
            case FieldKind.AddressSuffix:
                return MeasureSuffix(source[at - 1], rest, out length);
        }

        length = rest.Length; // every other kind takes the rest, whatever it finds in it
        return kind switch
        {
            FieldKind.Text or FieldKind.OptionalBase64 or FieldKind.Base64OrHyphen => RdataStatus.Valid,
            FieldKind.Hex or FieldKind.NsapAddress or FieldKind.Base64 => rest.IsEmpty ? RdataStatus.Opaque : RdataStatus.Valid,
            FieldKind.DelegationDigest => CheckLength(rest, DelegationDigestLength(source[at - 1])),
            FieldKind.ZoneDigest => CheckLength(rest, ZoneDigestLength(source[at - 1])),
            FieldKind.TypeBitmap => rest.IsEmpty ? RdataStatus.Opaque : CheckBitmap(rest),
            FieldKind.OptionalTypeBitmap => CheckBitmap(rest),
            FieldKind.NxtBitmap => rest.Length > 16 || !rest.ContainsAnyExcept((byte)0) || (rest[0] & 0x80) != 0 ? RdataStatus.Opaque : RdataStatus.Valid, // RFC 2535 section 5.2
            FieldKind.PortBitmap => rest is { Length: > 8192 } or [.., 0] ? RdataStatus.Opaque : RdataStatus.Valid,
            FieldKind.SvcParams => ServiceParams.Check(rest),
            FieldKind.Location => CheckLocation(rest),
            FieldKind.AtmAddress => CheckAtmAddress(rest),
            FieldKind.AddressPrefixes => CheckPrefixes(rest),
            FieldKind.HostIdentity => MeasureIdentity(rest, out length),
            _ => RdataStatus.Opaque, // a gateway type that nobody has defined
        };
    }

    private static FieldKind GatewayKind(int type, FieldKind unknown) => type switch
    {
        0 => FieldKind.None,
        1 => FieldKind.Address4,
        2 => FieldKind.Address6,
        3 => FieldKind.Name,
        _ => unknown,
    };

    private static RdataStatus Fixed(ReadOnlySpan<byte> rest, int octets, out int length)
    {
        length = octets;
        return rest.Length < octets ? RdataStatus.Malformed : RdataStatus.Valid;
    }

    private static RdataStatus Prefixed(ReadOnlySpan<byte> rest, out int length)
    {
        length = rest.IsEmpty ? 0 : rest[0] + 1;
        return rest.IsEmpty || length > rest.Length ? RdataStatus.Malformed : RdataStatus.Valid;
    }

    private static RdataStatus MeasureStrings(ReadOnlySpan<byte> rest, out int length)
    {
        length = 0;
        if (rest.IsEmpty) return RdataStatus.Malformed; // RFC 1035 section 3.3.14: one or more
        while (length < rest.Length) length += rest[length] + 1;
        return length == rest.Length ? RdataStatus.Valid : RdataStatus.Malformed;
    }

    private static RdataStatus MeasureNames(ReadOnlySpan<byte> rest, out int length)
    {
        length = 0;
        while (length < rest.Length)
        {
            int name = NameWire.Measure(rest[length..]);
            if (name < 0) return RdataStatus.Malformed;
            length += name;
        }

        return RdataStatus.Valid;
    }

    /// <summary>
    /// RFC 2874 section 3.1.1: the octets that the prefix leaves, with zeros for the bits of the prefix; then a name, unless there is no
    /// prefix.
    /// </summary>
    private static RdataStatus MeasureSuffix(int prefix, ReadOnlySpan<byte> rest, out int length)
    {
        length = rest.Length;
        if (prefix > 128) return RdataStatus.Opaque; // another shape altogether
        length = 16 - prefix / 8;
        if (length > rest.Length || (length == rest.Length) != (prefix == 0)) return RdataStatus.Malformed;
        return prefix % 8 != 0 && rest[0] >> (8 - prefix % 8) != 0 ? RdataStatus.Opaque : RdataStatus.Valid;
    }

    private static RdataStatus MeasureTag(ReadOnlySpan<byte> rest, out int length)
    {
        RdataStatus status = Prefixed(rest, out length);
        if (status != RdataStatus.Valid || length == 1) return RdataStatus.Malformed; // RFC 8659 section 4.1: at least one octet
        foreach (byte b in rest[1..length])
        {
            if (!char.IsAsciiLetterOrDigit((char)b)) return RdataStatus.Opaque;
        }

        return RdataStatus.Valid;
    }

    private static RdataStatus MeasureIdentity(ReadOnlySpan<byte> rest, out int length)
    {
        length = 0;
        if (rest.Length < 4) return RdataStatus.Malformed;
        int tag = rest[0];
        int key = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        length = 4 + tag + key;
        if (length > rest.Length) return RdataStatus.Malformed;
        return tag == 0 || key == 0 ? RdataStatus.Opaque : RdataStatus.Valid; // RFC 8005 section 5: both must be there
    }
}
