using System.Buffers.Binary;

namespace PassiveDns.Tests;

/// <summary>Composes DNS messages octet by octet, sound or not. Nothing is compressed unless the caller writes a pointer.</summary>
internal sealed class MessageBuilder
{
    private readonly List<byte> _octets = [];

    public MessageBuilder(ushort flags = 0x8400, ushort id = 0x1234)
    {
        _octets.AddRange(new byte[DnsHeader.Length]);
        Patch(0, id);
        Patch(2, flags);
    }

    /// <summary>Where the next octet will stand: what a pointer to it must say.</summary>
    public int Position => _octets.Count;

    /// <summary>Writes a question and counts it.</summary>
    public MessageBuilder Question(string name, RecordType type, RecordClass @class = RecordClass.IN)
    {
        Raw(Name(name)).Raw([.. U16((ushort)type), .. U16((ushort)@class)]);
        return Count(4);
    }

    public MessageBuilder Answer(string owner, RecordType type, params byte[] rdata) => Record(DnsSection.Answer, Name(owner), type, rdata);

    public MessageBuilder Authority(string owner, RecordType type, params byte[] rdata) => Record(DnsSection.Authority, Name(owner), type, rdata);

    public MessageBuilder Additional(string owner, RecordType type, params byte[] rdata) => Record(DnsSection.Additional, Name(owner), type, rdata);

    /// <summary>Writes a record with any owner octets and counts it.</summary>
    public MessageBuilder Record(
        DnsSection section, byte[] owner, RecordType type, byte[] rdata, int? length = null, uint ttl = 3600, RecordClass @class = RecordClass.IN)
    {
        Raw(owner).Raw([.. U16((ushort)type), .. U16((ushort)@class), .. U16((ushort)(ttl >> 16)), .. U16((ushort)ttl)]);
        Raw(U16((ushort)(length ?? rdata.Length))).Raw(rdata);
        return Count(section switch
        {
            DnsSection.Answer => 6,
            DnsSection.Authority => 8,
            _ => 10,
        });
    }

    /// <summary>Writes octets that nothing counts.</summary>
    public MessageBuilder Raw(params byte[] octets)
    {
        _octets.AddRange(octets);
        return this;
    }

    /// <summary>Overwrites 16 bits, such as a count in the header.</summary>
    public MessageBuilder Patch(int offset, ushort value)
    {
        _octets[offset] = (byte)(value >> 8);
        _octets[offset + 1] = (byte)value;
        return this;
    }

    public byte[] ToArray() => [.. _octets];

    /// <summary>A name in uncompressed wire format, its letters as given.</summary>
    public static byte[] Name(string name)
    {
        List<byte> wire = [];
        foreach (string label in name.TrimEnd('.').Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            wire.Add((byte)label.Length);
            wire.AddRange(label.Select(c => (byte)c));
        }

        return [.. wire, 0];
    }

    public static byte[] Pointer(int offset) => [(byte)(0xC0 | offset >> 8), (byte)offset];

    public static byte[] U16(ushort value)
    {
        byte[] octets = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, value);
        return octets;
    }

    private MessageBuilder Count(int offset) => Patch(offset, (ushort)((_octets[offset] << 8 | _octets[offset + 1]) + 1));
}
