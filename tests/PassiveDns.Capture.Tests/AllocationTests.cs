using System.Buffers;

namespace PassiveDns.Capture.Tests;

public class AllocationTests
{
    [Fact]
    public void In_steady_state_a_packet_costs_no_allocation()
    {
        List<byte[]> packets = [];
        for (int i = 0; i < 1000; i++)
        {
            string name = $"host{i % 50}.example.org";
            packets.Add(Wire.Ethernet(Wire.Query(i, name), 0x8100));
            packets.Add(Wire.Ethernet(Wire.Response(i, name), 0x8100));
            byte[] datagram = Wire.Udp(Wire.Server, Wire.Resolver, 53, 4000, Wire.Message(i, "fragmented.example", true, padding: 600));
            packets.Add(Wire.Ethernet(Wire.Ip(Wire.Server, Wire.Resolver, 17, datagram.AsSpan(0, 400), 0, more: true, (uint)i)));
            packets.Add(Wire.Ethernet(Wire.Ip(Wire.Server, Wire.Resolver, 17, datagram.AsSpan(400), 400, id: (uint)i)));
            int port = 10_000 + (i % 20);
            packets.Add(Wire.Ethernet(Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, port, (uint)i << 8, [], syn: true))));
            byte[] framed = Wire.Framed(Wire.Message(i, "tcp.example", true));
            packets.Add(Wire.Ethernet(Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, port, ((uint)i << 8) + 1, framed, fin: true))));
        }

        PacketDecoder decoder = new(Decoding.Vantage());
        MessageBatch batch = new();
        long time = 1_700_000_000_000_000_000;
        for (int round = 0; round < 5; round++) time = Run(decoder, batch, packets, time);
        for (int i = 0; i < 1000; i++) _ = ArrayPool<byte>.Shared.Rent(2048); // others in the process empty the pool that all share
        Assert.Equal(0, Allocated.Least(() => time = Run(decoder, batch, packets, time)));
        Assert.InRange(decoder.Packets, 6 * packets.Count, 10 * packets.Count);
        Assert.InRange(decoder.Observed, 3000, 10_000);
    }

    private static long Run(PacketDecoder decoder, MessageBatch batch, List<byte[]> packets, long time)
    {
        for (int i = 0; i < packets.Count; i++)
        {
            decoder.Decode(LinkType.Ethernet, packets[i], packets[i].Length, time += 10_000_000);
            while (!decoder.TryDrain(batch)) batch.Clear();
        }

        return time;
    }
}
