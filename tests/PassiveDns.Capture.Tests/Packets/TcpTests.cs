using FsCheck.Xunit;

namespace PassiveDns.Capture.Tests;

public class TcpTests
{
    private const uint Start = 0xFFFFFF00; // so that sequence numbers wrap

    private static readonly byte[][] s_messages =
        [Wire.Message(1, "one.example", true), Wire.Message(2, "two.example", true, padding: 200), Wire.Message(3, "three.example", true)];

    private static readonly byte[] s_stream = Wire.Framed(s_messages);

    [Fact]
    public void Messages_come_out_wherever_the_stream_is_split_in_two()
    {
        for (int at = 0; at <= s_stream.Length; at++) AssertAll([(0, at), (at, s_stream.Length)]);
    }

    [Fact]
    public void Messages_come_out_of_segments_of_one_octet() =>
        AssertAll([.. Enumerable.Range(0, s_stream.Length).Select(i => (i, i + 1))]);

    [Property(MaxTest = 200, Replay = "(11,13)")]
    public void Messages_come_out_of_any_segments_in_any_order_with_retransmissions(int seed)
    {
        Random random = new(seed);
        List<(int From, int To)> segments = [];
        for (int at = 0; at < s_stream.Length;)
        {
            int to = Math.Min(s_stream.Length, at + random.Next(1, 60));
            segments.Add((Math.Max(0, at - random.Next(0, 5)), to)); // with overlap
            if (random.Next(4) == 0) segments.Add((at, to));
            at = to;
        }

        (int From, int To)[] shuffled = [.. segments];
        random.Shuffle(shuffled);
        AssertAll(shuffled);
    }

    [Fact]
    public void Both_directions_are_read()
    {
        Decoding decoding = new(Decoding.Vantage());
        byte[] query = Wire.Framed(Wire.Message(1, "one.example", false));
        decoding.Add(Wire.Ip(Wire.Resolver, Wire.Server, 6, Wire.Tcp(4000, 53, 10, [], syn: true)));
        decoding.Add(Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, 4000, 99, [], syn: true)));
        decoding.Add(Wire.Ip(Wire.Resolver, Wire.Server, 6, Wire.Tcp(4000, 53, 11, query)));
        decoding.Add(Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, 4000, 100, Wire.Framed(s_messages[0]), fin: true)));
        decoding.Complete();
        Assert.Equal(s_messages[0], Assert.Single(decoding.Observed).Octets);
        Assert.Equal(2, decoding.Decoder.PacketFates[PacketFate.TcpControl]);
    }

    [Fact]
    public void A_copy_that_says_something_else_drops_the_stream()
    {
        Decoding decoding = new();
        Open(decoding);
        Send(decoding, 0, 20);
        byte[] forged = [.. s_stream[5..40]];
        forged[10] ^= 1;
        Assert.Equal(PacketFate.TcpConflict, decoding.Add(Segment(5, forged)));
        Assert.Equal(PacketFate.TcpConflict, decoding.Add(Segment(20, s_stream[20..])));
        Assert.Empty(decoding.Messages);
        decoding.Complete();
        Assert.Equal(3, decoding.Decoder.PacketFates[PacketFate.TcpConflict]);
    }

    [Fact]
    public void A_hole_that_is_never_filled_is_counted()
    {
        Decoding decoding = new();
        Open(decoding);
        int first = s_messages[0].Length + 2;
        Send(decoding, 0, first);
        Send(decoding, first + 10, s_stream.Length);
        decoding.Complete();
        Assert.Equal(s_messages[0], Assert.Single(decoding.Messages).Octets);
        Assert.Equal(1, decoding.Decoder.PacketFates[PacketFate.TcpIncomplete]);
        Assert.Equal(1, decoding.Decoder.PacketFates[PacketFate.TcpSegment]);
    }

    [Fact]
    public void Without_a_SYN_a_stream_starts_only_where_a_message_surely_starts()
    {
        Decoding inside = new();
        Assert.Equal(PacketFate.TcpMidstream, inside.Add(Segment(7, s_stream[7..])));
        Assert.Empty(inside.Messages);
        Decoding clear = new();
        Assert.Equal(PacketFate.TcpSegment, clear.Add(Segment(0, s_stream)));
        Assert.Equal(s_messages, clear.Messages.Select(m => m.Octets));
        Decoding wrongWay = new(); // a "query" from port 53
        Assert.Equal(PacketFate.TcpMidstream, wrongWay.Add(Segment(0, Wire.Framed(Wire.Message(1, "one.example", false)))));
    }

    [Fact]
    public void Data_in_the_SYN_counts()
    {
        Decoding decoding = new();
        decoding.Add(Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, 4000, Start - 1, s_stream, syn: true)));
        Assert.Equal(s_messages, decoding.Messages.Select(m => m.Octets));
    }

    [Fact]
    public void A_new_SYN_on_the_same_ports_starts_anew()
    {
        Decoding decoding = new();
        Open(decoding);
        Send(decoding, 0, 10);
        decoding.Add(Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, 4000, 5000, [], syn: true)));
        decoding.Add(Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, 4000, 5001, s_stream)));
        Assert.Equal(s_messages, decoding.Messages.Select(m => m.Octets));
        Assert.Equal(1, decoding.Decoder.PacketFates[PacketFate.TcpIncomplete]);
    }

    [Fact]
    public void A_stream_longer_than_any_buffer_is_read_to_its_end()
    {
        Decoding decoding = new();
        Open(decoding);
        byte[] message = Wire.Message(9, "big.example", true, padding: 60_000);
        byte[] framed = Wire.Framed(message);
        uint at = 0;
        for (int i = 0; i < 20; i++)
        {
            for (int from = 0; from < framed.Length; from += 1400)
            {
                byte[] part = framed[from..Math.Min(framed.Length, from + 1400)];
                Assert.Equal(PacketFate.TcpSegment, decoding.Add(Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, 4000, Start + at, part))));
                at += (uint)part.Length;
            }
        }

        Assert.Equal(20, decoding.Messages.Count(m => m.Octets.AsSpan().SequenceEqual(message)));
        Assert.Equal(0, decoding.Decoder.PacketFates[PacketFate.TcpIncomplete]);
    }

    [Fact]
    public void A_segment_far_ahead_is_refused_and_an_idle_stream_ends()
    {
        Decoding decoding = new();
        Open(decoding);
        Assert.Equal(PacketFate.TcpLimit, decoding.Add(Segment(TcpStream.MaxBuffered, s_stream)));
        Send(decoding, 0, 10);
        decoding.Now += 31;
        Assert.Equal(PacketFate.TcpMidstream, decoding.Add(Segment(10, s_stream[10..])));
        Assert.Equal(1, decoding.Decoder.PacketFates[PacketFate.TcpIncomplete]);
    }

    private static void AssertAll((int From, int To)[] segments)
    {
        Decoding decoding = new();
        Open(decoding);
        foreach ((int from, int to) in segments) Send(decoding, from, to);
        decoding.Complete();
        Assert.Equal(s_messages, decoding.Messages.Select(m => m.Octets));
        Assert.Equal(0, decoding.Decoder.PacketFates[PacketFate.TcpIncomplete]);
    }

    private static void Open(Decoding decoding) => decoding.Add(Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, 4000, Start - 1, [], syn: true)));

    private static void Send(Decoding decoding, int from, int to) => decoding.Add(Segment(from, s_stream[from..to]));

    private static byte[] Segment(int at, byte[] data) => Wire.Ip(Wire.Server, Wire.Resolver, 6, Wire.Tcp(53, 4000, Start + (uint)at, data));
}
