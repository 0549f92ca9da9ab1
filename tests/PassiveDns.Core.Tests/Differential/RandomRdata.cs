using System.Buffers.Binary;
using System.Text;

namespace PassiveDns.Tests.Differential;

/// <summary>Makes sound rdata of any type in the table, tame enough that others do not refuse it for what it says.</summary>
internal sealed class RandomRdata(int seed)
{
    /// <summary>Types that all programs know by name, or that none does.</summary>
    private static readonly RecordType[] s_types =
    [
        RecordType.A, RecordType.NS, RecordType.CNAME, RecordType.SOA, RecordType.PTR, RecordType.MX, RecordType.TXT, RecordType.AAAA,
        RecordType.SRV, RecordType.NAPTR, RecordType.KX, RecordType.CERT, RecordType.DNAME, RecordType.APL, RecordType.DS, RecordType.SSHFP,
        RecordType.RRSIG, RecordType.NSEC, RecordType.DNSKEY, RecordType.DHCID, RecordType.NSEC3, RecordType.NSEC3PARAM, RecordType.TLSA,
        RecordType.CAA, (RecordType)300, (RecordType)511, (RecordType)4096, (RecordType)65_281, (RecordType)65_535,
    ];

    private readonly Random _random = new(seed);
    private readonly List<byte> _octets = [];

    /// <summary>Canonical data that no rule calls opaque.</summary>
    public byte[] Make(RecordSchema schema)
    {
        while (true)
        {
            _octets.Clear();
            foreach (FieldKind listed in schema.Fields) Add(Resolve(listed), schema.Type);
            if (TestData.Canonicalize(schema.Type, [.. _octets], out byte[] canonical) == RdataStatus.Valid) return canonical;
        }
    }

    /// <summary>A gateway's kind stands one or two octets before it.</summary>
    private FieldKind Resolve(FieldKind kind)
    {
        if (kind is not (FieldKind.Gateway or FieldKind.Relay)) return kind;
        int at = _octets.Count - (kind == FieldKind.Gateway ? 2 : 1);
        int type = _random.Next(4);
        _octets[at] = (byte)(kind == FieldKind.Gateway ? type : _octets[at] & 0x80 | type);
        return (FieldKind[])[FieldKind.None, FieldKind.Address4, FieldKind.Address6, FieldKind.Name] is var kinds ? kinds[type] : kind;
    }

    private void Add(FieldKind kind, RecordType type)
    {
        switch (kind)
        {
            case FieldKind.None:
                break;
            case FieldKind.U8 or FieldKind.Algorithm or FieldKind.NotificationScheme or FieldKind.RelayType:
                Octets(1);
                break;
            case FieldKind.Protocol:
                _octets.Add((byte)(_random.Next(2) == 0 ? 6 : 17)); // the names of others are those of a host
                break;
            case FieldKind.U16 when type == RecordType.RKEY: // its flags must be zero
                U16(0);
                break;
            case FieldKind.U16 or FieldKind.CertificateType:
                Octets(2);
                break;
            case FieldKind.Time:
            case FieldKind.U32 when type is RecordType.RRSIG or RecordType.SIG: // Knot makes it the TTL
                U32((uint)_random.Next()); // up to 2038: later times are earlier ones to some (RFC 4034 section 3.1.5)
                break;
            case FieldKind.U32 or FieldKind.Address4:
                Octets(4);
                break;
            case FieldKind.U64 or FieldKind.Eui64 or FieldKind.Locator64:
                Octets(8);
                break;
            case FieldKind.Eui48:
                Octets(6);
                break;
            case FieldKind.Address6:
                Octets(16);
                for (int i = _random.Next(16), end = _random.Next(16); i < end; i++) _octets[^(i + 1)] = 0; // a run to shorten
                break;
            case FieldKind.TypeNumber:
                U16((ushort)s_types[_random.Next(s_types.Length)]);
                break;
            case FieldKind.Name:
                Name();
                break;
            case FieldKind.Names:
                for (int i = _random.Next(3); i > 0; i--) Name();
                break;
            case FieldKind.OptionalCharString when _random.Next(2) == 0:
                break;
            case FieldKind.CharString or FieldKind.OptionalCharString:
                if (type == RecordType.X25) String(Digits(_random.Next(4, 12)));
                else if (type == RecordType.GPOS) String(Encoding.ASCII.GetBytes($"{_random.Next(90)}.{_random.Next(1000)}"));
                else if (type == RecordType.NAPTR) String(Digits(_octets.Count < 8 ? 1 : 0)); // the last of three is a regular expression
                else String(AnyOctets(_random.Next(0, 20)));
                break;
            case FieldKind.CharStrings:
                for (int i = _random.Next(1, 4); i > 0; i--) String(AnyOctets(_random.Next(10) == 0 ? 255 : _random.Next(0, 30)));
                break;
            case FieldKind.Tag:
                String([.. Digits(_random.Next(1, 5)), (byte)'t']);
                break;
            case FieldKind.Text:
                _octets.AddRange(AnyOctets(_random.Next(1, 40)));
                break;
            case FieldKind.ZoneDigest:
                _octets[^1] = (byte)_random.Next(1, 3);
                Octets(_octets[^1] == 1 ? 48 : 64);
                break;
            case FieldKind.Salt:
                String(AnyOctets(_random.Next(0, 9)));
                break;
            case FieldKind.Hash:
                String(AnyOctets(20));
                break;
            case FieldKind.TypeBitmap or FieldKind.OptionalTypeBitmap:
                Bitmap();
                break;
            case FieldKind.NxtBitmap:
                _octets.AddRange([0x62, 0, (byte)_random.Next(256), (byte)(_random.Next(256) & 0x0B | 0x08)]); // A NS SOA, PTR to AAAA
                break;
            case FieldKind.PortBitmap:
                Octets(_random.Next(1, 30));
                _octets[^1] |= 1;
                break;
            case FieldKind.SvcParams:
                Params();
                break;
            case FieldKind.Location:
                _octets.Add(0);
                for (int i = 0; i < 3; i++) _octets.Add((byte)(_random.Next(1, 10) << 4 | _random.Next(0, 10)));
                U32((uint)(int.MinValue + _random.Next(-324_000_000, 324_000_001)));
                U32((uint)(int.MinValue + _random.Next(-648_000_000, 648_000_001)));
                U32((uint)_random.NextInt64(0, uint.MaxValue));
                break;
            case FieldKind.AddressPrefixes:
                for (int i = _random.Next(1, 4); i > 0; i--) Prefix();
                break;
            case FieldKind.HostIdentity:
                int key = _random.Next(1, 40);
                _octets.AddRange([16, 2, 0, (byte)key]);
                Octets(16 + key);
                break;
            default:
                Octets(_random.Next(4, 60)); // hexadecimal, Base64 and digests of any length
                break;
        }
    }

    private void Octets(int count) => _octets.AddRange(AnyOctets(count));

    private byte[] AnyOctets(int count)
    {
        byte[] octets = new byte[count];
        _random.NextBytes(octets);
        return octets;
    }

    private byte[] Digits(int count) => [.. Enumerable.Range(0, count).Select(_ => (byte)('0' + _random.Next(10)))];

    private void String(byte[] octets)
    {
        _octets.Add((byte)octets.Length);
        _octets.AddRange(octets);
    }

    private void U16(ushort value) => _octets.AddRange(MessageBuilder.U16(value));

    private void U32(uint value)
    {
        byte[] octets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        _octets.AddRange(octets);
    }

    private void Name()
    {
        for (int i = _random.Next(4); i > 0; i--)
        {
            byte[] label = AnyOctets(_random.Next(20) == 0 ? 63 : _random.Next(1, 9));
            if (_random.Next(4) != 0) label = [.. label.Select(b => (byte)('a' + b % 26))];

            // NSD folds letters where we do not and takes the dot behind an escaped backslash into the label; ldns leaves quotes bare
            String([.. label.Select(b => b is >= (byte)'A' and <= (byte)'Z' or (byte)'"' or (byte)'\\' ? (byte)'-' : b)]);
        }

        _octets.Add(0);
    }

    private void Bitmap()
    {
        foreach (IGrouping<int, int> window in _random.GetItems(s_types, 6).Select(type => (int)type).Append(1).GroupBy(type => type >> 8).OrderBy(g => g.Key))
        {
            byte[] bits = new byte[32];
            foreach (int type in window) bits[(type & 0xFF) >> 3] |= (byte)(0x80 >> (type & 7));
            _octets.Add((byte)window.Key);
            String(bits.AsSpan().TrimEnd((byte)0).ToArray());
        }
    }

    private void Params()
    {
        if (_octets[0] == 0 && _octets[1] == 0) return; // RFC 9460 section 2.4.2: an alias has none
        if (_random.Next(2) == 0) Param(1, [2, (byte)'h', (byte)'2', 1, (byte)('a' + _random.Next(26))]);
        if (_random.Next(2) == 0) Param(3, AnyOctets(2));
        if (_random.Next(2) == 0) Param(4, AnyOctets(4 * _random.Next(1, 4)));
        if (_random.Next(3) == 0) Param(5, AnyOctets(_random.Next(1, 40)));
        if (_random.Next(2) == 0) Param(6, AnyOctets(16 * _random.Next(1, 3)));
        if (_random.Next(2) == 0) Param((ushort)_random.Next(667, 65_000), [.. AnyOctets(_random.Next(1, 20)).Select(b => b < 0x80 ? (byte)('a' + b % 26) : b)]);
    }

    private void Param(ushort key, byte[] value)
    {
        U16(key);
        U16((ushort)value.Length);
        _octets.AddRange(value);
    }

    private void Prefix()
    {
        bool isIPv4 = _random.Next(2) == 0;
        int bits = _random.Next(0, isIPv4 ? 33 : 129);
        byte[] address = AnyOctets((bits + 7) / 8);
        if (bits % 8 > 0) address[^1] &= (byte)(0xFF << 8 - bits % 8);
        byte[] kept = address.AsSpan().TrimEnd((byte)0).ToArray();
        U16((ushort)(isIPv4 ? 1 : 2));
        _octets.Add((byte)bits);
        _octets.Add((byte)(kept.Length | (_random.Next(2) == 0 ? 0x80 : 0)));
        _octets.AddRange(kept);
    }
}
