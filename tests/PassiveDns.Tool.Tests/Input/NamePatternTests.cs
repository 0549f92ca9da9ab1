using PassiveDns.Storage;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Tests.Input;

public class NamePatternTests
{
    [Theory]
    [InlineData("www.example.com", "www.example.com.")]
    [InlineData("WWW.Example.COM.", "www.example.com.")]
    [InlineData("bücher.example", "xn--bcher-kva.example.")]
    [InlineData("straße.example", "xn--strae-oqa.example.")]
    [InlineData("bücher。example", "xn--bcher-kva.example.")]
    [InlineData("_dmarc.example.com", "_dmarc.example.com.")]
    [InlineData("a\\.b.example", "a\\.b.example.")]
    [InlineData("\\000\\255.example", "\\000\\255.example.")]
    [InlineData("\\*.example", "*.example.")]
    [InlineData(".", ".")]
    [InlineData("2.0.192.in-addr.arpa", "2.0.192.in-addr.arpa.")]
    [InlineData("cafe1.de", "cafe1.de.")]
    [InlineData("deadbeef1", "deadbeef1.")]
    public void A_name_without_a_wildcard_is_an_exact_question(string text, string name)
    {
        Assert.True(NamePattern.TryParse(text, out NamePattern pattern, out _));
        Assert.Equal(new QueryAnchor.OwnerName(DomainName.Parse(name)), pattern.OwnerAnchor);
    }

    [Theory]
    [InlineData("*.example.com", "example.com")]
    [InlineData("*.bränd.example", "xn--brnd-moa.example")]
    [InlineData("*.com.", "com")]
    public void A_star_in_front_asks_for_the_subtree(string text, string apex)
    {
        Assert.True(NamePattern.TryParse(text, out NamePattern pattern, out _));
        Assert.Equal(new QueryAnchor.Subtree(DomainName.Parse(apex)), pattern.OwnerAnchor);
    }

    [Theory]
    [InlineData("www.example.*", "www.example")]
    [InlineData("www.*", "www")]
    [InlineData("www.*.", "www")]
    [InlineData("a\\\\.*", "a\\\\")]
    public void A_star_behind_asks_for_names_that_start_so(string text, string labels)
    {
        Assert.True(NamePattern.TryParse(text, out NamePattern pattern, out _));
        Assert.Equal(new QueryAnchor.NamePrefix(DomainName.Parse(labels)), pattern.OwnerAnchor);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData(".*")]
    [InlineData("*.www.*")]
    [InlineData("www.*.example")]
    [InlineData("www*.example")]
    [InlineData("a\\.*")]
    [InlineData("a..b")]
    [InlineData("192.0.2.1")]
    [InlineData("192.0.2.0/33")]
    [InlineData("2001:db8::1")]
    [InlineData(".example")]
    [InlineData("a\\")]
    [InlineData("\\256.example")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123.example")]
    [InlineData("ü\u200d.example")]
    public void Anything_else_is_refused_with_a_reason(string text)
    {
        Assert.False(NamePattern.TryParse(text, out _, out string problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void A_name_of_256_octets_is_refused()
    {
        string label = new('a', 63);
        string most = $"{label}.{label}.{label}.{label[..61]}";
        Assert.True(NamePattern.TryParse(most, out _, out _));
        Assert.False(NamePattern.TryParse(most + "a", out _, out _));
    }
}
