using System.Net;
using FsCheck.Xunit;

namespace PassiveDns.Analysis.Tests;

public class AddressPrefixTests
{
    [Theory]
    [InlineData("192.0.2.200", 24, "192.0.2.0/24")]
    [InlineData("192.0.2.200", 25, "192.0.2.128/25")]
    [InlineData("192.0.2.200", 32, "192.0.2.200/32")]
    [InlineData("192.0.2.200", 0, "0.0.0.0/0")]
    [InlineData("2001:db8:1:2:3::4", 48, "2001:db8:1::/48")]
    [InlineData("2001:db8:1:2:3::4", 61, "2001:db8:1::/61")]
    public void Bits_behind_the_prefix_are_cleared(string address, int length, string prefix)
    {
        Assert.True(HostAddress.TryParse(address, out HostAddress parsed));
        Assert.Equal(prefix, AddressPrefix.Of(parsed, length).ToString());
    }

    [Property(Replay = "(42,43)")]
    public void It_is_the_network_that_the_framework_knows(uint address, byte length)
    {
        byte[] octets = BitConverter.GetBytes(address);
        int bits = length % 33;
        AddressPrefix prefix = AddressPrefix.Of(HostAddress.FromBytes(octets), bits);
        Assert.True(new IPNetwork(prefix.First.ToIPAddress(), bits).Contains(new(octets)));
    }

    [Fact]
    public void A_prefix_longer_than_the_address_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AddressPrefix.Of(HostAddress.FromBytes([192, 0, 2, 1]), 33));
}
