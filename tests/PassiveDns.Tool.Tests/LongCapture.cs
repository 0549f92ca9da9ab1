using System.Buffers.Binary;

namespace PassiveDns.Tool.Tests;

/// <summary>
/// The sample capture again and again, each time 90 days later, as a classic pcap file: long enough to be interrupted. It reads only what the
/// sample has, one section and one interface with microseconds.
/// </summary>
internal static class LongCapture
{
    private const long NinetyDays = 90L * 86_400;

    public static string Write(TemporaryDirectory directory, int copies)
    {
        List<(long Microseconds, byte[] Packet, int Length)> packets = [.. ReadSample()];
        string path = directory.At($"sample-{copies}.pcap");
        using BinaryWriter pcap = new(new BufferedStream(File.Create(path), 1 << 16));
        pcap.Write(0xA1B2C3D4);
        pcap.Write((ushort)2);
        pcap.Write((ushort)4);
        pcap.Write(0L);
        pcap.Write(262_144);
        pcap.Write(1); // Ethernet
        for (int copy = 0; copy < copies; copy++)
        {
            foreach ((long microseconds, byte[] packet, int length) in packets)
            {
                pcap.Write((uint)(microseconds / 1_000_000 + copy * NinetyDays));
                pcap.Write((uint)(microseconds % 1_000_000));
                pcap.Write(packet.Length);
                pcap.Write(length);
                pcap.Write(packet);
            }
        }

        return path;
    }

    private static IEnumerable<(long Microseconds, byte[] Packet, int Length)> ReadSample()
    {
        byte[] file = File.ReadAllBytes(Files.Sample("sample.pcapng"));
        for (int at = 0; at < file.Length; at += BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4)))
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at)) != 6) continue; // enhanced packet block
            long time = (long)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12)) << 32 | BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 16));
            int captured = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 20));
            yield return (time, file.AsSpan(at + 28, captured).ToArray(), BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 24)));
        }
    }
}
