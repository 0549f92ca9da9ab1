using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>A capture file format: takes records from the start of a window of octets. Content never makes it throw.</summary>
internal abstract class CaptureFormat
{
    /// <summary>The longest packet that is believed: libpcap's own limit.</summary>
    public const int MaxPacketLength = 262_144;

    public const string EmptyProblem = "the file is empty; nothing was captured, or it was not written to its end";
    public const string ForeignProblem = "this is no capture file (neither pcap, pcapng, C-DNS, dnstap nor PowerDNS messages); give a file written by tcpdump, dumpcap or a DNS server";

    /// <summary>What is wrong, after <see cref="RecordStatus.Damaged"/>.</summary>
    public string Problem { get; protected set; } = "";

    /// <summary>Packets that the capturing host says it lost before they reached the file.</summary>
    public virtual long Lost => 0;

    /// <summary>Reads the record at the start of the window.</summary>
    /// <param name="window">Octets from the current place on.</param>
    /// <param name="record">The packet, if there is one.</param>
    /// <param name="consumed">How far to go on, also beyond the window; 0 if more octets are needed.</param>
    public abstract RecordStatus Read(ReadOnlySpan<byte> window, out PacketRecord record, out long consumed);

    /// <summary>Whether a file of pcap or pcapng starts with these octets.</summary>
    public static bool IsStart(ReadOnlySpan<byte> start) =>
        start.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(start) is uint magic && (magic == PcapngFormat.SectionHeader || PcapFormat.IsMagic(magic));

    /// <summary>Tells the format by the first octets, and reads a file header that must be right.</summary>
    /// <param name="start">The start of the file; all of it if it is shorter than the window.</param>
    /// <param name="consumed">The octets of the header.</param>
    /// <param name="problem">What is wrong and how to mend it, if the result is <c>null</c>.</param>
    public static CaptureFormat? Detect(ReadOnlySpan<byte> start, out int consumed, out string problem)
    {
        consumed = 0;
        problem = "";
        if (start.IsEmpty)
        {
            problem = EmptyProblem;
            return null;
        }

        if (start.Length >= 4)
        {
            uint magic = BinaryPrimitives.ReadUInt32BigEndian(start);
            if (magic == PcapngFormat.SectionHeader) return PcapngFormat.Open(start, out problem);
            if (PcapFormat.IsMagic(magic)) return PcapFormat.Open(start, out consumed, out problem);
        }

        problem = ForeignProblem;
        return null;
    }

    protected RecordStatus Damage(string problem)
    {
        Problem = problem;
        return RecordStatus.Damaged;
    }
}
