using System.Net;

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

    [FsCheck.Xunit.Property(Replay = "1,3", MaxTest = 2000)]
    public void Text_is_read_back_by_the_framework_and_by_us(ulong high, ulong low, byte zeros)
    {
        Span<byte> octets = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(octets, high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(octets[8..], low);
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
