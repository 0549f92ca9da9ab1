using System.Net;
using FsCheck.Xunit;

namespace PassiveDns.Capture.Tests;

public class ChecksumTests
{
    [Property(MaxTest = 500, Replay = "(5,7)")]
    public void It_agrees_with_the_sum_word_by_word(byte[] payload, bool v6, ushort bitten)
    {
        (string from, string to) = v6 ? (Wire.Server6, Wire.Resolver6) : (Wire.Server, Wire.Resolver);
        byte[] datagram = Wire.Udp(from, to, 53, 4000, payload);
        Assert.True(Checksum.IsAcceptable(Octets(from), Octets(to), datagram));
        int at = bitten % datagram.Length;
        datagram[at] ^= (byte)(1 << (bitten >> 8 & 7));
        bool right = datagram[6] == 0 && datagram[7] == 0 ? !v6 : false;
        Assert.Equal(right, Checksum.IsAcceptable(Octets(from), Octets(to), datagram));
    }

    [Theory]
    [InlineData("correct", 5, 0)]
    [InlineData("absent", 5, 0)]
    [InlineData("incorrect", 0, 5)]
    public void Real_responses_with_and_without_a_right_checksum_are_told_apart(string kind, int messages, int dropped)
    {
        CaptureRun run = CaptureRun.Read(Corpus.CapturePath($"auth/nmsg__{kind}_edns-v4-ok.pcap"));
        Assert.Equal(messages, run.Messages.Count);
        Assert.Equal(dropped, run.Count("packets", "checksum-incorrect"));
    }

    [Fact]
    public void Over_IPv6_a_checksum_must_not_be_absent()
    {
        CaptureRun run = CaptureRun.Read(Corpus.CapturePath("auth/nmsg__absent_edns-v6-ok.pcap"));
        Assert.Equal(5, run.Count("packets", "checksum-incorrect")); // RFC 8200 section 8.1
    }

    [Fact]
    public void Queries_are_never_verified()
    {
        Decoding decoding = new();
        byte[] packet = Wire.UdpPacket(Wire.Resolver, Wire.Server, 4000, 53, Wire.Message(1, "a", false), goodChecksum: false);
        Assert.Equal(PacketFate.UdpMessage, decoding.Add(packet));
    }

    private static byte[] Octets(string address) => IPAddress.Parse(address).GetAddressBytes();
}
