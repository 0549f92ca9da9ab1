using System.Buffers.Binary;

namespace PassiveDns;

public static partial class RdataText
{
    /// <summary>Writes one sound field, a blank before it.</summary>
    private static void Add(FieldKind kind, scoped ReadOnlySpan<byte> field, ref AsciiWriter writer)
    {
        bool speaksWhenEmpty = kind is FieldKind.None or FieldKind.Text or FieldKind.Base64OrHyphen;
        if (field.IsEmpty && !speaksWhenEmpty) return;
        switch (kind)
        {
            case FieldKind.CharStrings:
                for (; !field.IsEmpty; field = field[(field[0] + 1)..])
                {
                    writer.Separate();
                    writer.AddQuoted(field.Slice(1, field[0]));
                }

                return;
            case FieldKind.Names:
                AddNames(field, ref writer);
                return;
            case FieldKind.TypeBitmap or FieldKind.OptionalTypeBitmap:
                AddTypes(field, ref writer);
                return;
            case FieldKind.NxtBitmap:
                AddBits(field, 0, types: true, ref writer);
                return;
            case FieldKind.PortBitmap:
                AddBits(field, 0, types: false, ref writer);
                return;
            case FieldKind.SvcParams:
                AddParams(field, ref writer);
                return;
            case FieldKind.AddressPrefixes:
                AddPrefixes(field, ref writer);
                return;
        }

        writer.Separate();
        switch (kind)
        {
            case FieldKind.None:
                writer.Add((byte)'.');
                break;
            case FieldKind.U8 or FieldKind.Algorithm or FieldKind.Protocol or FieldKind.NotificationScheme:
                writer.AddNumber(field[0]);
                break;
            case FieldKind.U16 or FieldKind.CertificateType:
                writer.AddNumber(BinaryPrimitives.ReadUInt16BigEndian(field));
                break;
            case FieldKind.U32:
                writer.AddNumber(BinaryPrimitives.ReadUInt32BigEndian(field));
                break;
            case FieldKind.U64:
                writer.AddNumber(BinaryPrimitives.ReadUInt64BigEndian(field));
                break;
            case FieldKind.Name or FieldKind.OptionalName:
                writer.AddName(field);
                break;
            case FieldKind.Address4 or FieldKind.Address6:
                writer.AddAddress(field);
                break;
            case FieldKind.TypeNumber:
                writer.AddType(BinaryPrimitives.ReadUInt16BigEndian(field));
                break;
            case FieldKind.Time:
                AddTime(BinaryPrimitives.ReadUInt32BigEndian(field), ref writer);
                break;
            case FieldKind.CharString or FieldKind.OptionalCharString:
                writer.AddQuoted(field[1..]);
                break;
            case FieldKind.Text:
                writer.AddQuoted(field);
                break;
            case FieldKind.Tag:
                writer.Add(field[1..]);
                break;
            case FieldKind.Hex or FieldKind.DelegationDigest or FieldKind.ZoneDigest:
                writer.AddHex(field);
                break;
            case FieldKind.NsapAddress:
                writer.Add("0x"u8);
                writer.AddHex(field);
                break;
            case FieldKind.AtmAddress:
                AddAtmAddress(field, ref writer);
                break;
            case FieldKind.AddressSuffix:
                AddSuffix(field, ref writer);
                break;
            case FieldKind.Base64 or FieldKind.OptionalBase64:
                writer.AddBase64(field);
                break;
            case FieldKind.Base64OrHyphen:
                if (field.IsEmpty) writer.Add((byte)'-');
                else writer.AddBase64(field);
                break;
            case FieldKind.Salt:
                if (field.Length == 1) writer.Add((byte)'-');
                else writer.AddHex(field[1..]);
                break;
            case FieldKind.Hash:
                writer.AddBase32Hex(field[1..]);
                break;
            case FieldKind.Location:
                AddLocation(field, ref writer);
                break;
            case FieldKind.RelayType:
                writer.AddNumber((uint)field[0] >> 7);
                writer.Add((byte)' ');
                writer.AddNumber(field[0] & 0x7Fu);
                break;
            case FieldKind.HostIdentity:
                AddIdentity(field, ref writer);
                break;
            case FieldKind.Eui48 or FieldKind.Eui64:
                AddGroups(field, 1, (byte)'-', ref writer);
                break;
            case FieldKind.Locator64:
                AddGroups(field, 2, (byte)':', ref writer);
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"No text for a field of the kind {kind}.");
        }
    }

    /// <summary>RFC 4034 section 3.2. The number is taken as seconds since 1970, which holds until 2106.</summary>
    private static void AddTime(uint seconds, ref AsciiWriter writer)
    {
        DateTime time = DateTime.UnixEpoch.AddSeconds(seconds);
        writer.AddDigits((uint)time.Year, 4);
        writer.AddDigits((uint)time.Month, 2);
        writer.AddDigits((uint)time.Day, 2);
        writer.AddDigits((uint)time.Hour, 2);
        writer.AddDigits((uint)time.Minute, 2);
        writer.AddDigits((uint)time.Second, 2);
    }

    private static void AddGroups(scoped ReadOnlySpan<byte> octets, int size, byte separator, ref AsciiWriter writer)
    {
        for (int i = 0; i < octets.Length; i += size)
        {
            if (i > 0) writer.Add(separator);
            writer.AddLowerHex(octets.Slice(i, size));
        }
    }

    private static void AddNames(scoped ReadOnlySpan<byte> names, ref AsciiWriter writer)
    {
        while (!names.IsEmpty)
        {
            int length = NameWire.Measure(names);
            writer.Separate();
            writer.AddName(names[..length]);
            names = names[length..];
        }
    }

    /// <summary>RFC 8005 section 6: algorithm, tag in hexadecimal, key in Base64.</summary>
    private static void AddIdentity(scoped ReadOnlySpan<byte> field, ref AsciiWriter writer)
    {
        int tag = field[0];
        writer.AddNumber(field[1]);
        writer.Add((byte)' ');
        writer.AddHex(field.Slice(4, tag));
        writer.Add((byte)' ');
        writer.AddBase64(field[(4 + tag)..]);
    }

    private static void AddAtmAddress(scoped ReadOnlySpan<byte> field, ref AsciiWriter writer)
    {
        if (field[0] == 0)
        {
            writer.AddHex(field[1..]);
            return;
        }

        writer.Add((byte)'+');
        writer.Add(field[1..]);
    }

    /// <summary>RFC 2874 section 3.2: an IPv6 address, with zeros for its prefix.</summary>
    private static void AddSuffix(scoped ReadOnlySpan<byte> field, ref AsciiWriter writer)
    {
        Span<byte> address = stackalloc byte[16];
        address.Clear();
        field.CopyTo(address[(16 - field.Length)..]);
        writer.AddAddress(address);
    }

    private static void AddTypes(scoped ReadOnlySpan<byte> bitmap, ref AsciiWriter writer)
    {
        while (!bitmap.IsEmpty)
        {
            AddBits(bitmap.Slice(2, bitmap[1]), 256 * bitmap[0], types: true, ref writer);
            bitmap = bitmap[(2 + bitmap[1])..];
        }
    }

    private static void AddBits(scoped ReadOnlySpan<byte> bits, int first, bool types, ref AsciiWriter writer)
    {
        for (int i = 0; i < 8 * bits.Length; i++)
        {
            if ((bits[i >> 3] & 0x80 >> (i & 7)) == 0) continue;
            writer.Separate();
            if (types) writer.AddType((ushort)(first + i));
            else writer.AddNumber((uint)(first + i));
        }
    }

    /// <summary>RFC 3123 section 5: <c>[!]family:address/prefix</c>.</summary>
    private static void AddPrefixes(scoped ReadOnlySpan<byte> prefixes, ref AsciiWriter writer)
    {
        Span<byte> address = stackalloc byte[16];
        while (!prefixes.IsEmpty)
        {
            int family = BinaryPrimitives.ReadUInt16BigEndian(prefixes);
            int length = prefixes[3] & 0x7F;
            address.Clear();
            prefixes.Slice(4, length).CopyTo(address);
            writer.Separate();
            if ((prefixes[3] & 0x80) != 0) writer.Add((byte)'!');
            writer.AddNumber((uint)family);
            writer.Add((byte)':');
            writer.AddAddress(address[..(family == 1 ? 4 : 16)]);
            writer.Add((byte)'/');
            writer.AddNumber(prefixes[2]);
            prefixes = prefixes[(4 + length)..];
        }
    }
}
