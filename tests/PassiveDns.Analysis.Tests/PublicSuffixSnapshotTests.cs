namespace PassiveDns.Analysis.Tests;

public class PublicSuffixSnapshotTests
{
    [Theory]
    [InlineData("www.example.co.uk", "example.co.uk.", "example.co.uk.")]
    [InlineData("a.me.github.io", "github.io.", "me.github.io.")]
    [InlineData("a.b.example.ck", "b.example.ck.", "b.example.ck.")] // *.ck
    [InlineData("www.www.ck", "www.ck.", "www.ck.")] // !www.ck
    [InlineData("www.bücher.公司.cn", "bücher.公司.cn", "bücher.公司.cn")]
    [InlineData("a.example.invalid", "example.invalid.", "example.invalid.")] // no rule: *
    public void Both_sections_are_there(string name, string icann, string withPrivate)
    {
        DomainName parsed = DomainName.Parse(name);
        Assert.Equal(DomainName.Parse(icann), parsed.Ancestor(PublicSuffixSnapshot.List.RegistrableLabels(parsed, includePrivate: false)));
        Assert.Equal(DomainName.Parse(withPrivate), parsed.Ancestor(PublicSuffixSnapshot.List.RegistrableLabels(parsed.Wire, includePrivate: true)));
    }

    [Fact]
    public void It_is_whole_and_the_default_and_can_be_replaced()
    {
        Assert.True(PublicSuffixSnapshot.List.Count > 9000);
        Assert.Same(PublicSuffixSnapshot.List, new AnalysisOptions().PublicSuffixes);
        Assert.Same(PublicSuffixList.Empty, new AnalysisOptions { PublicSuffixes = PublicSuffixList.Empty }.PublicSuffixes);
        Assert.Equal(40, PublicSuffixSnapshot.Version.Length);
    }
}
