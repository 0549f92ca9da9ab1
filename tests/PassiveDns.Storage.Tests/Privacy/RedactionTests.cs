using PassiveDns.Storage.Privacy;

namespace PassiveDns.Storage.Tests.Privacy;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("www.example.com.", "www.example.com.", RedactionRule.None)]
    [InlineData("alice\\@mail.example.tracker.test.", "*.tracker.test.", RedactionRule.MailAddress)] // down to the zone: the address goes on behind its label
    [InlineData("1.2.0.192.bl.example.test.", "*.bl.example.test.", RedactionRule.ReversedAddress)]
    [InlineData("x.1.2.0.192.bl.example.test.", "*.bl.example.test.", RedactionRule.ReversedAddress)]
    [InlineData("1.2.0.256.bl.example.test.", "1.2.0.256.bl.example.test.", RedactionRule.None)]
    [InlineData("1.2.0.192.in-addr.arpa.", "1.2.0.192.in-addr.arpa.", RedactionRule.None)]
    [InlineData("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.example.test.", "*.bl.example.test.", RedactionRule.ReversedAddress)]
    [InlineData("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.", null, RedactionRule.None)]
    [InlineData("host-192-0-2-1.isp.test.", "*.isp.test.", RedactionRule.AddressLabel)]
    [InlineData("192-0-2-1-dsl.isp.test.", "*.isp.test.", RedactionRule.AddressLabel)]
    [InlineData("host-192-0-2.isp.test.", null, RedactionRule.None)]
    [InlineData("v1-2-3-400.isp.test.", null, RedactionRule.None)]
    [InlineData("0123456789abcdef0123456789abcdef.cdn.test.", "*.cdn.test.", RedactionRule.OpaqueLabel)]
    [InlineData("123e4567-e89b-12d3-a456-426614174000.cdn.test.", "*.cdn.test.", RedactionRule.OpaqueLabel)]
    [InlineData("k5xq7zq2m3wd4t6hpj5r2av7ny.cdn.test.", "*.cdn.test.", RedactionRule.OpaqueLabel)]
    [InlineData("internationaltelecommunicationsunion.test.", null, RedactionRule.None)] // base32 digits, but no figures among them
    [InlineData("0123456789abcdef0123456789abcdef.a.0123456789abcdef0123456789abcdef.tunnel.test.", "*.tunnel.test.", RedactionRule.OpaqueLabel)]
    [InlineData("0123456789abcdef0123456789abcdef.ok.test.", null, RedactionRule.None)] // exempt
    [InlineData("session-77.shop.test.", "*.shop.test.", RedactionRule.Pattern)]
    [InlineData("*.example.com.", null, RedactionRule.None)]
    public void Names_are_cut_by_rule(string name, string? expected, RedactionRule rule)
    {
        NameRedaction redaction = new(new() { Patterns = [@"^session-\d+\."], Exempt = [DomainName.Parse("ok.test")] });
        ObservationBatch batch = new BatchBuilder().Add(name, "A", "192.0.2.1").Build(1);
        Observation row = Assert.Single(Rows(redaction.Apply(batch)));
        Assert.Equal(expected ?? name, row.RrName.ToString());
        Assert.True(row.RrName.IsAtOrUnder(row.Bailiwick));
        foreach (ObservationRow r in batch.Rows) Assert.Equal(rule, redaction.FindRule(r));
        if (rule == RedactionRule.None) Assert.Same(batch, redaction.Apply(batch));
    }

    [Fact]
    public void Rows_that_become_equal_are_merged_and_counted()
    {
        NameRedaction redaction = new(new());
        ObservationBatch batch = new BatchBuilder()
            .Add("1.2.0.192.bl.test", "A", "127.0.0.2", first: 100, last: 200, count: 3, ttl: 60)
            .Add("2.2.0.192.bl.test", "A", "127.0.0.2", first: 150, last: 300, count: 4, ttl: 90)
            .Add("3.2.0.192.bl.test", "A", "127.0.0.9")
            .Add("www.bl.test", "A", "192.0.2.1")
            .Build(7);
        ObservationBatch redacted = redaction.Apply(batch);
        Assert.Equal(batch.Id, redacted.Id);
        Observation[] rows = [.. Rows(redacted)];
        Assert.Equal(["*.bl.test. A 127.0.0.2", "*.bl.test. A 127.0.0.9", "www.bl.test. A 192.0.2.1"], rows.Select(Answer.Text));
        Assert.Equal((100, 300, 7, 60U, 90U), (rows[0].History.FirstSeen, rows[0].History.LastSeen, rows[0].History.Count, rows[0].History.MinTimeToLive, rows[0].History.MaxTimeToLive));
        RedactionReport report = redaction.GetReport();
        Assert.Equal((4, 1), (report.RowsIn, report.RowsMerged));
        Assert.Equal([new StageCount("owner-names", "kept", 1, false), new("owner-names", "reversed-address", 3, false)], report.Account);
    }

    [Fact]
    public void Names_in_data_are_cut_too_and_the_set_stays_in_order()
    {
        NameRedaction redaction = new(new());
        const string Token = "0123456789abcdef0123456789abcdef";
        ObservationBatch batch = new BatchBuilder()
            .Add("www.test", "CNAME", $"{Token}.cdn.test.")
            .Add("test", "MX", $"20 {Token}.mx.test.|10 {Token}.mx.test.|10 mx.test.")
            .Add("s.test", "HTTPS", $"1 {Token.ToUpperInvariant()}.cdn.test. alpn=h2")
            .Build(1);
        Assert.Equal(
            ["www.test. CNAME *.cdn.test.", "test. MX 10 *.mx.test. 10 mx.test. 20 *.mx.test.", "s.test. HTTPS 1 *.cdn.test. alpn=\"h2\""],
            Rows(redaction.Apply(batch)).Select(Answer.Text).Select(text => text.Replace("alpn=h2", "alpn=\"h2\"", StringComparison.Ordinal)));
        Assert.Equal(4, redaction.GetReport().Account.Single(line => line is { Stage: "data-names", Fate: "opaque-label" }).Count);
    }

    [Fact]
    public void The_digests_of_nsec3_are_names_and_stay()
    {
        NameRedaction redaction = new(new());
        const string Digest = "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom";
        ObservationBatch batch = new BatchBuilder()
            .Add($"{Digest}.test", "NSEC3", $"1 0 0 - {Digest.ToUpperInvariant()} A")
            .Add($"{Digest}.test", "RRSIG", "NSEC3 8 2 300 20260101000000 20250101000000 1 test. AAAA")
            .Build(1);
        Assert.Same(batch, redaction.Apply(batch));
    }

    [Fact]
    public void A_zone_that_is_a_secret_itself_is_cut()
    {
        ObservationBatch batch = new BatchBuilder().Add("www.0123456789abcdef0123456789abcdef.dyn.test", "A", "192.0.2.1", bailiwick: "0123456789abcdef0123456789abcdef.dyn.test").Build(1);
        Observation row = Assert.Single(Rows(new NameRedaction(new()).Apply(batch)));
        Assert.Equal(("*.dyn.test.", "dyn.test."), (row.RrName.ToString(), row.Bailiwick.ToString()));
    }

    [Theory]
    [InlineData("(a")]
    [InlineData(@"(a)\1")]
    [InlineData("(?=a)b")]
    public void Patterns_that_could_take_long_are_refused(string pattern) =>
        Assert.Contains("Patterns: ", Assert.Throws<ArgumentException>(() => new NameRedaction(new() { Patterns = [pattern] })).Message);

    private static List<Observation> Rows(ObservationBatch batch)
    {
        List<Observation> rows = [];
        foreach (ObservationRow row in batch.Rows) rows.Add(row.ToObservation());
        return rows;
    }
}
