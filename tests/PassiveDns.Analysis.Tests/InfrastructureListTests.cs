namespace PassiveDns.Analysis.Tests;

public class InfrastructureListTests
{
    private const string Lines = """
        # published indicators

        ns1.rogue.net
        192.0.2.1:53
        198.51.100.0/25
        [2001:db8::1]:53
        2001:db8:1::/48
        """;

    [Fact]
    public void Names_with_what_is_under_them_addresses_with_ports_and_networks_are_listed()
    {
        InfrastructureList list = InfrastructureList.Read(new StringReader(Lines));
        Assert.Equal(5, list.Count);
        Assert.All(["ns1.rogue.net", "a.ns1.rogue.net"], name => Assert.True(list.Contains(DomainName.Parse(name))));
        Assert.All(["rogue.net", "xns1.rogue.net", "."], name => Assert.False(list.Contains(DomainName.Parse(name))));
        Assert.All(["192.0.2.1", "198.51.100.127", "2001:db8::1", "2001:db8:1:2::3"], address => Assert.True(list.Contains(Address(address))));
        Assert.All(["192.0.2.2", "198.51.100.128", "2001:db8::2", "2001:db8:2::"], address => Assert.False(list.Contains(Address(address))));
        Assert.Equal(0, InfrastructureList.Empty.Count);
    }

    [Theory]
    [InlineData("192.0.2.0/33")]
    [InlineData("192.0.2.1:66000")]
    [InlineData("192.0.2")]
    [InlineData("a..b")]
    [InlineData(".")]
    [InlineData("not an/address")]
    [InlineData("ns1.rogue.net # seen in 2025")]
    [InlineData("ns1.rogue.net, ns2.rogue.net")]
    [InlineData("http://rogue.net/")]
    [InlineData("rogue.net/24")]
    public void A_line_of_another_form_is_named(string line)
    {
        FormatException error = Assert.Throws<FormatException>(() => InfrastructureList.Read(new StringReader("\n" + line), "my.txt"));
        Assert.Contains("my.txt: line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Published_lists_are_read_as_they_are()
    {
        string? folder = LabWorld.Folder is { } lab ? Path.Combine(lab, "..", "threat") : null;
        if (!Directory.Exists(folder)) Assert.Skip("the lists of indicators (../shared/data/threat) are not here");
        InfrastructureList rogue = InfrastructureList.Load(Path.Combine(folder, "maltrail__rogue_dns.txt"));
        Assert.True(rogue.Contains(DomainName.Parse("ns2.intersecdns.com")) && rogue.Contains(Address("95.179.150.101")) && !rogue.Contains(DomainName.Parse("com")));
        Assert.All(Directory.EnumerateFiles(folder, "*.txt"), file => Assert.True(InfrastructureList.Load(file).Count > 0, file));
    }

    private static HostAddress Address(string text) => HostAddress.TryParse(text, out HostAddress address) ? address : throw new FormatException(text);
}
