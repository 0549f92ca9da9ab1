namespace PassiveDns.Capture.Tests;

public class FragmentTests
{
    public static TheoryData<string, string> Families() => new() { { Wire.Server, Wire.Resolver }, { Wire.Server6, Wire.Resolver6 } };

    [Theory]
    [MemberData(nameof(Families))]
    public void A_datagram_is_put_together_from_its_fragments_in_every_order(string from, string to)
    {
        byte[] message = Wire.Message(7, "example.org", true, padding: 300);
        byte[][] fragments = Cut(from, to, Wire.Udp(from, to, 53, 4000, message), 0, 64, 128, 256);
        foreach (int[] order in Permutations(fragments.Length))
        {
            Decoding decoding = new();
            for (int i = 0; i < order.Length; i++)
            {
                PacketFate fate = decoding.Add(fragments[order[i]]);
                Assert.Equal(i == order.Length - 1 ? PacketFate.UdpMessage : PacketFate.FragmentWaiting, fate);
            }

            Assert.Equal(message, Assert.Single(decoding.Messages).Octets);
            Assert.Equal(fragments.Length - 1, decoding.Decoder.PacketFates[PacketFate.FragmentJoined]);
            decoding.Complete();
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Any_overlap_makes_the_whole_datagram_invalid(string from, string to)
    {
        byte[] datagram = Wire.Udp(from, to, 53, 4000, Wire.Message(7, "example.org", true, padding: 300));
        byte[][] fragments = Cut(from, to, datagram, 0, 64, 128);
        byte[] overlap = Wire.Ip(from, to, 17, datagram.AsSpan(56, 72), 56, more: true);
        foreach (int[] order in Permutations(4))
        {
            Decoding decoding = new();
            foreach (int i in order) decoding.Add(i == 3 ? overlap : fragments[i]);
            decoding.Complete();

            // Whoever completes the datagram before the overlap arrives has won, as at the resolver's host; then the overlap alone is left.
            bool late = order[3] == 3;
            Assert.Equal(late ? 1 : 0, decoding.Messages.Count);
            Assert.Equal(late ? 0 : 4, decoding.Decoder.PacketFates[PacketFate.FragmentInvalid]);
        }
    }

    [Fact]
    public void A_forged_second_fragment_with_another_content_spoils_the_datagram()
    {
        byte[] datagram = Wire.Udp(Wire.Server, Wire.Resolver, 53, 4000, Wire.Message(7, "example.org", true, padding: 300));
        byte[][] fragments = Cut(Wire.Server, Wire.Resolver, datagram, 0, 64, 128);
        byte[] forged = [.. fragments[1]];
        forged[^1] ^= 1;
        Decoding decoding = new();
        Assert.Equal(PacketFate.FragmentWaiting, decoding.Add(forged));
        Assert.Equal(PacketFate.FragmentInvalid, decoding.Add(fragments[1]));
        Assert.Equal(PacketFate.FragmentInvalid, decoding.Add(fragments[0]));
        Assert.Equal(PacketFate.FragmentInvalid, decoding.Add(fragments[2]));
        Assert.Empty(decoding.Messages);
        decoding.Complete();
    }

    [Fact]
    public void An_exact_copy_of_a_fragment_does_no_harm()
    {
        byte[] message = Wire.Message(7, "example.org", true, padding: 300);
        byte[][] fragments = Cut(Wire.Server, Wire.Resolver, Wire.Udp(Wire.Server, Wire.Resolver, 53, 4000, message), 0, 64);
        Decoding decoding = new();
        decoding.Add(fragments[0]);
        Assert.Equal(PacketFate.FragmentDuplicate, decoding.Add(fragments[0]));
        Assert.Equal(PacketFate.UdpMessage, decoding.Add(fragments[1]));
        Assert.Equal(message, Assert.Single(decoding.Messages).Octets);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_middle_fragment_that_is_no_multiple_of_8_and_conflicting_lengths_are_invalid(string from, string to)
    {
        byte[] datagram = Wire.Udp(from, to, 53, 4000, Wire.Message(7, "example.org", true, padding: 300));
        Decoding odd = new();
        Assert.Equal(PacketFate.FragmentInvalid, odd.Add(Wire.Ip(from, to, 17, datagram.AsSpan(0, 63), 0, more: true)));
        Decoding twoEnds = new();
        twoEnds.Add(Wire.Ip(from, to, 17, datagram.AsSpan(128, 40), 128));
        Assert.Equal(PacketFate.FragmentInvalid, twoEnds.Add(Wire.Ip(from, to, 17, datagram.AsSpan(192, 16), 192)));
        Decoding beyond = new();
        beyond.Add(Wire.Ip(from, to, 17, datagram.AsSpan(128, 40), 128));
        Assert.Equal(PacketFate.FragmentInvalid, beyond.Add(Wire.Ip(from, to, 17, datagram.AsSpan(192, 16), 192, more: true)));
        Decoding tooLong = new();
        Assert.Equal(PacketFate.FragmentInvalid, tooLong.Add(Wire.Ip(from, to, 17, datagram.AsSpan(0, 64), 65_528)));
    }

    [Fact]
    public void A_checksum_is_verified_over_the_whole_datagram()
    {
        byte[] datagram = Wire.Udp(Wire.Server, Wire.Resolver, 53, 4000, Wire.Message(7, "example.org", true, padding: 300));
        datagram[^1] ^= 1;
        byte[][] fragments = Cut(Wire.Server, Wire.Resolver, datagram, 0, 64);
        Decoding decoding = new();
        decoding.Add(fragments[0]);
        Assert.Equal(PacketFate.ChecksumIncorrect, decoding.Add(fragments[1]));
        Assert.Empty(decoding.Messages);
    }

    [Fact]
    public void Fragments_wait_60_seconds_and_no_longer()
    {
        byte[] datagram = Wire.Udp(Wire.Server, Wire.Resolver, 53, 4000, Wire.Message(7, "a", true, padding: 300));
        byte[][] fragments = Cut(Wire.Server, Wire.Resolver, datagram, 0, 64);
        Decoding decoding = new();
        decoding.Add(fragments[0]);
        decoding.Now += 61;
        Assert.Equal(PacketFate.FragmentWaiting, decoding.Add(fragments[1]));
        Assert.Equal(1, decoding.Decoder.PacketFates[PacketFate.FragmentIncomplete]);
        decoding.Complete();
        Assert.Equal(2, decoding.Decoder.PacketFates[PacketFate.FragmentIncomplete]);
    }

    [Fact]
    public void The_table_is_bounded_and_counts_what_leaves()
    {
        Decoding decoding = new();
        byte[] datagram = Wire.Udp(Wire.Server, Wire.Resolver, 53, 4000, new byte[64]);
        const int Extra = 100;
        for (uint id = 0; id < FragmentTable.MaxDatagrams + Extra; id++)
        {
            decoding.Decoder.Decode(LinkType.Raw, Wire.Ip(Wire.Server, Wire.Resolver, 17, datagram.AsSpan(0, 64), 0, more: true, id), 0, 0);
        }

        Assert.Equal(Extra, decoding.Decoder.PacketFates[PacketFate.FragmentEvicted]);
        Assert.Equal(FragmentTable.MaxDatagrams, decoding.Decoder.PacketFates[PacketFate.FragmentWaiting]);
    }

    private static byte[][] Cut(string from, string to, byte[] datagram, params int[] at) => [.. at.Select((start, i) =>
    {
        int end = i + 1 < at.Length ? at[i + 1] : datagram.Length;
        return Wire.Ip(from, to, 17, datagram.AsSpan(start, end - start), start, more: end < datagram.Length);
    })];

    private static IEnumerable<int[]> Permutations(int n) => n == 0
        ? [[]]
        : Permutations(n - 1).SelectMany(p => Enumerable.Range(0, n).Select(at => (int[])[.. p[..at], n - 1, .. p[at..]]));
}
