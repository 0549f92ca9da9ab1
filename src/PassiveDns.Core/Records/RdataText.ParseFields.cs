using System.Globalization;

namespace PassiveDns;

public static partial class RdataText
{
    private static bool TryParseField(FieldKind kind, ref TextTokens tokens, ref OctetWriter writer, ReadOnlySpan<byte> origin)
    {
        switch (kind) // first the kinds that take what is left, possibly nothing
        {
            case FieldKind.Hex or FieldKind.DelegationDigest or FieldKind.ZoneDigest:
                return !tokens.IsAtEnd && TryParseHex(tokens.TakeRest(), ref writer);
            case FieldKind.Base64:
                return !tokens.IsAtEnd && TryParseBase64(tokens.TakeRest(), ref writer);
            case FieldKind.OptionalBase64:
                return tokens.IsAtEnd || TryParseBase64(tokens.TakeRest(), ref writer);
            case FieldKind.Base64OrHyphen:
                return !tokens.IsAtEnd && (tokens.TakeRest() is var rest && rest is [(byte)'-'] || TryParseBase64(rest, ref writer));
            case FieldKind.TypeBitmap or FieldKind.OptionalTypeBitmap:
                return TryParseTypes(ref tokens, ref writer, windows: true);
            case FieldKind.NxtBitmap:
                return TryParseTypes(ref tokens, ref writer, windows: false);
            case FieldKind.PortBitmap:
                return TryParsePorts(ref tokens, ref writer);
            case FieldKind.SvcParams:
                return TryParseParams(ref tokens, ref writer);
            case FieldKind.AddressPrefixes:
                return TryParsePrefixes(ref tokens, ref writer);
            case FieldKind.Location:
                return TryParseLocation(ref tokens, ref writer);
            case FieldKind.CharStrings:
                do
                {
                    if (!tokens.TryTakeString(out ReadOnlySpan<byte> item) || !writer.AddString(item)) return false;
                }
                while (!tokens.IsAtEnd);
                return true;
            case FieldKind.Names:
                while (!tokens.IsAtEnd)
                {
                    if (!tokens.TryTakeWord(out ReadOnlySpan<byte> name) || !TryParseName(name, origin, ref writer)) return false;
                }

                return true;
            case FieldKind.OptionalCharString or FieldKind.OptionalName when tokens.IsAtEnd:
                return true;
            case FieldKind.AddressSuffix:
                return TryParseSuffix(ref tokens, ref writer);
            case FieldKind.CharString or FieldKind.OptionalCharString or FieldKind.Tag:
                return tokens.TryTakeString(out ReadOnlySpan<byte> inside) && writer.AddString(inside);
            case FieldKind.Text:
                return tokens.TryTakeString(out inside) && writer.AddUnescaped(inside);
        }

        return tokens.TryTakeWord(out ReadOnlySpan<byte> word) && TryParseWord(kind, word, ref tokens, ref writer, origin);
    }

    private static bool TryParseWord(
        FieldKind kind, ReadOnlySpan<byte> word, ref TextTokens tokens, ref OctetWriter writer, ReadOnlySpan<byte> origin)
    {
        int start = writer.Written;
        switch (kind)
        {
            case FieldKind.None:
                return word is [(byte)'.'];
            case FieldKind.U8:
                return TryParseNumber(word, byte.MaxValue, out ulong number) && writer.Add((byte)number);
            case FieldKind.U16:
                return TryParseNumber(word, ushort.MaxValue, out number) && writer.AddU16((ushort)number);
            case FieldKind.Algorithm:
                return (TryParseNumber(word, byte.MaxValue, out number) || TryParseMnemonic(word, s_algorithms, out number))
                    && writer.Add((byte)number);
            case FieldKind.Protocol:
                return (TryParseNumber(word, byte.MaxValue, out number) || TryParseMnemonic(word, s_protocols, out number))
                    && writer.Add((byte)number);
            case FieldKind.NotificationScheme:
                return (TryParseNumber(word, byte.MaxValue, out number) || TryParseMnemonic(word, s_notificationSchemes, out number))
                    && writer.Add((byte)number);
            case FieldKind.CertificateType:
                return (TryParseNumber(word, ushort.MaxValue, out number) || TryParseMnemonic(word, s_certificateTypes, out number))
                    && writer.AddU16((ushort)number);
            case FieldKind.U32:
                return TryParseSeconds(word, out uint seconds) && writer.AddU32(seconds);
            case FieldKind.U64:
                return TryParseNumber(word, ulong.MaxValue, out number) && writer.AddU64(number);
            case FieldKind.Name or FieldKind.OptionalName:
                return TryParseName(word, origin, ref writer);
            case FieldKind.Address4 or FieldKind.Address6:
                return TryParseAddress(word, kind == FieldKind.Address4 ? 4 : 16, ref writer);
            case FieldKind.TypeNumber:
                return TryParseType(word, out RecordType type) && writer.AddU16((ushort)type);
            case FieldKind.Time:
                return TryParseTime(word, out seconds) && writer.AddU32(seconds);
            case FieldKind.Salt:
                return writer.Add(0) && (word is [(byte)'-'] || writer.AddHex(word)) && writer.SetLength(start);
            case FieldKind.Hash:
                return writer.Add(0) && writer.AddBase32Hex(word) && writer.SetLength(start);
            case FieldKind.NsapAddress:
                return word is [(byte)'0', (byte)'x' or (byte)'X', ..] && TryParseDottedHex(word[2..], ref writer);
            case FieldKind.AtmAddress:
                return TryParseAtmAddress(word, ref writer);
            case FieldKind.RelayType:
                return word is [(byte)'0' or (byte)'1'] && tokens.TryTakeWord(out ReadOnlySpan<byte> relay)
                    && TryParseNumber(relay, 127, out number) && writer.Add((byte)(number | (word[0] == '1' ? 0x80u : 0)));
            case FieldKind.HostIdentity:
                return TryParseIdentity(word, ref tokens, ref writer);
            case FieldKind.Eui48 or FieldKind.Eui64:
                return TryParseGroups(word, (byte)'-', kind == FieldKind.Eui48 ? 6 : 8, 1, ref writer);
            case FieldKind.Locator64:
                return TryParseGroups(word, (byte)':', 4, 2, ref writer);
            default:
                return false; // a gateway type that nobody has defined
        }
    }

    /// <summary>A type's name. BIND writes those it does not know as mere numbers in SIG and NXT records, so numbers are understood too.</summary>
    private static bool TryParseType(ReadOnlySpan<byte> word, out RecordType type)
    {
        if (RecordTypeNames.TryParse(word, out type)) return true;
        bool isNumber = TryParseNumber(word, ushort.MaxValue, out ulong number);
        type = (RecordType)number;
        return isNumber;
    }

    private static bool TryParseNumber(ReadOnlySpan<byte> word, ulong most, out ulong number) =>
        ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= most;

    /// <summary>A 32-bit number, or a time in BIND's units such as 1h30m, which zone files have in SOA records.</summary>
    private static bool TryParseSeconds(ReadOnlySpan<byte> word, out uint seconds)
    {
        ulong sum = 0;
        while (!word.IsEmpty)
        {
            int digits = word.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (digits < 0) digits = word.Length;
            if (!TryParseNumber(word[..digits], uint.MaxValue, out ulong number)) break;
            ulong unit = digits == word.Length ? 1 : (word[digits] | 0x20) switch
            {
                's' => 1,
                'm' => 60,
                'h' => 3600,
                'd' => 86_400,
                'w' => 604_800,
                _ => 0UL,
            };
            if (unit == 0) break;
            sum += number * unit;
            word = word[Math.Min(digits + 1, word.Length)..];
            if (!word.IsEmpty || sum > uint.MaxValue) continue;
            seconds = (uint)sum;
            return true;
        }

        seconds = 0;
        return false;
    }

    /// <summary>RFC 4034 section 3.2: 14 digits are a date, fewer are seconds since 1970.</summary>
    private static bool TryParseTime(ReadOnlySpan<byte> word, out uint seconds)
    {
        seconds = 0;
        if (!TryParseNumber(word, 99_999_999_999_999, out ulong number)) return false;
        if (word.Length != 14)
        {
            seconds = (uint)number;
            return number <= uint.MaxValue;
        }

        int year = (int)(number / 10_000_000_000);
        int month = (int)(number / 100_000_000 % 100);
        int day = (int)(number / 1_000_000 % 100);
        long clock = (long)(number / 10_000 % 100) * 3600 + (long)(number / 100 % 100) * 60 + (long)(number % 100);
        if (year is < 1970 or > 2106 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || clock > 86_400) return false;
        long total = (new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond + clock;
        seconds = (uint)total;
        return total <= uint.MaxValue;
    }

    private static bool TryParseAddress(ReadOnlySpan<byte> word, int length, ref OctetWriter writer)
    {
        Span<byte> octets = stackalloc byte[16];
        return AddressText.TryParse(word, octets, out int octetCount) && octetCount == length && writer.Add(octets[..length]);
    }

    /// <summary>Hexadecimal up to the end. A lone 0 is the empty digest of RFC 8078 section 4.</summary>
    private static bool TryParseHex(ReadOnlySpan<byte> text, ref OctetWriter writer) => text is [(byte)'0'] ? writer.Add(0) : writer.AddHex(text);

    /// <summary>Base64 up to the end. A lone 0 is the empty key of RFC 8078 section 4.</summary>
    private static bool TryParseBase64(ReadOnlySpan<byte> text, ref OctetWriter writer) =>
        text is [(byte)'0'] ? writer.Add(0) : writer.AddBase64(text);

    private static bool TryParseGroups(ReadOnlySpan<byte> word, byte separator, int groups, int size, ref OctetWriter writer)
    {
        for (int i = 0; i < groups; i++)
        {
            int end = word.IndexOf(separator);
            ReadOnlySpan<byte> group = end < 0 ? word : word[..end];
            if ((end < 0) != (i == groups - 1) || group.Length > 2 * size || (size == 1 && group.Length != 2)
                || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value))
            {
                return false;
            }

            if (!(size == 1 ? writer.Add((byte)value) : writer.AddU16(value))) return false;
            word = word[(end + 1)..];
        }

        return true;
    }

    /// <summary>RFC 8005 section 6.</summary>
    private static bool TryParseIdentity(ReadOnlySpan<byte> word, ref TextTokens tokens, ref OctetWriter writer)
    {
        int start = writer.Written;
        if (!TryParseNumber(word, byte.MaxValue, out ulong algorithm) || !tokens.TryTakeWord(out ReadOnlySpan<byte> tag)
            || !tokens.TryTakeWord(out ReadOnlySpan<byte> key) || !writer.AddU32((uint)algorithm << 16) || !writer.AddHex(tag))
        {
            return false;
        }

        int tagLength = writer.Written - start - 4;
        if (tagLength > byte.MaxValue || !writer.AddBase64(key)) return false;
        int keyLength = writer.Written - start - 4 - tagLength;
        writer.Octets[start] = (byte)tagLength;
        writer.Octets[start + 2] = (byte)(keyLength >> 8);
        writer.Octets[start + 3] = (byte)keyLength;
        return true;
    }
}
