using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>The classic format (draft-ietf-opsawg-pcap): a file header of 24 octets, then packets, each with a header of 16.</summary>
internal sealed class PcapFormat : CaptureFormat
{
    private const int HeaderLength = 24;

    private readonly bool _bigEndian;
    private readonly int _unit; // nanoseconds of one unit of the fraction
    private readonly int _recordHeader;
    private readonly LinkType _link;

    private PcapFormat(bool bigEndian, int unit, int recordHeader, LinkType link)
    {
        _bigEndian = bigEndian;
        _unit = unit;
        _recordHeader = recordHeader;
        _link = link;
    }

    /// <summary>Whether these are the first four octets, read big-endian, of a file of this kind.</summary>
    public static bool IsMagic(uint magic) => magic is 0xA1B2C3D4 or 0xD4C3B2A1 or 0xA1B23C4D or 0x4D3CB2A1 or 0xA1B2CD34 or 0x34CDB2A1;

    public static PcapFormat? Open(ReadOnlySpan<byte> start, out int consumed, out string problem)
    {
        consumed = HeaderLength;
        problem = "";
        if (start.Length < HeaderLength)
        {
            problem = "the pcap file header is cut off at offset " + start.Length + "; capture again, or get a whole copy";
            return null;
        }

        uint magic = BinaryPrimitives.ReadUInt32BigEndian(start);
        bool big = magic >> 24 == 0xA1;
        uint plain = big ? magic : BinaryPrimitives.ReverseEndianness(magic);
        int major = U16(start[4..], big);
        int minor = U16(start[6..], big);
        if (major != 2 || minor > 4)
        {
            problem = $"pcap version {major}.{minor} at offset 4 is not supported; convert the file with tcpdump -r FILE -w NEW";
            return null;
        }

        uint link = U32(start[20..], big);
        if ((link & 0x03FF0000) != 0)
        {
            problem = $"the link type word 0x{link:X8} at offset 20 has reserved bits set; the file is damaged";
            return null;
        }

        LinkType type = (LinkType)(link & 0xFFFF); // above it: the length of a frame check sequence, which follows the IP packet
        if (!LinkLayer.IsKnown(type))
        {
            problem = $"link type {(int)type} at offset 20 is not supported; capture on an Ethernet, Linux cooked, loopback, PPP or raw IP interface";
            return null;
        }

        // Kuznetsov's patched libpcap wrote 8 octets more in front of each packet.
        return new(big, plain == 0xA1B23C4D ? 1 : 1000, plain == 0xA1B2CD34 ? 24 : 16, type);
    }

    public override RecordStatus Read(ReadOnlySpan<byte> window, out PacketRecord record, out long consumed)
    {
        record = default;
        consumed = 0;
        if (window.Length < _recordHeader) return RecordStatus.NeedMore;
        uint length = U32(window[8..], _bigEndian);
        if (length > MaxPacketLength) return Damage($"a packet claims {length:N0} octets, more than any capture holds");
        if (window.Length < _recordHeader + (int)length) return RecordStatus.NeedMore;
        record.Offset = _recordHeader;
        record.Length = (int)length;
        record.OriginalLength = U32(window[12..], _bigEndian);
        record.Link = _link;
        record.HasTime = true;
        record.UnixNanoseconds = (U32(window, _bigEndian) * 1_000_000_000L) + ((long)U32(window[4..], _bigEndian) * _unit);
        consumed = _recordHeader + length;
        return RecordStatus.Packet;
    }

    private static int U16(ReadOnlySpan<byte> octets, bool big) =>
        big ? BinaryPrimitives.ReadUInt16BigEndian(octets) : BinaryPrimitives.ReadUInt16LittleEndian(octets);

    private static uint U32(ReadOnlySpan<byte> octets, bool big) =>
        big ? BinaryPrimitives.ReadUInt32BigEndian(octets) : BinaryPrimitives.ReadUInt32LittleEndian(octets);
}
