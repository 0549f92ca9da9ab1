namespace PassiveDns.Aggregation.Tests;

/// <summary>Bailiwick verification: a server's word counts only in the zones that it was verified to serve.</summary>
public class BailiwickTests
{
    [Fact]
    public void A_referral_is_verified_at_the_parent_and_the_answer_at_the_child()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(TestWorld.Example, new TestResponse("www.example.test", RecordType.A).Authoritative().Answer("www.example.test A 198.51.100.1"));
        Assert.Equal(
            [
                "test. NS ns.nic.test. | . VerifiedTraffic 1",
                "example.test. NS ns.example.test. | test. VerifiedTraffic 1",
                "ns.example.test. A 192.0.2.20 | test. VerifiedTraffic 1",
                "www.example.test. A 198.51.100.1 | example.test. VerifiedTraffic 1",
                "ns.nic.test. A 192.0.2.10 | . VerifiedTraffic 1",
            ],
            world.Rows());
    }

    [Fact]
    public void Parent_and_child_copies_of_an_NS_set_are_different_rows()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(TestWorld.Example, new TestResponse("example.test", RecordType.NS).Authoritative().Answer("example.test NS ns.example.test"));
        List<string> rows = world.Rows();
        Assert.Contains("example.test. NS ns.example.test. | test. VerifiedTraffic 1", rows);
        Assert.Contains("example.test. NS ns.example.test. | example.test. VerifiedTraffic 1", rows);
    }

    [Fact]
    public void Data_of_a_zone_that_the_server_does_not_serve_is_not_verified()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(TestWorld.Evil, new TestResponse("www.example.test", RecordType.A).Answer("www.example.test A 203.0.113.1"));
        Assert.Contains("www.example.test. A 203.0.113.1 | . Unverified 1", world.Rows());
    }

    [Fact]
    public void An_address_in_the_additional_section_is_verified_by_itself_not_by_the_record_that_mentions_it()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(
            TestWorld.Example,
            new TestResponse("example.test", RecordType.MX).Authoritative().Answer("example.test MX 10 mail.victim.test").Additional("mail.victim.test A 203.0.113.1"));
        List<string> rows = world.Rows();
        Assert.Contains("example.test. MX 10 mail.victim.test. | example.test. VerifiedTraffic 1", rows);
        Assert.Contains("mail.victim.test. A 203.0.113.1 | . Unverified 1", rows);
    }

    [Fact]
    public void Glue_out_of_bailiwick_teaches_nothing()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(TestWorld.Tld, new TestResponse("victim.test", RecordType.A).Authority("victim.test NS ns.victim.test").Additional("ns.victim.test A 192.0.2.30"));
        // example.test claims that ns.victim.test has the evil address; its own delegation below it is legitimate, the glue is not
        world.Send(
            TestWorld.Example,
            new TestResponse("a.sub.example.test", RecordType.A).Authority("sub.example.test NS ns.victim.test").Additional($"ns.victim.test A {TestWorld.Evil}"));
        world.Send(TestWorld.Evil, new TestResponse("www.victim.test", RecordType.A).Authoritative().Answer("www.victim.test A 203.0.113.1"));
        Assert.DoesNotContain(world.Rows(), row => row.Contains("203.0.113", StringComparison.Ordinal) && row.Contains("Verified", StringComparison.Ordinal)
            && !row.Contains("Unverified", StringComparison.Ordinal));
    }

    [Fact]
    public void Sibling_glue_of_the_parent_is_verified_at_the_parent_and_makes_the_sibling_s_server_known()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(TestWorld.Tld, new TestResponse("shop.test", RecordType.A).Authority("shop.test NS ns.hoster.test").Additional("ns.hoster.test A 192.0.2.40"));
        world.Send("192.0.2.40", new TestResponse("shop.test", RecordType.A).Authoritative().Answer("shop.test A 198.51.100.7"));
        List<string> rows = world.Rows();
        Assert.Contains("ns.hoster.test. A 192.0.2.40 | test. VerifiedTraffic 1", rows);
        Assert.Contains("shop.test. A 198.51.100.7 | shop.test. VerifiedTraffic 1", rows);
    }

    [Fact]
    public void A_server_of_parent_and_child_speaks_for_the_closest_zone()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(TestWorld.Tld, new TestResponse("co.test", RecordType.NS).Authoritative().Answer("co.test NS ns.nic.test"));
        world.Send(TestWorld.Tld, new TestResponse("x.co.test", RecordType.A).Authority("x.co.test NS ns.example.test"));
        Assert.Contains("x.co.test. NS ns.example.test. | co.test. VerifiedTraffic 1", world.Rows());
    }

    [Fact]
    public void DS_and_its_signature_belong_to_the_parent_even_if_the_server_serves_the_child_too()
    {
        const string Digest = "E2D3C916F6DEEAC73294E8268FB5885044A833FC5459588F4A9184CFC41A5766";
        const string Signature = "DS 8 2 300 20300101000000 20200101000000 1 test AAAA";
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(TestWorld.Tld, new TestResponse("co.test", RecordType.NS).Authoritative().Answer("co.test NS ns.nic.test"));
        world.Send(TestWorld.Tld, new TestResponse("co.test", RecordType.DS).Authoritative().Answer($"co.test DS 1 8 2 {Digest}", $"co.test RRSIG {Signature}"));
        List<string> rows = world.Rows();
        Assert.Contains(rows, row => row.StartsWith("co.test. DS ", StringComparison.Ordinal) && row.EndsWith("| test. VerifiedTraffic 1", StringComparison.Ordinal));
        Assert.Contains(rows, row => row.StartsWith("co.test. RRSIG ", StringComparison.Ordinal) && row.EndsWith("| test. VerifiedTraffic 1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_new_delegation_counts_at_once_and_the_old_server_for_the_grace()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Now += 60;
        world.Send(TestWorld.Tld, new TestResponse("example.test", RecordType.A).Authority("example.test NS ns.rogue.test").Additional("ns.rogue.test A 192.0.2.99"));
        world.Send("192.0.2.99", new TestResponse("example.test", RecordType.A).Authoritative().Answer("example.test A 198.51.100.66"));
        world.Send(TestWorld.Example, new TestResponse("example.test", RecordType.A).Authoritative().Answer("example.test A 198.51.100.1"));
        world.Now += 8 * 86400; // past the grace of 7 days: the root hints stay good, and so the root can speak again
        world.Send(TestWorld.Example, new TestResponse("example.test", RecordType.A).Authoritative().Answer("example.test A 198.51.100.2"));
        List<string> rows = world.Rows();
        Assert.Contains("example.test. A 198.51.100.66 | example.test. VerifiedTraffic 1", rows);
        Assert.Contains("example.test. A 198.51.100.1 | example.test. VerifiedTraffic 1", rows);
        Assert.Contains("example.test. A 198.51.100.2 | . Unverified 1", rows);
    }

    [Fact]
    public void An_NS_set_beside_an_answer_without_authority_is_data_but_teaches_nothing()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(
            TestWorld.Example,
            new TestResponse("www.sub.example.test", RecordType.A)
                .Answer("www.sub.example.test A 198.51.100.1").Authority("sub.example.test NS ns.sub.example.test").Additional($"ns.sub.example.test A {TestWorld.Evil}"));
        world.Send(TestWorld.Evil, new TestResponse("x.sub.example.test", RecordType.A).Authoritative().Answer("x.sub.example.test A 203.0.113.1"));
        List<string> rows = world.Rows();
        Assert.Contains("sub.example.test. NS ns.sub.example.test. | example.test. VerifiedTraffic 1", rows);
        Assert.DoesNotContain(rows, row => row.StartsWith("x.sub.example.test. A", StringComparison.Ordinal) && row.Contains("VerifiedTraffic", StringComparison.Ordinal));
    }

    [Fact]
    public void A_zone_the_resolver_stated_is_taken_as_stated_and_kept_apart()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(
            TestWorld.Evil,
            new TestResponse("www.example.test", RecordType.A).Authoritative().Answer("www.example.test A 198.51.100.1").Authority("test NS ns.evil.test"),
            queryZone: "example.test");
        List<string> rows = world.Rows();
        Assert.Contains("www.example.test. A 198.51.100.1 | example.test. ResolverStated 1", rows);
        Assert.DoesNotContain(rows, row => row.StartsWith("test. NS ns.evil", StringComparison.Ordinal) && !row.Contains("Unverified", StringComparison.Ordinal)
            && !row.Contains("Estimated", StringComparison.Ordinal));
    }

    [Fact]
    public void What_nothing_verifies_is_estimated_from_the_answer_itself_if_it_has_authority()
    {
        TestWorld world = new();
        world.Send(
            TestWorld.Evil,
            new TestResponse("www.a.b.test", RecordType.A).Authoritative().Answer("www.a.b.test A 198.51.100.1").Authority("b.test NS ns.b.test"));
        Assert.Contains("www.a.b.test. A 198.51.100.1 | b.test. Estimated 1", world.Rows());
        Assert.Equal(0, world.Aggregator.GetReport().Verified);
    }

    [Fact]
    public void Unverified_data_can_be_dropped_and_is_counted_then()
    {
        TestWorld world = new(options => options with { KeepUnverified = false });
        world.Send(TestWorld.Evil, new TestResponse("www.example.test", RecordType.A).Answer("www.example.test A 203.0.113.1"));
        Assert.Empty(world.Rows());
        Assert.Equal(1, world.Fate("rrsets", "dropped-unverified"));
    }

    [Fact]
    public void A_name_server_that_answers_under_ever_new_names_stays_within_bounds()
    {
        TestWorld world = new TestWorld(options => options with { MaxDelegationNames = 2048 }).WithDelegations();
        for (int i = 0; i < 20_000; i++)
        {
            if (i % 100 == 0) world.Send(TestWorld.Root, TestWorld.TldReferral());
            if (i % 100 == 0) world.Send(TestWorld.Tld, TestWorld.ExampleReferral());
            world.Now = TestWorld.Start + i;
            world.Send(TestWorld.Example, new TestResponse("example.test", RecordType.NS).Authoritative().Answer($"example.test NS ns{i}.example.test"));
        }

        AggregationReport report = world.Aggregator.GetReport();
        Assert.InRange(report.DelegationNames, 1, 2048);
        Assert.True(report.DelegationNamesForgotten > 0);
        Assert.Equal(report.Rrsets, report.Verified + report.Waiting); // its own zone may have to wait for the next referral, nothing else
    }
}
