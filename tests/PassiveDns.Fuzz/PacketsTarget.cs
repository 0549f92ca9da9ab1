using System.Buffers.Binary;
using PassiveDns.Capture;

namespace PassiveDns.Fuzz;

/// <summary>Packets of any link layer, one after the other: u8 link type, u8 milliseconds since the one before, u16 length, octets.</summary>
internal static class PacketsTarget
{
    private const int HeadLength = 4;

    private static readonly LinkType[] s_links = [.. Enum.GetValues<LinkType>(), (LinkType)147];
    private static readonly MessageBatch s_batch = new();

    public static void Run(ReadOnlySpan<byte> input)
    {
        PacketDecoder decoder = new(new() { MaxOutstandingQueries = 64, MaxHeldOctets = 262_144 });
        long packets = 0, observed = 0, now = 1_700_000_000_000_000_000;
        while (input.Length >= HeadLength)
        {
            LinkType link = s_links[input[0] % s_links.Length];
            now += input[1] * 1_000_000L;
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(input[2..]), input.Length - HeadLength);
            decoder.Decode(link, input.Slice(HeadLength, length), length, now);
            input = input[(HeadLength + length)..];
            packets++;
            observed += Drain(decoder);
        }

        decoder.Complete();
        observed += Drain(decoder);
        Promise.Holds(decoder.Packets == packets, "packets in and packets counted");
        AccountPromises.Check(decoder.GetAccount(), decoder.Packets, decoder.Messages, observed);
    }

    private static long Drain(PacketDecoder decoder)
    {
        long observed = 0;
        bool isDone;
        do
        {
            s_batch.Clear();
            isDone = decoder.TryDrain(s_batch);
            observed += s_batch.Count;
        }
        while (!isDone);
        return observed;
    }
}
