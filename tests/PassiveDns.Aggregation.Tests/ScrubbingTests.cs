namespace PassiveDns.Aggregation.Tests;

/// <summary>Scrubbing: what a server has no reason to say in a response is taken out, even inside its own zone.</summary>
public class ScrubbingTests
{
    private static TestWorld Ask(TestResponse response, string server = TestWorld.Example)
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(server, response);
        return world;
    }

    private static void AssertRows(TestWorld world, params string[] expected) =>
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            world.Rows().Where(row => row.Contains("| example.test. ", StringComparison.Ordinal)).Select(row => row[..row.IndexOf(" |", StringComparison.Ordinal)])
                .Order(StringComparer.Ordinal));

    [Fact]
    public void An_answer_under_another_name_than_asked_is_removed()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.A).Authoritative().Answer("b.example.test A 198.51.100.1"));
        AssertRows(world);
        Assert.Equal(1, world.Fate("rrsets", "dropped-scrubbed-out-of-chain"));
    }

    [Fact]
    public void A_chain_of_aliases_is_followed_in_any_order()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.A).Authoritative()
            .Answer("c.example.test A 198.51.100.1", "b.example.test CNAME c.example.test", "a.example.test CNAME b.example.test"));
        AssertRows(
            world, "a.example.test. CNAME b.example.test.", "b.example.test. CNAME c.example.test.", "c.example.test. A 198.51.100.1");
    }

    [Fact]
    public void An_alias_of_an_unrelated_name_is_removed()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.A).Authoritative()
            .Answer("a.example.test A 198.51.100.1", "x.example.test CNAME a.example.test"));
        AssertRows(world, "a.example.test. A 198.51.100.1");
    }

    [Fact]
    public void A_loop_of_aliases_ends()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.A).Authoritative()
            .Answer("a.example.test CNAME b.example.test", "b.example.test CNAME a.example.test"));
        AssertRows(world, "a.example.test. CNAME b.example.test.", "b.example.test. CNAME a.example.test.");
    }

    [Fact]
    public void Two_aliases_at_one_name_are_removed()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.A).Authoritative()
            .Answer("a.example.test CNAME b.example.test", "a.example.test CNAME c.example.test", "b.example.test A 198.51.100.1"));
        AssertRows(world);
        Assert.Equal(1, world.Fate("rrsets", "dropped-scrubbed-bad-alias"));
    }

    [Fact]
    public void A_DNAME_is_kept_with_the_alias_it_yields()
    {
        TestWorld world = Ask(new TestResponse("x.old.example.test", RecordType.A).Authoritative()
            .Answer("old.example.test DNAME new.example.test", "x.old.example.test CNAME x.new.example.test", "x.new.example.test A 198.51.100.1"));
        AssertRows(
            world, "old.example.test. DNAME new.example.test.", "x.old.example.test. CNAME x.new.example.test.", "x.new.example.test. A 198.51.100.1");
    }

    [Fact]
    public void An_alias_that_its_DNAME_does_not_yield_is_removed()
    {
        TestWorld world = Ask(new TestResponse("x.old.example.test", RecordType.A).Authoritative()
            .Answer("old.example.test DNAME new.example.test", "x.old.example.test CNAME evil.example.test", "evil.example.test A 198.51.100.1"));
        AssertRows(world, "old.example.test. DNAME new.example.test.");
    }

    [Fact]
    public void A_type_that_was_not_asked_for_is_removed_from_the_answer()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.A).Authoritative()
            .Answer("a.example.test A 198.51.100.1", "a.example.test TXT \"x\""));
        AssertRows(world, "a.example.test. A 198.51.100.1");
        Assert.Equal(1, world.Fate("rrsets", "dropped-scrubbed-answer-type"));
    }

    [Fact]
    public void A_question_for_ANY_accepts_all_types()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.ANY).Authoritative()
            .Answer("a.example.test A 198.51.100.1", "a.example.test TXT \"x\""));
        AssertRows(world, "a.example.test. A 198.51.100.1", "a.example.test. TXT \"x\"");
    }

    [Theory]
    [InlineData("a.example.test A 198.51.100.2")]
    [InlineData("a.example.test CNAME b.example.test")]
    [InlineData("example.test DNAME b.example.test")]
    [InlineData("example.test TXT \"x\"")]
    public void Types_that_have_no_business_in_the_authority_section_are_removed(string record)
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.A).Authoritative().Answer("a.example.test A 198.51.100.1").Authority(record));
        AssertRows(world, "a.example.test. A 198.51.100.1");
        Assert.Equal(1, world.Fate("rrsets", "dropped-scrubbed-authority-type"));
    }

    [Fact]
    public void An_NS_set_must_be_that_of_an_ancestor_of_the_name_asked_for()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.A).Authoritative()
            .Answer("a.example.test A 198.51.100.1").Authority("sub.example.test NS ns.example.test"));
        AssertRows(world, "a.example.test. A 198.51.100.1");
        Assert.Equal(1, world.Fate("rrsets", "dropped-scrubbed-authority-owner"));
    }

    [Fact]
    public void Of_two_NS_sets_the_first_is_kept()
    {
        TestWorld world = Ask(new TestResponse("a.s.example.test", RecordType.A)
            .Authority("s.example.test NS ns.s.example.test", "example.test NS ns.evil.test"));
        AssertRows(world, "s.example.test. NS ns.s.example.test.");
        Assert.Equal(1, world.Fate("rrsets", "dropped-scrubbed-second-ns"));
    }

    [Fact]
    public void An_NS_set_in_a_negative_answer_is_removed_and_SOA_and_proofs_are_kept()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.A).Authoritative().NxDomain()
            .Authority("example.test SOA ns.example.test h.example.test 1 2 3 4 5", "example.test NS ns.evil.test", "example.test NSEC b.example.test A"));
        AssertRows(world, "example.test. SOA ns.example.test. h.example.test. 1 2 3 4 5", "example.test. NSEC b.example.test. A");
        Assert.Equal(1, world.Fate("rrsets", "dropped-scrubbed-ns-in-negative"));
        Assert.Equal(1, world.Fate("responses", "negative"));
    }

    [Fact]
    public void NXDOMAIN_keeps_the_alias_that_led_to_it()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.A).Authoritative().NxDomain()
            .Answer("a.example.test CNAME gone.example.test").Authority("example.test SOA ns.example.test h.example.test 1 2 3 4 5"));
        AssertRows(world, "a.example.test. CNAME gone.example.test.", "example.test. SOA ns.example.test. h.example.test. 1 2 3 4 5");
    }

    [Fact]
    public void Additional_addresses_must_be_mentioned()
    {
        TestWorld world = Ask(new TestResponse("example.test", RecordType.MX).Authoritative().Answer("example.test MX 10 m.example.test")
            .Additional("m.example.test A 198.51.100.1", "other.example.test A 198.51.100.2", "m.example.test TXT \"x\"", "m.example.test CNAME x.example.test"));
        AssertRows(world, "example.test. MX 10 m.example.test.", "m.example.test. A 198.51.100.1");
        Assert.Equal(1, world.Fate("rrsets", "dropped-scrubbed-unmentioned"));
        Assert.Equal(2, world.Fate("rrsets", "dropped-scrubbed-additional-type"));
    }

    [Fact]
    public void What_a_removed_record_mentions_is_removed_too()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.A).Authoritative().NxDomain()
            .Authority("example.test NS ns9.example.test").Additional("ns9.example.test A 198.51.100.1"));
        AssertRows(world);
    }

    [Fact]
    public void A_service_binding_to_its_own_name_mentions_its_owner()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.HTTPS).Authoritative()
            .Answer("a.example.test HTTPS 1 . alpn=\"h2\"").Additional("a.example.test A 198.51.100.1"));
        AssertRows(world, "a.example.test. HTTPS 1 . alpn=\"h2\"", "a.example.test. A 198.51.100.1");
    }

    [Fact]
    public void A_signature_shares_the_fate_of_what_it_covers()
    {
        const string Signature = " 8 3 300 20300101000000 20200101000000 1 example.test AAAA";
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.A).Authoritative()
            .Answer("a.example.test A 198.51.100.1", "a.example.test RRSIG A" + Signature, "b.example.test RRSIG A" + Signature)
            .Authority("example.test TXT \"x\"", "example.test RRSIG TXT" + Signature));
        Assert.Single(world.Rows(), row => row.Contains(" RRSIG ", StringComparison.Ordinal));
        Assert.Equal(2, world.Fate("rrsets", "dropped-scrubbed-orphan-signature"));
    }

    [Fact]
    public void Signatures_over_different_types_are_different_rows()
    {
        const string Signature = " 8 3 300 20300101000000 20200101000000 1 example.test AAAA";
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.ANY).Authoritative().Answer(
            "a.example.test A 198.51.100.1", "a.example.test TXT \"x\"", "a.example.test RRSIG A" + Signature, "a.example.test RRSIG TXT" + Signature));
        Assert.Equal(2, world.Rows().Count(row => row.Contains(" RRSIG ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_set_in_two_sections_of_one_response_counts_once()
    {
        TestWorld world = Ask(new TestResponse("example.test", RecordType.NS).Authoritative()
            .Answer("example.test NS ns.example.test").Authority("example.test NS ns.example.test"));
        Assert.Contains("example.test. NS ns.example.test. | example.test. VerifiedTraffic 1", world.Rows());
        Assert.Equal(1, world.Fate("rrsets", "repeated"));
    }

    [Fact]
    public void Duplicates_are_removed_case_is_folded_and_the_lowest_TTL_counts()
    {
        TestWorld world = Ask(new TestResponse("A.Example.TEST", RecordType.NS).Authoritative()
            .Answer("a.example.test 900 NS NS2.Example.test", "A.example.test 30 NS ns2.example.test", "a.EXAMPLE.test 60 NS ns1.example.test"));
        Assert.Contains("a.example.test. NS ns1.example.test. ns2.example.test. | example.test. VerifiedTraffic 1", world.Rows());
        List<uint?> lowest = [];
        foreach (ObservationRow row in world.Batches[0].Rows)
        {
            if (row.RrName.Length == 16) lowest.Add(SightingCodec.Decode(row.History).MinTimeToLive);
        }

        Assert.Equal([30u], lowest);
    }

    [Fact]
    public void Damaged_data_drops_its_set_and_no_other()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.ANY).Authoritative()
            .RawAnswer("a.example.test", 1, [1, 2, 3, 4]).RawAnswer("a.example.test", 1, [1, 2, 3, 4, 5]).Answer("a.example.test TXT \"x\""));
        AssertRows(world, "a.example.test. TXT \"x\"");
        Assert.Equal(1, world.Fate("rrsets", "rdata-malformed"));
    }

    [Fact]
    public void Other_classes_and_meta_types_are_no_observations()
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.ANY).Authoritative()
            .RawAnswer("a.example.test", 1, [1, 2, 3, 4], rrclass: 3).RawAnswer("a.example.test", 250, [0]).Answer("a.example.test A 198.51.100.1"));
        AssertRows(world, "a.example.test. A 198.51.100.1");
        Assert.Equal(1, world.Fate("rrsets", "class"));
        Assert.Equal(1, world.Fate("rrsets", "meta-type"));
    }

    [Fact]
    public void A_set_over_the_cap_is_rejected_whole()
    {
        TestWorld world = new TestWorld(options => options with { MaxRrsetRecords = 3 }).WithDelegations();
        world.Send(TestWorld.Example, new TestResponse("a.example.test", RecordType.A).Authoritative()
            .Answer("a.example.test A 1.1.1.1", "a.example.test A 1.1.1.2", "a.example.test A 1.1.1.3", "a.example.test A 1.1.1.4"));
        AssertRows(world);
        Assert.Equal(1, world.Fate("rrsets", "too-large"));
    }

    [Theory]
    [InlineData(0x0000, "not-a-response")]
    [InlineData(0xA000, "opcode")]
    [InlineData(0x8200, "truncated")]
    [InlineData(0x8001, "rcode-formerr")]
    [InlineData(0x8002, "rcode-servfail")]
    [InlineData(0x8004, "rcode-notimp")]
    [InlineData(0x8005, "rcode-refused")]
    [InlineData(0x8009, "rcode-other")]
    public void Responses_that_say_nothing_are_counted_by_reason(int flags, string fate)
    {
        TestWorld world = Ask(new TestResponse("a.example.test", RecordType.A).Flags(flags).Answer("a.example.test A 198.51.100.1"));
        AssertRows(world);
        Assert.Equal(1, world.Fate("responses", fate));
        world.AssertConserved(3);
    }

    [Fact]
    public void Framing_damage_rejects_the_whole_message()
    {
        byte[] message = new TestResponse("a.example.test", RecordType.A).Authoritative().Answer("a.example.test A 198.51.100.1").Build();
        TestWorld world = new TestWorld().WithDelegations();
        for (int length = 0; length < message.Length; length++) world.Send(TestWorld.Example, message[..length]);
        AssertRows(world);
        world.AssertConserved(2 + message.Length);
        Assert.Equal(12, world.Fate("responses", "malformed-header-too-short"));
    }

    [Fact]
    public void Octets_behind_the_last_record_are_accepted_and_counted()
    {
        TestWorld world = new TestWorld().WithDelegations();
        world.Send(TestWorld.Example, [.. new TestResponse("a.example.test", RecordType.A).Authoritative().Answer("a.example.test A 198.51.100.1").Build(), 1, 2, 3]);
        AssertRows(world, "a.example.test. A 198.51.100.1");
        Assert.Equal(1, world.Aggregator.GetReport().TrailingOctets);
    }

    /// <summary>RFC 3597 section 4: HTTPS is no type whose names may be compressed; RFC 2782's SRV is one that receivers expand as well.</summary>
    [Theory]
    [InlineData(65, "0001C00C", false, true)] // HTTPS 1 and a pointer to the name asked for
    [InlineData(65, "0001C00C", true, false)]
    [InlineData(33, "000100020003C00C", true, true)] // SRV
    [InlineData(15, "000AC00C", true, true)] // MX
    public void Names_compressed_where_they_may_not_be_are_expanded_and_counted_or_dropped_on_request(int type, string rdata, bool strict, bool isKept)
    {
        TestWorld world = new TestWorld(options => options with { StrictCompression = strict }).WithDelegations();
        byte[] message = new TestResponse("a.example.test", (RecordType)type).Authoritative().RawAnswer("a.example.test", type, Convert.FromHexString(rdata)).Build();
        world.Send(TestWorld.Example, message);
        world.Send(TestWorld.Example, message); // a repeat counts as well
        AggregationReport report = world.Aggregator.GetReport();
        Assert.Equal(type == 65 ? 2 : 0, report.NonstandardCompression);
        Assert.Equal(isKept ? 0 : 2, world.Fate("rrsets", "rdata-compressed"));
        Assert.Equal(isKept ? 1 : 0, world.Rows().Count(row => row.StartsWith("a.example.test.", StringComparison.Ordinal)));
    }
}
