using System.Text;
using FsCheck.Xunit;

namespace PassiveDns.Tests;

public class DomainNameTests
{
    [Theory]
    [InlineData("www.example.com", "www.example.com.")]
    [InlineData("WWW.Example.COM.", "www.example.com.")]
    [InlineData(".", ".")]
    [InlineData(@"a\.b.example.", @"a\.b.example.")]
    [InlineData(@"\097\066c", "abc.")]
    [InlineData(@"\000\255\032\\.x", @"\000\255\032\\.x.")]
    [InlineData(@"\@\$\;\(\)\""*!.x", @"\@\$\;\(\)\""*!.x.")]
    [InlineData("@", @"\@.")]
    [InlineData("*.example", "*.example.")]
    [InlineData("_443._tcp.example", "_443._tcp.example.")]
    [InlineData("_dmarc.example", "_dmarc.example.")]
    [InlineData("a b.example", @"a\032b.example.")]
    public void Zone_file_text_is_read_and_written(string text, string written)
    {
        DomainName name = DomainName.Parse(text);
        Assert.Equal(written, name.ToString());
        Assert.Equal(name, DomainName.Parse(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a..")]
    [InlineData(@"a\")]
    [InlineData(@"a\25")]
    [InlineData(@"a\256")]
    [InlineData(@"a\2x5")]
    public void Other_text_is_refused_without_any_other_exception(string text)
    {
        Assert.False(DomainName.TryParse(text, out DomainName name));
        Assert.True(name.IsRoot);
        Assert.Throws<FormatException>(() => DomainName.Parse(text));
    }

    [Fact]
    public void A_label_has_63_octets_at_most() // RFC 1035 section 3.1
    {
        Assert.True(DomainName.TryParse(new string('a', 63), out _));
        Assert.False(DomainName.TryParse(new string('a', 64), out _));
        Assert.True(DomainName.TryParse(string.Concat(Enumerable.Repeat(@"\255", 63)), out _));
        Assert.False(DomainName.TryParse(string.Concat(Enumerable.Repeat(@"\255", 64)), out _));
    }

    [Fact]
    public void A_name_has_255_octets_at_most() // RFC 1035 section 3.1
    {
        string most = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));
        Assert.Equal(255, DomainName.Parse(most).Wire.Length);
        Assert.Equal(255, DomainName.Parse(most + ".").Wire.Length);
        Assert.False(DomainName.TryParse(most + "d", out _));
        Assert.False(DomainName.TryParse("a." + most, out _));
        string labels = string.Join('.', Enumerable.Repeat("a", 127));
        Assert.Equal(127, DomainName.Parse(labels).LabelCount);
        Assert.False(DomainName.TryParse("a." + labels, out _));
        Assert.False(DomainName.TryFromWire([.. Enumerable.Repeat<byte>(1, 256), 0], out _));
    }

    [Theory]
    [InlineData("straße.de", "xn--strae-oqa.de.")]
    [InlineData("bücher.example", "xn--bcher-kva.example.")]
    [InlineData("ＥＸＡＭＰＬＥ。com", "example.com.")] // full-width letters and an ideographic dot
    [InlineData("☃.net", "xn--n3h.net.")]
    [InlineData("_dmarc.bücher.example", "_dmarc.xn--bcher-kva.example.")]
    [InlineData("*.bücher.example.", "*.xn--bcher-kva.example.")]
    public void Labels_in_other_scripts_become_A_labels(string text, string written) => // UTS 46 non-transitional
        Assert.Equal(written, DomainName.Parse(text).ToString());

    [Theory]
    [InlineData("a\u200Db.example")] // a joiner out of context
    [InlineData("\uD800.example")] // half a surrogate pair
    [InlineData("\u00AD.example")] // a label that maps to nothing
    [InlineData("ü\\.example")]
    [InlineData("\u0301a.example")] // starts with a combining mark
    public void Labels_that_IDNA_does_not_allow_are_refused(string text) => Assert.Throws<FormatException>(() => DomainName.Parse(text));

    [Property(Replay = "2,5", MaxTest = 3000)]
    public void Any_text_is_read_or_refused(string? text)
    {
        if (DomainName.TryParse(text, out DomainName name)) Assert.Equal(name, DomainName.Parse(name.ToString()));
    }

    [Property(Arbitrary = [typeof(Arbitraries)], Replay = "3,7", MaxTest = 3000)]
    public void Text_round_trips(DomainName name)
    {
        Assert.Equal(name, DomainName.Parse(name.ToString()));
        Span<byte> utf8 = stackalloc byte[1024];
        Assert.True(name.TryFormat(utf8, out int written));
        Assert.Equal(name.ToString(), Encoding.ASCII.GetString(utf8[..written]));
        Assert.False(name.TryFormat(utf8[..(written - 1)], out _));
        Span<char> chars = stackalloc char[1024];
        Assert.True(name.TryFormat(chars, out written));
        Assert.Equal(name.ToString(), chars[..written].ToString());
    }

    [Property(Arbitrary = [typeof(Arbitraries)], Replay = "3,9", MaxTest = 3000)]
    public void Order_is_that_of_RFC_4034(DomainName left, DomainName right)
    {
        Assert.Equal(CompareLabels(left, right), Math.Sign(left.CompareTo(right)));
        Assert.Equal(left == right, CompareLabels(left, right) == 0);
        if (left == right) Assert.Equal(left.GetHashCode(), right.GetHashCode());
    }

    [Property(Arbitrary = [typeof(Arbitraries)], Replay = "3,11", MaxTest = 2000)]
    public void A_name_is_under_each_of_its_ancestors(DomainName name)
    {
        DomainName parent = name;
        for (int labels = name.LabelCount; labels >= 0; labels--, parent = parent.Parent)
        {
            Assert.Equal(parent, name.Ancestor(labels));
            Assert.True(name.IsAtOrUnder(parent));
            Assert.Equal(labels == name.LabelCount, parent.IsAtOrUnder(name));
        }

        Assert.True(parent.IsRoot);
        Assert.Throws<ArgumentOutOfRangeException>(() => name.Ancestor(name.LabelCount + 1));
    }

    [Fact]
    public void A_suffix_inside_a_label_is_no_ancestor()
    {
        Assert.True(DomainName.TryFromWire([3, (byte)'x', 1, (byte)'b', 0], out DomainName name)); // one label that ends in the octets of "b."
        Assert.False(name.IsAtOrUnder(DomainName.Parse("b")));
    }

    /// <summary>RFC 4034 section 6.1, written down label by label and without our keys.</summary>
    internal static int CompareLabels(DomainName left, DomainName right)
    {
        List<byte[]> a = Labels(left), b = Labels(right);
        for (int i = 1; i <= Math.Min(a.Count, b.Count); i++)
        {
            int order = a[^i].AsSpan().SequenceCompareTo(b[^i]);
            if (order != 0) return Math.Sign(order);
        }

        return a.Count.CompareTo(b.Count);
    }

    internal static List<byte[]> Labels(DomainName name)
    {
        List<byte[]> labels = [];
        for (int at = 0; name.Wire[at] != 0; at += name.Wire[at] + 1) labels.Add(name.Wire.Slice(at + 1, name.Wire[at]).ToArray());
        return labels;
    }
}
