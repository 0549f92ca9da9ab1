using System.Text;

namespace PassiveDns.Capture.Tests.Cdns;

/// <summary>Writes C-DNS (RFC 8618) from messages found in a capture, with the larger part of the format's freedoms: indefinite lengths, tables at the end, private keys.</summary>
internal sealed class CdnsBuilder
{
    private readonly List<byte[]> _addresses = [], _octets = [];
    private readonly List<(int, int)> _classTypes = [];
    private readonly List<string> _signatures = [];
    private readonly List<byte[]> _signatureOctets = [], _records = [], _lists = [], _items = [];

    public int ResponseHints { get; init; } = 0x3FFFF;

    public int RecordHints { get; init; } = 3;

    public (int Key, int Length)? Prefix { get; init; }

    public bool FromCache { get; init; }

    public long Earliest { get; init; }

    public void Add(FoundMessage? query, FoundMessage? response)
    {
        FoundMessage one = query ?? response!;
        bool isResponse = query is null;
        HostAddress client = isResponse ? one.Destination : one.Source, server = isResponse ? one.Source : one.Destination;
        (int clientPort, int serverPort) = isResponse ? (one.DestinationPort, one.SourcePort) : (one.SourcePort, one.DestinationPort);
        DnsReader reader = new(one.Octets);
        Assert.True(reader.Read());
        int queryName = Octets(Name(reader.Name)), classType = ClassType((int)reader.Type, (int)reader.Class);
        int flags = 0;
        if (query is not null) flags |= Bits(query.Octets);
        if (response is not null) flags |= Bits(response.Octets) << 8;
        List<byte[]> signature =
        [
            Int(0), Int(Address(server)), Int(1), Int(serverPort), Int(2), Int((server.IsIPv4 ? 0 : 1) | (one.Transport == "tcp" ? 2 : 0)),
            Int(4), Int((query is null ? 0 : 1) | (response is null ? 0 : 2)), Int(5), Int(one.Octets[2] >> 3 & 15), Int(6), Int(flags), Int(8), Int(classType),
        ];
        if (response is not null) signature.AddRange([Int(16), Int(response.Octets[3] & 15)]);
        byte[] packed = Map(signature, indefinite: true);
        int signatureIndex = _signatures.IndexOf(Convert.ToHexString(packed));
        if (signatureIndex < 0)
        {
            signatureIndex = _signatures.Count;
            _signatures.Add(Convert.ToHexString(packed));
            _signatureOctets.Add(packed);
        }

        List<byte[]> item =
        [
            Int(0), Int(one.UnixNanoseconds - Earliest), Int(1), Int(Address(client)), Int(2), Int(clientPort),
            Int(3), Int(one.Octets[0] << 8 | one.Octets[1]), Int(4), Int(signatureIndex), Int(7), Int(queryName), Int(-1), Array([Int(1), Map([Int(0), Text("private")])]),
        ];
        if (query is not null && response is not null) item.AddRange([Int(6), Int(response.UnixNanoseconds - query.UnixNanoseconds)]);
        if (FromCache) item.AddRange([Int(10), Map([Int(1), Int(1)])]);
        if (response is not null) item.AddRange([Int(12), Sections(response.Octets)]);
        _items.Add(Map(item));
    }

    public byte[] Build()
    {
        List<byte[]> storage = [Int(0), Int(1_000_000_000), Int(1), Int(5000), Int(2), Map([Int(0), Int(ResponseHints), Int(1), Int(0x1FFFF), Int(2), Int(RecordHints), Int(3), Int(3)]), Int(3), Array([Int(0)]), Int(4), Array([Int(1)])];
        if (Prefix is { } prefix) storage.AddRange([Int(prefix.Key), Int(prefix.Length)]);
        byte[] tables = Map([
            Int(0), Array([.. _addresses.Select(Bytes)]), Int(1), Array([.. _classTypes.Select(pair => Map([Int(0), Int(pair.Item1), Int(1), Int(pair.Item2)]))]),
            Int(2), Array([.. _octets.Select(Bytes)]), Int(3), Array([.. _signatureOctets]), Int(6), Array([.. _lists]), Int(7), Array([.. _records])]);
        byte[] block = Map([
            Int(0), Map([Int(0), Array([Int(Earliest / 1_000_000_000), Int(Earliest % 1_000_000_000)])]), Int(3), Array([.. _items], indefinite: true),
            Int(5), Array([Map([Int(0), Int(1)])]), Int(2), tables]);
        byte[] preamble = Map([Int(0), Int(1), Int(1), Int(0), Int(3), Array([Map([Int(0), Map(storage)])])]);
        return Array([Text("C-DNS"), preamble, Array([block], indefinite: true)]);
    }

    public static byte[] Int(long value) => value >= 0 ? Head(0, (ulong)value) : Head(1, (ulong)(-1 - value));

    public static byte[] Bytes(byte[] value) => [.. Head(2, (ulong)value.Length), .. value];

    public static byte[] Text(string value) => [.. Head(3, (ulong)value.Length), .. Encoding.ASCII.GetBytes(value)];

    public static byte[] Array(List<byte[]> items, bool indefinite = false) =>
        indefinite ? [0x9F, .. items.SelectMany(item => item), 0xFF] : [.. Head(4, (ulong)items.Count), .. items.SelectMany(item => item)];

    public static byte[] Map(List<byte[]> items, bool indefinite = false) =>
        indefinite ? [0xBF, .. items.SelectMany(item => item), 0xFF] : [.. Head(5, (ulong)items.Count / 2), .. items.SelectMany(item => item)];

    private byte[] Sections(byte[] message)
    {
        List<byte[]>[] sections = [[], [], []];
        DnsReader reader = new(message);
        byte[] rdata = new byte[ushort.MaxValue];
        while (reader.Read())
        {
            if (reader.Section == DnsSection.Question) continue;
            Assert.NotEqual(RdataStatus.Malformed, RecordData.Canonicalize(message, reader.DataOffset, reader.Data.Length, reader.Type, rdata, out int length));
            _records.Add(Map([
                Int(0), Int(Octets(Name(reader.Name))), Int(1), Int(ClassType((int)reader.Type, (int)reader.Class)), Int(2), Int(reader.RawTimeToLive),
                Int(3), Int(Octets(rdata[..length]))]));
            sections[(int)reader.Section - (int)DnsSection.Answer].Add(Int(_records.Count - 1));
        }

        List<byte[]> lists = [];
        for (int i = 0; i < 3; i++)
        {
            if (sections[i].Count == 0) continue;
            _lists.Add(Array(sections[i]));
            lists.AddRange([Int(i + 1), Int(_lists.Count - 1)]);
        }

        return Map(lists);
    }

    private static int Bits(byte[] message) => (message[2] << 8 | message[3]) >> 4 & 0x7F;

    private static byte[] Name(WireName name)
    {
        byte[] wire = new byte[name.Length];
        name.CopyTo(wire);
        return wire;
    }

    private int Address(HostAddress address)
    {
        byte[] octets = System.Net.IPAddress.Parse(address.ToString()).GetAddressBytes();
        return Index(_addresses, octets);
    }

    private int Octets(byte[] octets) => Index(_octets, octets);

    private static int Index(List<byte[]> table, byte[] octets)
    {
        int index = table.FindIndex(entry => entry.AsSpan().SequenceEqual(octets));
        if (index >= 0) return index;
        table.Add(octets);
        return table.Count - 1;
    }

    private int ClassType(int type, int recordClass)
    {
        int index = _classTypes.IndexOf((type, recordClass));
        if (index >= 0) return index;
        _classTypes.Add((type, recordClass));
        return _classTypes.Count - 1;
    }

    private static byte[] Head(int major, ulong value) => value switch
    {
        < 24 => [(byte)(major << 5 | (int)value)],
        <= byte.MaxValue => [(byte)(major << 5 | 24), (byte)value],
        <= ushort.MaxValue => [(byte)(major << 5 | 25), (byte)(value >> 8), (byte)value],
        <= uint.MaxValue => [(byte)(major << 5 | 26), (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value],
        _ => [(byte)(major << 5 | 27), .. BitConverter.GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value))],
    };
}
