using System.Buffers.Binary;
using System.Text;

namespace PassiveDns.Aggregation.Tests;

/// <summary>Writes a response octet by octet from zone-file text, without compression: an own encoder, so that the reader is not tested by itself.</summary>
internal sealed class TestResponse(string qname, RecordType qtype)
{
    private readonly List<byte>[] _sections = [[], [], []];
    private readonly int[] _counts = new int[3];
    private int _flags = 0x8000;

    public TestResponse Authoritative()
    {
        _flags |= 0x0400;
        return this;
    }

    public TestResponse Flags(int flags)
    {
        _flags = flags;
        return this;
    }

    public TestResponse NxDomain()
    {
        _flags |= 3;
        return this;
    }

    public TestResponse Answer(params string[] records) => Put(0, records);

    public TestResponse Authority(params string[] records) => Put(1, records);

    public TestResponse Additional(params string[] records) => Put(2, records);

    public TestResponse RawAnswer(string owner, int type, byte[] rdata, int rrclass = 1, uint ttl = 300)
    {
        Record(_sections[0], owner, type, rrclass, ttl, rdata);
        _counts[0]++;
        return this;
    }

    public byte[] Build()
    {
        List<byte> message = [];
        U16(message, 0x1234);
        U16(message, _flags);
        U16(message, 1);
        foreach (int count in _counts) U16(message, count);
        Name(message, qname);
        U16(message, (int)qtype);
        U16(message, 1);
        foreach (List<byte> section in _sections) message.AddRange(section);
        return [.. message];
    }

    /// <summary>"owner type rdata", or "owner ttl type rdata".</summary>
    private TestResponse Put(int section, string[] records)
    {
        foreach (string record in records)
        {
            string[] fields = record.Split(' ', 3);
            uint ttl = 300;
            if (uint.TryParse(fields[1], out uint given))
            {
                ttl = given;
                fields = [fields[0], .. fields[2].Split(' ', 2)];
            }

            Assert.True(RecordTypeNames.TryParse(fields[1].AsSpan(), out RecordType type), record);
            byte[] rdata = new byte[2 * record.Length + 64];
            Assert.True(RdataText.TryParse(type, Encoding.Latin1.GetBytes(fields[2]), rdata, out int length), record);
            Record(_sections[section], fields[0], (int)type, 1, ttl, rdata[..length]);
            _counts[section]++;
        }

        return this;
    }

    private static void Record(List<byte> to, string owner, int type, int rrclass, uint ttl, byte[] rdata)
    {
        Name(to, owner);
        U16(to, type);
        U16(to, rrclass);
        U16(to, (int)(ttl >> 16));
        U16(to, (int)(ttl & 0xFFFF));
        U16(to, rdata.Length);
        to.AddRange(rdata);
    }

    private static void Name(List<byte> to, string name)
    {
        foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            to.Add((byte)label.Length);
            to.AddRange(Encoding.Latin1.GetBytes(label)); // letters keep their case
        }

        to.Add(0);
    }

    private static void U16(List<byte> to, int value)
    {
        byte[] octets = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)value);
        to.AddRange(octets);
    }
}
