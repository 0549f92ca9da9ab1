using System.Net;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Tests.Input;

public class AddressTextTests
{
    [Theory]
    [InlineData("192.0.2.80", "192.0.2.80", "192.0.2.80")]
    [InlineData("192.0.2.80/30", "192.0.2.80", "192.0.2.83")]
    [InlineData("192.0.2.81/30", "192.0.2.80", "192.0.2.83")]
    [InlineData("0.0.0.0/0", "0.0.0.0", "255.255.255.255")]
    [InlineData("2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2001:DB8:0::1", "2001:db8::1", "2001:db8::1")]
    [InlineData("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("192.0.2.1-192.0.2.9", "192.0.2.1", "192.0.2.9")]
    [InlineData("192.0.2.1 - 192.0.2.1", "192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8::1-2001:db8::ffff", "2001:db8::1", "2001:db8::ffff")]
    public void An_address_a_network_and_a_range_become_a_range(string text, string first, string last)
    {
        Assert.True(AddressText.TryParseRange(text, out QueryAnchor? anchor, out _));
        QueryAnchor.AddressRange range = Assert.IsType<QueryAnchor.AddressRange>(anchor);
        Assert.Equal(HostAddress.From(IPAddress.Parse(first)), range.First);
        Assert.Equal(HostAddress.From(IPAddress.Parse(last)), range.Last);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("192.0.2")]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.02.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("192.0.2.1/33")]
    [InlineData("192.0.2.1/-1")]
    [InlineData("192.0.2.1/+8")]
    [InlineData("192.0.2.1/")]
    [InlineData("192.0.2.0/24/24")]
    [InlineData("2001:db8::/129")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[2001:db8::1]")]
    [InlineData("192.0.2.9-192.0.2.1")]
    [InlineData("192.0.2.1-2001:db8::1")]
    [InlineData("192.0.2.1-")]
    [InlineData("-192.0.2.1")]
    [InlineData("192.0.2.0/24-192.0.3.0/24")]
    [InlineData("www.example.com")]
    public void Anything_else_is_refused_with_a_reason(string text)
    {
        Assert.False(AddressText.TryParseRange(text, out _, out string problem));
        Assert.NotEmpty(problem);
    }
}
