using System.Net;

namespace PassiveDns.Tests;

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
        using TemporaryFolder folder = new();
        string path = folder.Write("resolvers", "# ours\n\n192.0.2.53 ; the first\n  2001:db8:53::/64  \n");
        Assert.Equal([IPNetwork.Parse("192.0.2.53/32"), IPNetwork.Parse("2001:db8:53::/64")], ResolverList.Load(path));
    }

    [Fact]
    public void A_wrong_line_is_named()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("resolvers", "192.0.2.53\nresolver.example\n");
        FormatException e = Assert.Throws<FormatException>(() => ResolverList.Load(path));
        Assert.Contains($"{path}, line 2", e.Message, StringComparison.Ordinal);
        Assert.Contains("resolver.example", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_names_no_resolver_is_refused()
    {
        using TemporaryFolder folder = new();
        Assert.Throws<FormatException>(() => ResolverList.Load(folder.Write("resolvers", "# none\n")));
    }
}
