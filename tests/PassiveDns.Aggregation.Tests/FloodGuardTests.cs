namespace PassiveDns.Aggregation.Tests;

/// <summary>Names that are made up faster than anybody can use them become one row that says so.</summary>
public class FloodGuardTests
{
    private const string Soa = "example.test SOA ns.example.test h.example.test 1 2 3 4 60";

    private static readonly FloodGuardOptions s_small = new() { NamesWithSameData = 100, Names = 400 };

    private static TestWorld World(Func<AggregationOptions, AggregationOptions>? change = null) => new TestWorld(options =>
        (change ?? (o => o))(options with { FloodGuard = s_small, KeepNegativeEvidence = true })).WithDelegations();

    private static TestResponse Answer(string name, string data = "A 192.0.2.99") =>
        new TestResponse(name, data.StartsWith('A') ? RecordType.A : RecordType.TXT).Authoritative().Answer($"{name} {data}");

    private static List<Observation> Rows(TestWorld world)
    {
        world.Rows();
        AssertConserved(world);
        return [.. world.Batches.SelectMany(batch => batch.Rows.All())];
    }

    /// <summary>Every observed RRset is in exactly one row that is no single record, and the account says in which kind.</summary>
    private static void AssertConserved(TestWorld world)
    {
        AggregationReport report = world.Aggregator.GetReport();
        List<Observation> rows = [.. world.Batches.SelectMany(batch => batch.Rows.All()).Where(row => (row.History.Folding & SightingFolding.Records) == 0)];
        Assert.Equal(report.Observed, rows.Sum(row => row.History.Count));
        Assert.Equal(report.FoldedNames, rows.Where(row => (row.History.Folding & SightingFolding.Names) != 0).Sum(row => row.History.Count));
        Assert.Equal(report.FoldedSets, rows.Where(row => (row.History.Folding & SightingFolding.Sets) != 0).Sum(row => row.History.Count));
        if (report.FoldedNames + report.FoldedSets > 0) Assert.Equal(report.Observed, report.Account.Where(line => line.Stage == "sightings").Sum(line => line.Count));
    }

    private static Observation Summary(IEnumerable<Observation> rows) => Assert.Single(rows, row => row.History.Folding == SightingFolding.Names);

    [Fact]
    public void A_flood_below_a_parent_with_wildcard_data_becomes_one_row_and_other_names_stay_exact()
    {
        TestWorld world = World();
        for (int i = 0; i < 3_000; i++)
        {
            world.Send(TestWorld.Example, Answer($"x{i}.example.test"));
            if (i % 10 == 0) world.Send(TestWorld.Example, Answer($"host{i % 50}.example.test", $"A 192.0.2.{i % 50}"));
        }

        List<Observation> rows = Rows(world);
        Observation summary = Summary(rows);
        Assert.Equal(("*.example.test.", "example.test.", Provenance.VerifiedTraffic), (summary.RrName.ToString(), summary.Bailiwick.ToString(), summary.Provenance));
        Assert.Equal(["192.0.2.99"], summary.Rdata.Select(data => data.ToString()));
        long exact = rows.Count(row => row.RrName.ToString().StartsWith('x'));
        Assert.InRange(exact, 75, 125); // the threshold is about right, not exact
        Assert.Equal(3_000 - exact, summary.History.Count);
        Assert.InRange(summary.History.DistinctNames, summary.History.Count * 0.87, summary.History.Count * 1.13);
        foreach (int host in (int[])[0, 10, 20, 30, 40])
        {
            Assert.Equal((60L, SightingFolding.None), rows.Where(row => row.RrName.ToString() == $"host{host}.example.test.").Select(row => (row.History.Count, row.History.Folding)).Single());
        }

        Assert.Equal(3_000 - exact, world.Fate("sightings", "folded-names"));
    }

    [Fact]
    public void Names_seen_before_the_flood_stay_rows_of_their_own_with_the_same_data_too()
    {
        TestWorld world = World();
        world.Send(TestWorld.Example, Answer("www.example.test"));
        for (int i = 0; i < 500; i++) world.Send(TestWorld.Example, Answer($"x{i}.example.test"));
        world.Send(TestWorld.Example, Answer("www.example.test"));
        Assert.Equal(2, Rows(world).Single(row => row.RrName.ToString() == "www.example.test.").History.Count);
    }

    [Theory]
    [InlineData("{0}.a{0}.b{0}.example.test", "*.example.test.")] // every label is made up
    [InlineData("{0}.deep.down.example.test", "*.deep.down.example.test.")] // the deepest parent that is flooded
    [InlineData("{0}.h{1}.example.test", "*.example.test.")] // many parents at once, each below the threshold
    public void The_parent_is_the_deepest_one_that_is_flooded(string pattern, string wildcard)
    {
        TestWorld world = World();
        for (int i = 0; i < 1_000; i++) world.Send(TestWorld.Example, Answer(string.Format(null, pattern, i, i % 50)));
        Assert.Equal(wildcard, Summary(Rows(world)).RrName.ToString());
    }

    [Fact]
    public void A_name_with_the_same_data_beside_the_flooded_parent_is_not_folded()
    {
        TestWorld world = World();
        for (int i = 0; i < 1_000; i++) world.Send(TestWorld.Example, Answer($"x{i}.flooded.example.test"));
        for (int i = 0; i < 20; i++) world.Send(TestWorld.Example, Answer($"host{i}.example.test"));
        Assert.Equal(20, Rows(world).Count(row => row.RrName.ToString().StartsWith("host", StringComparison.Ordinal)));
    }

    [Fact]
    public void Names_with_data_of_their_own_are_folded_at_a_higher_threshold_with_a_sample_and_their_addresses_one_by_one()
    {
        TestWorld world = World();
        for (int i = 0; i < 1_000; i++) world.Send(TestWorld.Example, Answer($"x{i}.example.test", $"A 10.0.{i >> 8}.{i & 255}"));
        List<Observation> rows = Rows(world);
        Observation summary = Assert.Single(rows, row => row.History.Folding == (SightingFolding.Names | SightingFolding.SampleData));
        Assert.InRange(summary.History.Count, 550, 700);
        List<Observation> records = [.. rows.Where(row => row.History.Folding == SightingFolding.Records)];
        Assert.All(records, row => Assert.Equal("*.example.test.", row.RrName.ToString()));
        Assert.Equal(summary.History.Count, records.Count);
        Assert.Equal(
            1_000, rows.Where(row => row.Type == RecordType.A && (row.History.Folding & SightingFolding.SampleData) == 0)
                .SelectMany(row => row.Rdata).Select(data => data.ToString()).Where(text => text.StartsWith("10.", StringComparison.Ordinal)).Distinct().Count());
    }

    [Fact]
    public void Tunnels_keep_a_sample_alone()
    {
        TestWorld world = World();
        for (int i = 0; i < 1_000; i++) world.Send(TestWorld.Example, Answer($"x{i}.t.example.test", $"TXT \"data {i}\""));
        List<Observation> rows = Rows(world);
        Assert.Single(rows, row => row.History.Folding == (SightingFolding.Names | SightingFolding.SampleData));
        Assert.DoesNotContain(rows, row => row.History.Folding == SightingFolding.Records);
        Assert.InRange(rows.Count, 300, 450);
    }

    [Fact]
    public void A_flood_that_is_denied_folds_the_evidence_and_the_proofs()
    {
        TestWorld world = World();
        for (int i = 0; i < 2_000; i++)
        {
            world.Send(TestWorld.Example, new TestResponse($"x{i}.example.test", RecordType.A).Authoritative().NxDomain()
                .Authority(Soa, $"x{i}.example.test NSEC !.x{i}.example.test A RRSIG NSEC")); // lies made for each question, as in RFC 4470
        }

        List<Observation> rows = Rows(world);
        Observation proofs = Assert.Single(rows, row => row.History.Folding == (SightingFolding.Names | SightingFolding.SampleData));
        Assert.Equal((RecordType.NSEC, "*.example.test."), (proofs.Type, proofs.RrName.ToString()));
        List<NegativeEvidence> evidence = [];
        while (world.Aggregator.TryTakeNegativeEvidence(out NegativeEvidenceBatch? batch)) evidence.AddRange(batch.Items);
        NegativeEvidence folded = Assert.Single(evidence, item => item.FoldedNames > 0);
        Assert.Equal(("*.example.test.", NegativeKind.NameError), (folded.Name.ToString(), folded.Kind));
        Assert.Equal(2_000, evidence.Sum(item => item.Sighting.Count));
        Assert.InRange(folded.FoldedNames, folded.Sighting.Count * 0.87, folded.Sighting.Count * 1.13);
        Assert.Equal(folded.Sighting.Count, world.Fate("negatives", "observed-folded"));
        Assert.Equal(2_000, world.Fate("negatives", "observed-folded") + world.Fate("negatives", "observed"));
    }

    [Fact]
    public void Exempt_subtrees_and_what_is_registered_are_never_folded()
    {
        TestWorld world = World(o => o with { FloodGuard = s_small with { Exempt = [DomainName.Parse("cdn.example.test")] } });
        for (int i = 0; i < 1_000; i++)
        {
            world.Send(TestWorld.Example, Answer($"x{i}.cdn.example.test"));
            world.Send(TestWorld.Tld, new TestResponse($"www.d{i}.test", RecordType.A).Authority($"d{i}.test NS ns.parking.test").Additional("ns.parking.test A 192.0.2.77"));
        }

        Assert.DoesNotContain(Rows(world), row => row.History.Folding != SightingFolding.None);
    }

    [Fact]
    public void Reverse_zones_are_exempt_unless_told_otherwise() =>
        Assert.Equal(["in-addr.arpa.", "ip6.arpa."], new FloodGuardOptions().Exempt.Select(name => name.ToString()));

    [Fact]
    public void Without_a_guard_everything_is_exact()
    {
        TestWorld world = World(o => o with { FloodGuard = null });
        for (int i = 0; i < 500; i++) world.Send(TestWorld.Example, Answer($"x{i}.example.test"));
        Assert.Equal(500, Rows(world).Count(row => row.RrName.ToString().StartsWith('x')));
    }

    [Fact]
    public void A_flood_that_goes_on_stays_folded_in_the_next_window_and_one_that_ebbed_does_not()
    {
        TestWorld world = World();
        for (int window = 0; window < 3; window++)
        {
            for (int i = 0; i < (window == 2 ? 20 : 1_000); i++) world.Send(TestWorld.Example, Answer($"w{window}x{i}.example.test"));
            world.Now += 3600;
        }

        for (int i = 0; i < 20; i++) world.Send(TestWorld.Example, Answer($"w3x{i}.example.test"));
        List<Observation> rows = Rows(world);
        Assert.Equal((0, 20), (Exact(1), Exact(3)));
        Assert.Equal(0, Exact(2)); // the window in which it ebbed
        Assert.Equal(3, rows.Count(row => row.History.Folding == SightingFolding.Names));
        int Exact(int window) => rows.Count(row => row.RrName.ToString().StartsWith($"w{window}x", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_input_is_folded_the_same_way()
    {
        Assert.Equal(Make(), Make());
        static byte[] Make()
        {
            TestWorld world = World();
            Random random = new(5);
            for (int i = 0; i < 4_000; i++)
            {
                world.Now += i % 4 == 0 ? 3 : 0;
                world.Send(TestWorld.Example, Answer($"x{random.Next()}.p{random.Next(4)}.example.test", $"A 192.0.2.{random.Next(2)}"));
            }

            world.Rows();
            return [.. world.Batches.SelectMany(batch => batch.Rows.Packed.ToArray())];
        }
    }

    [Fact]
    public void Many_parents_that_stay_below_the_threshold_are_folded_when_memory_runs_out()
    {
        TestWorld world = World(o => o with { FloodGuard = new() { NamesWithSameData = 3_000, Names = 30_000 }, MemoryBudget = 1 << 20, KeepNegativeEvidence = false });
        for (int zone = 0; zone < 8; zone++) // unrelated zones: nothing above them is a parent
        {
            world.Send(TestWorld.Tld, new TestResponse($"www.z{zone}.test", RecordType.A).Authority($"z{zone}.test NS ns.z{zone}.test").Additional($"ns.z{zone}.test A {TestWorld.Example}"));
        }

        for (int i = 0; i < 16_000; i++) world.Send(TestWorld.Example, Answer($"{i}.some-name-that-takes-its-room.z{i % 8}.test"));
        List<Observation> rows = Rows(world);
        Assert.Equal(8, rows.Where(row => row.History.Folding == SightingFolding.Names).Select(row => row.RrName).Distinct().Count());
        Assert.InRange(world.Aggregator.GetReport().FoldedNames, 1_000, 15_000);
    }
}
