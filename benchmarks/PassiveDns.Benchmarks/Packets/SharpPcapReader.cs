using PacketDotNet;
using PassiveDns.Capture;
using SharpPcap;
using SharpPcap.LibPcap;

namespace PassiveDns.Benchmarks.Packets;

/// <summary>SharpPcap, which stands on libpcap too; decoded like the others, or by its companion PacketDotNet.</summary>
internal sealed class SharpPcapReader(bool withPacketDotNet) : PacketReader
{
    public override string Name => withPacketDotNet ? "SharpPcap, PacketDotNet" : "SharpPcap";

    public override PacketCounts Read(string path)
    {
        PacketCounts counts = default;
        using CaptureFileReaderDevice device = new(path);
        device.Open();
        LinkType link = (LinkType)(int)device.LinkType;
        while (device.GetNextPacket(out PacketCapture capture) == GetPacketStatus.PacketRead)
        {
            if (!withPacketDotNet)
            {
                Decoding.Add(ref counts, link, capture.Data, ((PcapHeader)capture.Header).PacketLength > capture.Data.Length);
                continue;
            }

            counts.Packets++;
            if (capture.GetPacket().GetPacket().Extract<UdpPacket>() is not { } udp) continue;
            counts.Datagrams++;
            counts.Octets += udp.PayloadData?.Length ?? 0;
        }

        return counts;
    }
}
