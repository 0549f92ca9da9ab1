using System.Buffers.Binary;
using System.Net;
using FsCheck.Xunit;

namespace PassiveDns.Tests;

public class HostAddressTests
{
    [Theory]
    [InlineData("20010db8000000000000000000000001", "2001:db8::1")]
    [InlineData("00000000000000000000000000000000", "::")]
    [InlineData("00000000000000000000000000000001", "::1")]
    [InlineData("20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1")] // RFC 5952 section 4.2.2: one group is not shortened
    [InlineData("20010000000000010000000000000001", "2001:0:0:1::1")] // section 4.2.3: the longest run
    [InlineData("20010db8000000000001000000000001", "2001:db8::1:0:0:1")] // section 4.2.3: the first of equal runs
    [InlineData("20010db80000000000000000000a0000", "2001:db8::a:0")]
    [InlineData("20010db8000100010001000100000000", "2001:db8:1:1:1:1::")]
    [InlineData("00000000000000000000ffffc0000201", "::ffff:192.0.2.1")] // section 5
    [InlineData("000000000000000000000000c0000201", "::192.0.2.1")]
    [InlineData("fe8000000000000000005efec0000201", "fe80::5efe:c000:201")] // ISATAP: the framework prints a dotted tail
    [InlineData("00000000000000005efe0000c0000201", "::5efe:0:c000:201")]
    [InlineData("0000000000000000ffff0000c0000201", "::ffff:0:c000:201")]
    [InlineData("c0000201", "192.0.2.1")]
    public void Addresses_are_written_as_RFC_5952_says(string hex, string text) =>
        Assert.Equal(text, HostAddress.FromBytes(TestData.Hex(hex)).ToString());

    [Property(Replay = "1,3", MaxTest = 2000)]
    public void Text_is_read_back_by_the_framework_and_by_us(ulong high, ulong low, byte zeros)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(octets, high);
        BinaryPrimitives.WriteUInt64BigEndian(octets[8..], low);
        for (int i = 0; i < 8; i++)
        {
            if ((zeros >> i & 1) != 0) octets.Slice(2 * i, 2).Clear();
        }

        HostAddress address = HostAddress.FromBytes(octets);
        Assert.Equal(address, HostAddress.From(IPAddress.Parse(address.ToString())));
        Assert.True(HostAddress.TryParse(address.ToString(), out HostAddress read));
        Assert.Equal(address, read);
    }

    [Theory]
    [InlineData("192.0.2.7", 24, "192.0.2.255")]
    [InlineData("192.0.2.7", 32, "192.0.2.7")]
    [InlineData("192.0.2.7", 0, "255.255.255.255")]
    [InlineData("2001:db8::1", 32, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("::", 0, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void The_last_address_of_a_network_is_known(string address, int prefix, string last)
    {
        Assert.True(HostAddress.TryParse(address, out HostAddress parsed));
        Assert.Equal(last, parsed.LastOf(prefix).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => parsed.LastOf(8 * parsed.Length + 1));
    }

    [Property(Replay = "1,5", MaxTest = 1000)]
    public void IPv4_comes_before_IPv6_and_both_are_ordered_by_number(uint a, uint b, ulong c)
    {
        byte[] octets = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(octets, a);
        HostAddress left = HostAddress.FromBytes(octets.AsSpan(0, 4));
        BinaryPrimitives.WriteUInt32BigEndian(octets, b);
        HostAddress right = HostAddress.FromBytes(octets.AsSpan(0, 4));
        BinaryPrimitives.WriteUInt64BigEndian(octets, c);
        HostAddress six = HostAddress.FromBytes(octets);
        Assert.Equal(a.CompareTo(b), left.CompareTo(right));
        bool[] expected = [a < b, a > b, a <= b, a >= b];
        Assert.Equal(expected, (bool[])[left < right, left > right, left <= right, left >= right]);
        Assert.True(left < six && six > right);
        Assert.Equal(left, HostAddress.From(left.ToIPAddress()));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.")]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData(":1")]
    [InlineData("1:")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7::8:9")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("12345::")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::1.2.3")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    public void Other_text_is_no_address(string text) => Assert.False(HostAddress.TryParse(text, out _));
}
