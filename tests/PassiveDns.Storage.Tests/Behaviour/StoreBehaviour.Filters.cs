namespace PassiveDns.Storage.Tests;

public abstract partial class StoreBehaviour
{
    private static ObservationQuery Under(TimeFilter time) => new(new QueryAnchor.Subtree(DomainName.Parse("example.com"))) { Time = time };

    private static async Task<string> Labels(IObservationStore store, ObservationQuery query) =>
        string.Concat((await Answer.ReadAsync(store, query)).Rows.Select(row => row.RrName.ToString()[0]));

    [Fact]
    public async Task Any_leaves_out_the_types_of_dnssec_and_a_named_type_works()
    {
        string[] dnssec = ["DS", "RRSIG", "NSEC", "DNSKEY", "NSEC3", "NSEC3PARAM", "DLV", "CDS", "CDNSKEY", "TA"];
        BatchBuilder rows = new();
        foreach (string type in dnssec.Append("A").Append("TYPE65280")) rows.Add("example.com", type, [[1, 2, 3, 4]]);
        IObservationStore store = await StoreWith(rows);

        async Task<string[]> Types(TypeSelection types) =>
            [.. (await Answer.ReadAsync(store, new ObservationQuery(s_example) { Types = types })).Rows.Select(row => RecordTypeNames.Format(row.Type)).Order()];

        Assert.Equal(["A", "TYPE65280"], await Types(TypeSelection.Any));
        Assert.Equal(dnssec.Order(), await Types(TypeSelection.AnyDnssec));
        Assert.Equal(dnssec.Append("A").Append("TYPE65280").Order(), await Types(TypeSelection.All));
        Assert.Equal(["A", "DS"], await Types(TypeSelection.Of(RecordType.DS, RecordType.A, RecordType.MX)));
    }

    [Fact]
    public async Task Queries_fold_over_trusted_provenance_unless_told_otherwise()
    {
        BatchBuilder rows = new();
        foreach (Provenance provenance in Enum.GetValues<Provenance>()) rows.Add("example.com", "A", "192.0.2.1", provenance: provenance);
        IObservationStore store = await StoreWith(rows);
        Assert.Equal(
            [Provenance.VerifiedTraffic, Provenance.ResolverStated, Provenance.ZoneFile],
            (await Answer.ReadAsync(store, s_example)).Rows.Select(row => row.Provenance));
        ObservationQuery chaff = new(s_example) { Provenance = ProvenanceSelection.Unverified | ProvenanceSelection.Probe };
        Assert.Equal([Provenance.Unverified, Provenance.Probe], (await Answer.ReadAsync(store, chaff)).Rows.Select(row => row.Provenance));
        await Assert.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(store, chaff with { Provenance = ProvenanceSelection.None }));
    }

    [Theory]
    [InlineData(".", 1)]
    [InlineData("com", 1)]
    [InlineData("example.com", 1)]
    [InlineData("www.example.com", 0)]
    [InlineData("xample.com", 0)]
    [InlineData("net", 0)]
    public async Task A_bailiwick_is_matched_whole(string bailiwick, int found)
    {
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("www.example.com", "NS", "ns.example.com.", bailiwick: "com")
            .Add("www.example.com", "NS", "ns.example.com.", bailiwick: "example.com")
            .Add("www.example.com", "NS", "ns.example.com.", bailiwick: "."));
        ObservationQuery query = new(new QueryAnchor.OwnerName(Name("www.example.com"))) { Bailiwick = Name(bailiwick) };
        Answer answer = await Answer.ReadAsync(store, query);
        Assert.Equal(found, answer.Rows.Count);
        Assert.All(answer.Rows, row => Assert.Equal(Name(bailiwick), row.Bailiwick));
    }

    [Fact]
    public async Task Fences_are_inclusive_and_hold_for_the_merged_row()
    {
        // first and last of the rows: a 100..200, b 100..400, c 300..400, d 100..400 with a silence in the middle, merged from two batches
        const long Gap = 48 * 3600;
        BatchBuilder rows = new BatchBuilder()
            .Add("a.example.com", "A", "192.0.2.1", 100, 200).Add("b.example.com", "A", "192.0.2.1", 100, 10 * Gap)
            .Add("c.example.com", "A", "192.0.2.1", 9 * Gap, 10 * Gap).Add("d.example.com", "A", "192.0.2.1", 100, 200);
        IObservationStore store = await StoreWith(rows);
        await store.WriteAsync(rows.Add("d.example.com", "A", "192.0.2.1", 10 * Gap).Build(2));

        Assert.Equal("abcd", await Labels(store, Under(TimeFilter.None)));
        Assert.Equal("abd", await Labels(store, Under(new() { FirstBefore = 100 })));
        Assert.Equal("", await Labels(store, Under(new() { FirstBefore = 99 })));
        Assert.Equal("abcd", await Labels(store, Under(new() { FirstAfter = 100 })));
        Assert.Equal("c", await Labels(store, Under(new() { FirstAfter = 101 })));
        Assert.Equal("a", await Labels(store, Under(new() { LastBefore = 200 })));
        Assert.Equal("", await Labels(store, Under(new() { LastBefore = 199 })));
        Assert.Equal("abcd", await Labels(store, Under(new() { LastAfter = 200 })));
        Assert.Equal("bcd", await Labels(store, Under(new() { LastAfter = 201 })));
        Assert.Equal("abd", await Labels(store, Under(TimeFilter.Overlapping(150, 200)))); // loose: the life of d spans its silence
        Assert.Equal("bd", await Labels(store, Under(TimeFilter.Overlapping(5 * Gap, 6 * Gap))));
        Assert.Equal("a", await Labels(store, Under(TimeFilter.Within(100, 200)))); // strict: over the merged row, so d is not in
        Assert.Equal("", await Labels(store, Under(TimeFilter.Within(101, 200))));
        Assert.Equal("b", await Labels(store, Under(new() { Present = (5 * Gap, 6 * Gap) }))); // d was silent then
        Assert.Equal("abd", await Labels(store, Under(new() { Present = (200, 300) })));
        Assert.Equal("bcd", await Labels(store, Under(new() { Present = (10 * Gap, 11 * Gap) })));
        Assert.Equal("", await Labels(store, Under(new() { Present = (10 * Gap + 1, 11 * Gap) })));
        Assert.Equal("", await Labels(store, Under(new() { Present = (0, 99) })));
    }

    [Fact]
    public async Task Witnesses_are_counted()
    {
        IObservationStore store = NewStore();
        for (int i = 0; i < 10; i++)
        {
            BatchBuilder rows = new($"s{i}");
            rows.Add("a.example.com", "A", "192.0.2.1");
            if (i < 2) rows.Add("b.example.com", "A", "192.0.2.1");
            await store.WriteAsync(rows.Build(1));
        }

        Assert.Equal("ab", await Labels(store, Under(TimeFilter.None) with { MinWitnesses = 2 }));
        Assert.Equal("a", await Labels(store, Under(TimeFilter.None) with { MinWitnesses = 3 }));
        Assert.Equal("a", await Labels(store, Under(TimeFilter.None) with { MinWitnesses = SightingHistory.MaxWitnesses }));
        await Assert.ThrowsAsync<ArgumentException>(() => Labels(store, Under(TimeFilter.None) with { MinWitnesses = 9 }));
    }
}
