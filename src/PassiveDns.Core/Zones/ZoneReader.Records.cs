using System.Buffers.Binary;
using System.Globalization;

namespace PassiveDns;

public sealed partial class ZoneReader
{
    private readonly ulong[] _typeWords = new ulong[64];
    private readonly RecordType[] _types = new RecordType[64];
    private uint? _defaultTtl; // of $TTL
    private uint? _lastTtl;

    /// <returns>Whether there is a record in the zone now.</returns>
    private bool ReadEntry(ReadOnlySpan<byte> entry, bool startsBlank)
    {
        ReadOnlySpan<byte> rest = entry;
        if (startsBlank || (!rest.IsEmpty && rest[0] == ' ')) rest = rest.TrimStart(" \t\r\n"u8); // the first octet may have been a parenthesis
        if (rest.IsEmpty || rest is [(byte)'\r']) return false;
        if (startsBlank)
        {
            if (_ownerLength == 0) return Fail(ZoneError.MissingOwner, entry, 0);
        }
        else
        {
            int at = entry.Length - rest.Length;
            ReadOnlySpan<byte> word = TakeWord(ref rest);
            if (word[0] == '$' && !_isGenerating) return ReadDirective(entry, word, rest);
            if (!TrySetOwner(word))
            {
                ForgetOwner();
                return Fail(ZoneError.MalformedName, entry, at);
            }
        }

        return ReadRecord(entry, rest);
    }

    /// <summary>TTL and class in either order, both optional, then the type and the data (RFC 1035 section 5.1).</summary>
    private bool ReadRecord(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> rest)
    {
        uint? ttl = null;
        bool hasClass = false;
        while (true)
        {
            int at = entry.Length - rest.Length;
            ReadOnlySpan<byte> word = TakeWord(ref rest);
            if (word.IsEmpty) return Fail(ZoneError.MissingType, entry, at);
            if (ttl is null && (uint)(word[0] - '0') <= 9)
            {
                ZoneError error = ParseTtl(word, out uint seconds);
                if (error != ZoneError.None) return Fail(error, entry, at);
                ttl = _lastTtl = seconds;
                continue;
            }

            if (!hasClass && TryParseClass(word, out RecordClass stated))
            {
                hasClass = true;
                Class = stated;
                continue;
            }

            if (!TryParseType(word, out RecordType type)) return Fail(ZoneError.UnknownType, entry, at);
            if (type.IsMeta()) return Fail(ZoneError.MetaType, entry, at);
            Type = type;
            break;
        }

        int dataAt = entry.Length - rest.Length;
        if (_isGenerating) rest = Unwrap(rest);
        if (!TryParseData(Type, rest))
        {
            bool isGeneric = RecordSchema.Find(Type) is null && !rest.StartsWith("\\#"u8);
            return Fail(isGeneric ? ZoneError.GenericDataExpected : ZoneError.MalformedRdata, entry, dataAt);
        }

        ttl ??= _defaultTtl ?? _lastTtl;
        if (ttl is null)
        {
            if (Type != RecordType.SOA) return Fail(ZoneError.MissingTimeToLive, entry, 0);
            ttl = _lastTtl = Math.Min(BinaryPrimitives.ReadUInt32BigEndian(_rdata.AsSpan(_rdataLength - 4)), int.MaxValue); // as BIND does
        }

        TimeToLive = ttl.Value;
        Report.Entries.Count(_isInZone ? ZoneEntryFate.Record : ZoneEntryFate.OutOfZone);
        return _isInZone;
    }

    /// <summary>In <c>$GENERATE</c>, data of several words is one word in quotes, as in BIND.</summary>
    private static ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> trimmed = data.TrimEnd(" \t\r"u8);
        return trimmed is [(byte)'"', .., (byte)'"'] && trimmed[1..^1].IndexOfAny((byte)'"', (byte)'\\') < 0 ? trimmed[1..^1] : data;
    }

    private bool TrySetOwner(ReadOnlySpan<byte> word)
    {
        if (_ownerTextLength > 0 && word.SequenceEqual(_ownerText.AsSpan(0, _ownerTextLength))) return true;
        _ownerTextLength = 0;
        int length = ZoneName.Parse(word, _origin.Wire, _owner);
        if (length < 0) return false;
        _ownerLength = length;
        _isInZone = NameWire.IsAtOrUnder(Owner, Zone.Wire);
        if (word.TryCopyTo(_ownerText)) _ownerTextLength = word.Length;
        return true;
    }

    private void ForgetOwner() => (_ownerLength, _ownerTextLength) = (0, 0);

    /// <summary>A type word is looked up once: the table of types hashes text without regard to case, which costs more than the rest of the line.</summary>
    private bool TryParseType(ReadOnlySpan<byte> word, out RecordType type)
    {
        if (word.Length >= sizeof(ulong)) return RecordTypeNames.TryParse(word, out type);
        ulong packed = Pack(word);
        int slot = (int)(packed * 0x9E3779B97F4A7C15 >> 58);
        if (_typeWords[slot] != packed)
        {
            if (!RecordTypeNames.TryParse(word, out type)) return false;
            _typeWords[slot] = packed;
            _types[slot] = type;
        }

        type = _types[slot];
        return true;
    }

    private static ulong Pack(ReadOnlySpan<byte> word)
    {
        ulong packed = (ulong)word.Length;
        foreach (byte b in word) packed = packed << 8 | b;
        return packed;
    }

    private static bool TryParseClass(ReadOnlySpan<byte> word, out RecordClass @class)
    {
        @class = default;
        if (word.Length == 2)
        {
            @class = ((word[0] | 0x20) << 8 | (word[1] | 0x20)) switch
            {
                'i' << 8 | 'n' => RecordClass.IN,
                'c' << 8 | 'h' => RecordClass.CH,
                'h' << 8 | 's' => RecordClass.HS,
                _ => default,
            };
            return @class != default;
        }

        if (word.Length is < 6 or > 10 || !System.Text.Ascii.EqualsIgnoreCase(word[..5], "CLASS"u8)) return false; // RFC 3597 section 5
        bool parsed = ushort.TryParse(word[5..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort number);
        @class = (RecordClass)number;
        return parsed;
    }

    /// <summary>Seconds, or a time in BIND's units such as 1h30m.</summary>
    private static ZoneError ParseTtl(ReadOnlySpan<byte> word, out uint seconds)
    {
        seconds = 0;
        ulong sum = 0;
        ulong number = 0;
        bool hasDigits = false;
        bool hasUnits = false;
        foreach (byte b in word)
        {
            if ((uint)(b - '0') <= 9)
            {
                number = Math.Min(number * 10 + b - '0', uint.MaxValue); // so that nothing overflows, whatever its length
                hasDigits = true;
                continue;
            }

            uint unit = (b | 0x20) switch
            {
                's' => 1,
                'm' => 60,
                'h' => 3600,
                'd' => 86_400,
                'w' => 604_800,
                _ => 0,
            };
            if (unit == 0 || !hasDigits) return ZoneError.MalformedTimeToLive;
            sum = Math.Min(sum + number * unit, uint.MaxValue);
            (number, hasDigits, hasUnits) = (0, false, true);
        }

        if (hasDigits && hasUnits) return ZoneError.MalformedTimeToLive; // 1h30: thirty of what?
        sum += number;
        if (sum > int.MaxValue) return ZoneError.TimeToLiveTooLarge;
        seconds = (uint)sum;
        return ZoneError.None;
    }

    private bool TryParseData(RecordType type, ReadOnlySpan<byte> text)
    {
        // What fills registry dumps goes a short way. All it does not understand goes the way of the table.
        ReadOnlySpan<byte> rest = text;
        switch (type)
        {
            case RecordType.NS or RecordType.CNAME or RecordType.PTR:
                int length = ZoneName.Parse(TakeWord(ref rest), _origin.Wire, _rdata);
                if (length < 0 || !rest.IsEmpty) break;
                _rdataLength = length;
                return true;
            case RecordType.A or RecordType.AAAA:
                ReadOnlySpan<byte> word = TakeWord(ref rest);
                if (!rest.IsEmpty || word.Length > AddressText.MaxLength || !AddressText.TryParse(word, _rdata, out int octets)
                    || octets != (type == RecordType.A ? 4 : 16))
                {
                    break;
                }

                _rdataLength = octets;
                return true;
        }

        return RdataText.TryParse(type, text, _rdata, out _rdataLength, _origin);
    }
}
