namespace PassiveDns.Analysis.Tests;

public class AddressTableTests
{
    private const string Lines = """
        prefix,asn,org,cc
        192.0.2.0/24,64500,one,nl
        192.0.2.128/25,64501,two,DE,1000,2000
        192.0.2.128/25,,three,,2001,3000
        # a remark
        2001:db8::/32,64502,six,SE
        """;

    [Theory]
    [InlineData("192.0.2.1", 1500, "one")]
    [InlineData("192.0.2.200", 1500, "two")]
    [InlineData("192.0.2.200", 2000, "two")]
    [InlineData("192.0.2.200", 2001, "three")]
    [InlineData("192.0.2.200", 999, "one")] // what held later does not hold yet
    [InlineData("2001:db8:1::1", 0, "six")]
    [InlineData("198.51.100.1", 1500, null)]
    [InlineData("2001:db9::1", 0, null)]
    public void The_longest_prefix_that_holds_at_the_time_wins(string address, long time, string? organisation)
    {
        AddressTable table = AddressTable.Read(new StringReader(Lines));
        Assert.True(HostAddress.TryParse(address, out HostAddress parsed));
        Assert.Equal(organisation, table.Find(parsed, time)?.Organisation);
        Assert.Equal(4, table.Count);
    }

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        AddressFacts facts = AddressTable.Read(new StringReader(Lines)).Find(HostAddress.FromBytes([192, 0, 2, 255]), 2500)!;
        Assert.Equal((null, null, "three"), (facts.AutonomousSystem, facts.Country, facts.Organisation));
    }

    [Theory]
    [InlineData("192.0.2.0/33,1,a,b")]
    [InlineData("192.0.2.0/24,AS1,a,b")]
    [InlineData("192.0.2.0/24,1,a")]
    [InlineData("192.0.2.0/24,1,a,b,then,now")]
    public void A_line_of_another_form_is_named(string line)
    {
        FormatException error = Assert.Throws<FormatException>(() => AddressTable.Read(new StringReader("\n" + line), "my.csv"));
        Assert.Contains("my.csv: line 2", error.Message, StringComparison.Ordinal);
    }
}
