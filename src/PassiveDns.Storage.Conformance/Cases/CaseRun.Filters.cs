namespace PassiveDns.Storage.Conformance;

internal sealed partial class CaseRun
{
    internal static ConformanceCase[] Filters =>
    [
        new("filters", "Any leaves out the types of dnssec and a named type works", static run => run.AnyLeavesOutTheTypesOfDnssecAndANamedTypeWorks()),
        new("filters", "Queries fold over trusted provenance unless told otherwise", static run => run.QueriesFoldOverTrustedProvenanceUnlessToldOtherwise()),
        .. Each<(string Bailiwick, int Found)>("filters", "A bailiwick is matched whole", static (run, given) => run.ABailiwickIsMatchedWhole(given.Bailiwick, given.Found),
        [
            (".", 1),
            ("com", 1),
            ("example.com", 1),
            ("www.example.com", 0),
            ("xample.com", 0),
            ("net", 0),
        ]),
        new("filters", "Fences are inclusive and hold for the merged row", static run => run.FencesAreInclusiveAndHoldForTheMergedRow()),
        new("filters", "Witnesses are counted", static run => run.WitnessesAreCounted()),
    ];

    private static ObservationQuery Under(TimeFilter time) => new(new QueryAnchor.Subtree(DomainName.Parse("example.com"))) { Time = time };

    private static async Task<string> Labels(IObservationStore store, ObservationQuery query) =>
        string.Concat((await Answer.ReadAsync(store, query)).Rows.Select(row => row.RrName.ToString()[0]));

    private async Task AnyLeavesOutTheTypesOfDnssecAndANamedTypeWorks()
    {
        string[] dnssec = ["DS", "RRSIG", "NSEC", "DNSKEY", "NSEC3", "NSEC3PARAM", "DLV", "CDS", "CDNSKEY", "TA"];
        BatchBuilder rows = new();
        foreach (string type in dnssec.Append("A").Append("TYPE65280")) rows.Add("example.com", type, [[1, 2, 3, 4]]);
        IObservationStore store = await StoreWith(rows);

        async Task<string[]> Types(TypeSelection types) =>
            [.. (await Answer.ReadAsync(store, new ObservationQuery(s_example) { Types = types })).Rows.Select(row => RecordTypeNames.Format(row.Type)).Order()];

        Expect.Equal(["A", "TYPE65280"], await Types(TypeSelection.Any));
        Expect.Equal(dnssec.Order(), await Types(TypeSelection.AnyDnssec));
        Expect.Equal(dnssec.Append("A").Append("TYPE65280").Order(), await Types(TypeSelection.All));
        Expect.Equal(["A", "DS"], await Types(TypeSelection.Of(RecordType.DS, RecordType.A, RecordType.MX)));
    }

    private async Task QueriesFoldOverTrustedProvenanceUnlessToldOtherwise()
    {
        BatchBuilder rows = new();
        foreach (Provenance provenance in Enum.GetValues<Provenance>()) rows.Add("example.com", "A", "192.0.2.1", provenance: provenance);
        IObservationStore store = await StoreWith(rows);
        Expect.Equal(
            [Provenance.VerifiedTraffic, Provenance.ResolverStated, Provenance.ZoneFile],
            (await Answer.ReadAsync(store, s_example)).Rows.Select(row => row.Provenance));
        ObservationQuery chaff = new(s_example) { Provenance = ProvenanceSelection.Unverified | ProvenanceSelection.Probe };
        Expect.Equal([Provenance.Unverified, Provenance.Probe], (await Answer.ReadAsync(store, chaff)).Rows.Select(row => row.Provenance));
        await Expect.ThrowsAsync<ArgumentException>(() => Answer.ReadAsync(store, chaff with { Provenance = ProvenanceSelection.None }));
    }

    private async Task ABailiwickIsMatchedWhole(string bailiwick, int found)
    {
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("www.example.com", "NS", "ns.example.com.", bailiwick: "com")
            .Add("www.example.com", "NS", "ns.example.com.", bailiwick: "example.com")
            .Add("www.example.com", "NS", "ns.example.com.", bailiwick: "."));
        ObservationQuery query = new(new QueryAnchor.OwnerName(Name("www.example.com"))) { Bailiwick = Name(bailiwick) };
        Answer answer = await Answer.ReadAsync(store, query);
        Expect.Equal(found, answer.Rows.Count);
        foreach (Observation row in answer.Rows) Expect.Equal(Name(bailiwick), row.Bailiwick);
    }

    private async Task FencesAreInclusiveAndHoldForTheMergedRow()
    {
        // first and last of the rows: a 100..200, b 100..400, c 300..400, d 100..400 with a silence in the middle, merged from two batches
        const long Gap = 48 * 3600;
        BatchBuilder rows = new BatchBuilder()
            .Add("a.example.com", "A", "192.0.2.1", 100, 200).Add("b.example.com", "A", "192.0.2.1", 100, 10 * Gap)
            .Add("c.example.com", "A", "192.0.2.1", 9 * Gap, 10 * Gap).Add("d.example.com", "A", "192.0.2.1", 100, 200);
        IObservationStore store = await StoreWith(rows);
        await store.WriteAsync(rows.Add("d.example.com", "A", "192.0.2.1", 10 * Gap).Build(2));

        Expect.Equal("abcd", await Labels(store, Under(TimeFilter.None)));
        Expect.Equal("abd", await Labels(store, Under(new() { FirstBefore = 100 })));
        Expect.Equal("", await Labels(store, Under(new() { FirstBefore = 99 })));
        Expect.Equal("abcd", await Labels(store, Under(new() { FirstAfter = 100 })));
        Expect.Equal("c", await Labels(store, Under(new() { FirstAfter = 101 })));
        Expect.Equal("a", await Labels(store, Under(new() { LastBefore = 200 })));
        Expect.Equal("", await Labels(store, Under(new() { LastBefore = 199 })));
        Expect.Equal("abcd", await Labels(store, Under(new() { LastAfter = 200 })));
        Expect.Equal("bcd", await Labels(store, Under(new() { LastAfter = 201 })));
        Expect.Equal("abd", await Labels(store, Under(TimeFilter.Overlapping(150, 200)))); // loose: the life of d spans its silence
        Expect.Equal("bd", await Labels(store, Under(TimeFilter.Overlapping(5 * Gap, 6 * Gap))));
        Expect.Equal("a", await Labels(store, Under(TimeFilter.Within(100, 200)))); // strict: over the merged row, so d is not in
        Expect.Equal("", await Labels(store, Under(TimeFilter.Within(101, 200))));
        Expect.Equal("b", await Labels(store, Under(new() { Present = (5 * Gap, 6 * Gap) }))); // d was silent then
        Expect.Equal("abd", await Labels(store, Under(new() { Present = (200, 300) })));
        Expect.Equal("bcd", await Labels(store, Under(new() { Present = (10 * Gap, 11 * Gap) })));
        Expect.Equal("", await Labels(store, Under(new() { Present = (10 * Gap + 1, 11 * Gap) })));
        Expect.Equal("", await Labels(store, Under(new() { Present = (0, 99) })));
    }

    private async Task WitnessesAreCounted()
    {
        IObservationStore store = await NewStoreAsync();
        for (int i = 0; i < 10; i++)
        {
            BatchBuilder rows = new($"s{i}");
            rows.Add("a.example.com", "A", "192.0.2.1");
            if (i < 2) rows.Add("b.example.com", "A", "192.0.2.1");
            await store.WriteAsync(rows.Build(1));
        }

        Expect.Equal("ab", await Labels(store, Under(TimeFilter.None) with { MinWitnesses = 2 }));
        Expect.Equal("a", await Labels(store, Under(TimeFilter.None) with { MinWitnesses = 3 }));
        Expect.Equal("a", await Labels(store, Under(TimeFilter.None) with { MinWitnesses = SightingHistory.MaxWitnesses }));
        await Expect.ThrowsAsync<ArgumentException>(() => Labels(store, Under(TimeFilter.None) with { MinWitnesses = 9 }));
    }
}
