using System.Net;

namespace PassiveDns.Capture.Tests;

public sealed class ResolverListTests
{
    [Theory]
    [InlineData("192.0.2.53", "192.0.2.53/32")]
    [InlineData("192.0.2.0/24", "192.0.2.0/24")]
    [InlineData("2001:db8:53::53", "2001:db8:53::53/128")]
    [InlineData("2001:db8:53::/64", "2001:db8:53::/64")]
    public void Addresses_and_networks_are_read(string text, string expected)
    {
        Assert.True(ResolverList.TryParse(text, out IPNetwork network));
        Assert.Equal(IPNetwork.Parse(expected), network);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("resolver.example")]
    [InlineData("192.0.2.53/24")] // bits behind the prefix: one of the two numbers is a mistake
    [InlineData("192.0.2.0/33")]
    [InlineData("53")]
    [InlineData("192.0.2")]
    [InlineData("0xC0000235")]
    public void What_is_neither_is_refused(string? text) => Assert.False(ResolverList.TryParse(text, out _));

    [Fact]
    public void A_file_may_hold_comments_and_empty_lines()
    {
        using TemporaryFile file = new("# ours\n\n192.0.2.53 ; the first\n  2001:db8:53::/64  \n"u8.ToArray(), "");
        Assert.Equal([IPNetwork.Parse("192.0.2.53/32"), IPNetwork.Parse("2001:db8:53::/64")], ResolverList.Load(file.Path));
    }

    [Fact]
    public void A_wrong_line_is_named()
    {
        using TemporaryFile file = new("192.0.2.53\nresolver.example\n"u8.ToArray(), "");
        FormatException e = Assert.Throws<FormatException>(() => ResolverList.Load(file.Path));
        Assert.Contains($"{file.Path}:2:", e.Message, StringComparison.Ordinal);
        Assert.Contains("resolver.example", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_names_no_resolver_is_refused()
    {
        using TemporaryFile file = new("# none\n"u8.ToArray(), "");
        Assert.Throws<FormatException>(() => ResolverList.Load(file.Path));
    }
}
