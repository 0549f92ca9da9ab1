using System.Buffers.Binary;

namespace PassiveDns.Capture.Tests;

/// <summary>The longest streams that DNS knows: zone transfers (RFC 5936), many messages to one query.</summary>
public class ZoneTransferTests
{
    private const int SegmentLength = 1448;
    private const int IpAndTcp = 40;

    [Fact]
    public void A_zone_transfer_of_300_MB_takes_no_more_memory_than_its_start()
    {
        const long Total = 300_000_000;
        PacketDecoder decoder = new(Decoding.Vantage());
        MessageBatch batch = new();
        long now = 1_700_000_000_000_000_000;
        byte[] query = Wire.Framed(Wire.Message(9, "example.org", false));
        Give(Wire.Ip(Wire.Resolver, Wire.Server, 6, Wire.Tcp(4000, 53, 0, [], syn: true)));
        Give(Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, 4000, 0, [], syn: true)));
        Give(Wire.Ip(Wire.Resolver, Wire.Server, 6, Wire.Tcp(4000, 53, 1, query)));

        byte[] message = Wire.Framed(Wire.Message(9, "example.org", true, padding: 16_000));
        byte[] packet = Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, 4000, 1, new byte[SegmentLength]));
        long sent = 0;
        Send(Total / 100);
        Assert.Equal(0, Allocated.Least(() => Send(sent + (Total / 5))));
        Send(Total);
        decoder.Complete();
        Assert.True(decoder.TryDrain(batch));
        Assert.Equal((sent / message.Length) + 1, decoder.Messages);
        Conservation.Check(decoder.GetReport());

        void Send(long end)
        {
            while (sent < end)
            {
                BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(24), (uint)(1 + sent));
                for (int filled = 0; filled < SegmentLength;)
                {
                    int at = (int)((sent + filled) % message.Length);
                    int length = Math.Min(SegmentLength - filled, message.Length - at);
                    message.AsSpan(at, length).CopyTo(packet.AsSpan(IpAndTcp + filled));
                    filled += length;
                }

                Give(packet);
                sent += SegmentLength;
            }
        }

        void Give(byte[] octets)
        {
            decoder.Decode(LinkType.Raw, octets, octets.Length, now);
            now += 12_000; // a line of 1 Gbit/s
            batch.Clear();
            while (!decoder.TryDrain(batch)) batch.Clear();
        }
    }
}
