using System.Buffers.Binary;
using PassiveDns.Capture;

namespace PassiveDns.Benchmarks.Packets;

/// <summary>A capture of many packets made of one of few: the same packets over and over, each round a day later. Written once, as pcap.</summary>
internal static class RepeatedCapture
{
    private const long Day = 86_400L * 1_000_000_000;

    /// <summary>Writes the capture if it is not there.</summary>
    public static string Make(string source, int packets)
    {
        string path = Path.Combine(Path.GetTempPath(), $"passivedns-benchmark-{packets}.pcap");
        if (File.Exists(path)) return path;
        List<(PacketRecord Record, byte[] Octets)> all = [];
        using (CaptureFile file = CaptureFile.Open(source))
        {
            for (RecordStatus status = RecordStatus.Other; status != RecordStatus.Damaged && !file.IsAtEnd;)
            {
                status = file.Next(out PacketRecord record, out ReadOnlySpan<byte> packet);
                if (status == RecordStatus.Packet) all.Add((record, packet.ToArray()));
                else if (!file.IsAtEnd) file.FillAsync(default).AsTask().GetAwaiter().GetResult();
            }
        }

        string unfinished = path + ".new";
        using (FileStream output = new(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            Span<byte> header = stackalloc byte[24];
            Write(header, [0xA1B23C4D, 0x00040002, 0, 0, 262_144, (uint)all[0].Record.Link]);
            output.Write(header);
            for (int i = 0; i < packets; i++)
            {
                (PacketRecord record, byte[] octets) = all[i % all.Count];
                (long seconds, long fraction) = Math.DivRem(record.UnixNanoseconds + (i / all.Count * Day), 1_000_000_000);
                Write(header, [(uint)seconds, (uint)fraction, (uint)octets.Length, (uint)record.OriginalLength]);
                output.Write(header[..16]);
                output.Write(octets);
            }
        }

        File.Move(unfinished, path);
        return path;
    }

    private static void Write(Span<byte> target, ReadOnlySpan<uint> words)
    {
        for (int i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(target[(4 * i)..], words[i]);
    }
}
