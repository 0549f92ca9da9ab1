using PassiveDns.Capture;

namespace PassiveDns.Benchmarks.Packets;

/// <summary>The reader of PassiveDns.Capture with its own link layer and IP.</summary>
internal sealed class PassiveDnsReader : PacketReader
{
    public override string Name => "PassiveDns";

    public override PacketCounts Read(string path)
    {
        PacketCounts counts = default;
        using CaptureFile file = CaptureFile.Open(path);
        while (true)
        {
            RecordStatus status = file.Next(out PacketRecord record, out ReadOnlySpan<byte> packet);
            if (status == RecordStatus.Packet)
            {
                Decoding.Add(ref counts, record.Link, packet, record.OriginalLength > packet.Length);
            }
            else if (status == RecordStatus.NeedMore && !file.IsAtEnd)
            {
                file.FillAsync(default).AsTask().GetAwaiter().GetResult();
            }
            else
            {
                return counts;
            }
        }
    }
}
