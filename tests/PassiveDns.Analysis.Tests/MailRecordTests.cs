using System.Security.Cryptography;
using System.Text;
using FsCheck.Xunit;

namespace PassiveDns.Analysis.Tests;

public class MailRecordTests
{
    private const string SharedKey = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";

    [Theory]
    [InlineData("v=spf1", 0)]
    [InlineData("V=SPF1 -ALL", 1)]
    [InlineData("v=spf1  a  mx/24//64  ip4:192.0.2.0/24 ip6:2001:db8::/32 include:_spf.example.net ~all ", 6)]
    [InlineData("v=spf1 exists:%{ir}.%{l1r-}._spf.%{d2} redirect=_spf.%{d} exp=explain.example.com", 3)]
    [InlineData("v=spf1 a:example.com/0 foo=bar moo.cow-far_out=man:dog/cat", 3)]
    public void Records_in_the_grammar_are_read(string text, int terms)
    {
        Assert.True(SpfRecord.TryParse(text, out SpfRecord? record, out string? problem), problem);
        Assert.Equal(terms, record!.Terms.Length);
    }

    [Theory]
    [InlineData("v=spf10 -all")]
    [InlineData("v=spf1\t-all")]
    [InlineData("v=spf1 -all.")]
    [InlineData("v=spf1 ip4:192.0.2.0/033")]
    [InlineData("v=spf1 ip4:192.0.2")]
    [InlineData("v=spf1 ip4:2001:db8::1")]
    [InlineData("v=spf1 ip6:192.0.2.1")]
    [InlineData("v=spf1 a:example")]
    [InlineData("v=spf1 a:example.123")]
    [InlineData("v=spf1 include:")]
    [InlineData("v=spf1 exists")]
    [InlineData("v=spf1 a:%{c}.example.com")]
    [InlineData("v=spf1 a:%{d0}.example.com")]
    [InlineData("v=spf1 redirect=a.example redirect=b.example")]
    [InlineData("v=spf1 möbel")]
    public void Others_are_no_record_or_an_error(string text)
    {
        Assert.False(SpfRecord.TryParse(text, out SpfRecord? record, out string? problem));
        Assert.Null(record);
        Assert.Contains("RFC 7208", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Lookups_are_counted_as_the_standard_says()
    {
        Assert.True(SpfRecord.TryParse("v=spf1 a mx ptr exists:%{i}.example include:a.example ip4:192.0.2.1 redirect=b.example", out SpfRecord? record, out _));
        Assert.Equal((6, null), (record!.Lookups, record.All));
        Assert.True(SpfRecord.TryParse("v=spf1 a redirect=b.example -all", out record, out _));
        Assert.Equal((1, SpfQualifier.Fail), (record!.Lookups, record.All)); // the redirect is never used
    }

    /// <summary>Keys that the framework makes, in both forms that are published.</summary>
    [Theory]
    [InlineData(512, DkimKeyState.TooShort)]
    [InlineData(1024, DkimKeyState.Usable)]
    [InlineData(2048, DkimKeyState.Usable)]
    [InlineData(4096, DkimKeyState.Usable)]
    public void The_size_of_a_key_is_that_of_its_modulus(int bits, DkimKeyState state)
    {
        using RSA rsa = RSA.Create(bits);
        foreach (byte[] octets in (byte[][])[rsa.ExportSubjectPublicKeyInfo(), rsa.ExportRSAPublicKey()])
        {
            Assert.True(DkimKey.TryParse($"v=DKIM1; k=rsa; p={Convert.ToBase64String(octets)}", out DkimKey? key, out _));
            Assert.Equal((bits, state, Convert.ToHexStringLower(SHA256.HashData(octets))), (key!.Bits, key.State, key.Sha256));
            Assert.True(DkimKey.TryParse($"p={Convert.ToBase64String(octets[..^1])}", out key, out _));
            Assert.Equal(DkimKeyState.Unreadable, key!.State);
        }
    }

    [Fact]
    public void Keys_that_others_published_are_read()
    {
        Assert.True(DkimKey.TryParse($"v=DKIM1; k=rsa; p={SharedKey[..60]}\r\n {SharedKey[60..]}", out DkimKey? rsa, out _)); // folded
        Assert.Equal(("rsa", 1024, DkimKeyState.Usable), (rsa!.KeyType, rsa.Bits, rsa.State));
        Assert.True(DkimKey.TryParse("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", out DkimKey? edwards, out _)); // RFC 8463 appendix A
        Assert.Equal(("ed25519", 256, DkimKeyState.Usable), (edwards!.KeyType, edwards.Bits, edwards.State));
        Assert.True(DkimKey.TryParse(" k = rsa ; t=y:s; h=sha256; s=email; n=a note; p=", out DkimKey? revoked, out _));
        Assert.Equal((DkimKeyState.Revoked, null, true, true), (revoked!.State, revoked.Sha256, revoked.IsTesting, revoked.IsStrict));
        Assert.Equal(["sha256"], revoked.HashAlgorithms);
        Assert.True(DkimKey.TryParse($"k=dilithium; p={SharedKey}", out DkimKey? unknown, out _));
        Assert.Equal(DkimKeyState.UnknownType, unknown!.State);
    }

    [Theory]
    [InlineData("v=DKIM1; k=rsa", "no p=")]
    [InlineData("k=rsa; v=DKIM1; p=", "not the first")]
    [InlineData("v=DKIM2; p=", "not DKIM1")]
    [InlineData("v=DKIM1; p=AAAA; p=BBBB", "twice")]
    [InlineData("v=DKIM1; p=%%%", "base64")]
    [InlineData("v=DKIM1;; p=", "no tag=value")]
    [InlineData("v=DKIM1; p=\u00e9", "character")]
    public void Key_records_that_break_the_rules_are_refused(string text, string part)
    {
        Assert.True(DkimKey.IsMeant(text) || text.Contains("p=", StringComparison.Ordinal));
        Assert.False(DkimKey.TryParse(text, out _, out string? problem));
        Assert.Contains(part, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v=DMARC1; p=reject; sp=none; pct=50; adkim=s; aspf=r; rua=mailto:a@agg.example!10m,mailto:b@other.example; ruf=mailto:f@example.com", DmarcPolicy.Reject, DmarcPolicy.None, 50)]
    [InlineData("v = DMARC1;p=QUARANTINE;pct=900;nonsense;x-new=1", DmarcPolicy.Quarantine, DmarcPolicy.Quarantine, 100)]
    [InlineData("v=DMARC1; rua=mailto:d@example.com", DmarcPolicy.None, DmarcPolicy.None, 100)]
    [InlineData("v=DMARC1; p=reject; sp=maybe; rua=mailto:d@example.com", DmarcPolicy.None, DmarcPolicy.None, 100)]
    public void Policies_are_read_as_receivers_do(string text, DmarcPolicy policy, DmarcPolicy subdomains, int percentage)
    {
        Assert.True(DmarcRecord.TryParse(text, out DmarcRecord? record, out string? problem), problem);
        Assert.Equal((policy, subdomains, percentage), (record!.Policy, record.SubdomainPolicy, record.Percentage));
    }

    [Fact]
    public void Reports_name_the_domains_that_get_them()
    {
        Assert.True(DmarcRecord.TryParse("v=DMARC1; p=none; rua=mailto:a@agg.example!10m, mailto:b@Other.example?subject=x, https://r.example/dmarc, carrier:pigeon", out DmarcRecord? record, out _));
        Assert.Equal(["agg.example.", "other.example.", "r.example.", null], record!.AggregateReports.Select(report => report.Domain?.ToString()));
    }

    [Theory]
    [InlineData("v=DMARC1")]
    [InlineData("v=DMARC1; p=maybe")]
    [InlineData("v=dmarc1; p=none")]
    [InlineData("p=none; v=DMARC1")]
    [InlineData("v=DMARC10; p=none")]
    public void What_is_no_policy_is_none(string text) => Assert.False(DmarcRecord.TryParse(text, out _, out _));

    [Fact]
    public void The_small_records_are_read()
    {
        Assert.True(TransportPolicy.TryParse("v=STSv1; id=20260101T000000;", out TransportPolicy? policy, out _));
        Assert.Equal("20260101T000000", policy!.Id);
        Assert.False(TransportPolicy.TryParse("v=STSv1; id=2026-01-01;", out _, out _));
        Assert.True(TransportReports.TryParse("v=TLSRPTv1; rua=mailto:t@example.com,https://r.example/v1", out TransportReports? reports, out _));
        Assert.Equal(2, reports!.Reports.Length);
        Assert.False(TransportReports.TryParse("v=TLSRPTv1; rua=", out _, out _));
        Assert.True(BrandIndicator.TryParse("v=BIMI1; l=https://example.com/logo.svg; a=", out BrandIndicator? logo, out _));
        Assert.Equal(("https://example.com/logo.svg", ""), (logo!.Location, logo.Authority));
        Assert.True(BrandIndicator.TryParse("v=BIMI1; l=;", out BrandIndicator? declined, out _));
        Assert.Equal("", declined!.Location);
        Assert.False(BrandIndicator.TryParse("v=BIMI1; l=http://example.com/logo.svg", out _, out _));
    }

    /// <summary>Texts come from strangers: whatever they hold is read or refused.</summary>
    [Property(Replay = "(42,43)", MaxTest = 1000)]
    public void Any_octets_are_read_or_refused(byte[] octets, byte kind)
    {
        const string Letters = " ;=:/.%{}-+~?!@,\tabcdehikmnoprstvxyDMARCKI0123456789";
        string tail = Encoding.Latin1.GetString([.. octets.Select(octet => octet < 240 ? (byte)Letters[octet % Letters.Length] : octet)]);
        string text = (kind % 6) switch { 0 => "v=spf1 ", 1 => "v=DKIM1; p=", 2 => "v=DMARC1; ", 3 => "v=STSv1; ", 4 => "v=spf1 a:", _ => "" } + tail;
        Assert.Equal(SpfRecord.TryParse(text, out SpfRecord? spf, out string? problem), spf is not null && problem is null);
        Assert.Equal(DkimKey.TryParse(text, out DkimKey? key, out problem), key is not null && problem is null);
        Assert.Equal(DmarcRecord.TryParse(text, out DmarcRecord? dmarc, out problem), dmarc is not null && problem is null);
        Assert.Equal(TransportPolicy.TryParse(text, out TransportPolicy? policy, out problem), policy is not null && problem is null);
        Assert.Equal(TransportReports.TryParse(text, out TransportReports? reports, out problem), reports is not null && problem is null);
        Assert.Equal(BrandIndicator.TryParse(text, out BrandIndicator? logo, out problem), logo is not null && problem is null);
        Assert.True(RsaModulus.Bits(octets) is null or > 0);
        Assert.Equal(octets.Length == 0, TextRecord.Join(octets).Length == 0 && octets.Length == 0);
    }
}
