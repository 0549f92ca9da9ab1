using System.Net;

namespace PassiveDns.Storage.Conformance;

internal sealed partial class CaseRun
{
    internal static ConformanceCase[] Folding =>
    [
        new("folding", "A summary and an exact row of one key are two rows", static run => run.ASummaryAndAnExactRowOfOneKeyAreTwoRows()),
        new("folding", "What was folded stays visible and merges", static run => run.WhatWasFoldedStaysVisibleAndMerges()),
        new("folding", "Unions are not found by data but their records are", static run => run.UnionsAreNotFoundByDataButTheirRecordsAre()),
    ];

    private static readonly byte[] s_address = [192, 0, 2, 1];
    private static readonly byte[] s_otherAddress = [192, 0, 2, 2];

    private async Task ASummaryAndAnExactRowOfOneKeyAreTwoRows()
    {
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("*.example.com", "A", "192.0.2.1", count: 3)
            .AddHistory("*.example.com", "A", [s_address], Folded(SightingFolding.Names, 500, "a", "b", "c")));
        Answer answer = await Answer.ReadAsync(store, new QueryAnchor.OwnerName(DomainName.Parse("*.example.com")));
        Expect.Equal([(SightingFolding.None, 3L), (SightingFolding.Names, 500L)], answer.Rows.Select(row => (row.History.Folding, row.History.Count)));
        Expect.Equal(Completeness.Estimated, answer.Completeness);
    }

    private async Task WhatWasFoldedStaysVisibleAndMerges()
    {
        IObservationStore store = await NewStoreAsync();
        await store.WriteAsync(new BatchBuilder("s1").AddHistory("*.example.com", "A", [s_address], Folded(SightingFolding.Names, 2, "a", "b")).Build(1));
        await store.WriteAsync(new BatchBuilder("s2").AddHistory("*.example.com", "A", [s_address], Folded(SightingFolding.Names, 2, "b", "c")).Build(1));
        foreach (QueryAnchor anchor in (QueryAnchor[])[new QueryAnchor.Everything(), new QueryAnchor.Subtree(DomainName.Parse("example.com")), Network("192.0.2.0/24")])
        {
            Observation row = (await Answer.ReadAsync(store, anchor)).Rows.Single();
            Expect.Equal((SightingFolding.Names, 4L, 3L), (row.History.Folding, row.History.Count, row.History.DistinctNames));
        }
    }

    private async Task UnionsAreNotFoundByDataButTheirRecordsAre()
    {
        // Ten answers held one of three sets, of which two had the first address and two the second: the records say so, the union does not.
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("example.com", "A", "192.0.2.1|192.0.2.2", count: 1)
            .AddHistory("example.com", "A", [s_address, s_otherAddress], Folded(SightingFolding.Sets, 10))
            .AddHistory("example.com", "A", [s_address], Folded(SightingFolding.Records, 7))
            .AddHistory("example.com", "A", [s_otherAddress], Folded(SightingFolding.Records, 3)));
        Answer byName = await Answer.ReadAsync(store, s_example);
        Expect.Equal(
            [(SightingFolding.None, 1L), (SightingFolding.Sets, 10L)],
            byName.Rows.Select(row => (row.History.Folding, row.History.Count)));
        Expect.Equal(4, (await Answer.ReadAsync(store, new QueryAnchor.Everything())).Rows.Count); // what is copied to another store is complete
        Answer byAddress = await Answer.ReadAsync(store, Network("192.0.2.0/24"));
        Expect.Equal(
            [("192.0.2.1", 8L, SightingFolding.Records), ("192.0.2.2", 4L, SightingFolding.Records)],
            byAddress.Rows.Select(row => (row.Rdata.Single().ToString(), row.History.Count, row.History.Folding)));
    }

    private static QueryAnchor Network(string network) => QueryAnchor.Network(IPNetwork.Parse(network));

    private static byte[] Folded(SightingFolding folding, long count, params string[] names)
    {
        NameSketch sketch = new();
        foreach (string name in names) sketch.Add(DomainName.Parse($"{name}.example.com").Wire);
        byte[] packed = new byte[NameSketch.MaxPackedLength];
        return SightingCodec.Encode(new SightingHistory
        {
            Intervals = [new(1_000_000, 1_000_000, count)],
            MinTimeToLive = 300,
            MaxTimeToLive = 300,
            Folding = folding,
            PackedNames = [.. packed.AsSpan(0, sketch.Pack(packed))],
        });
    }
}
