namespace PassiveDns.Storage.Conformance.Tests;

/// <summary>Every broken store, and the cases that must notice.</summary>
internal static class Faults
{
    public static IReadOnlyDictionary<string, (Func<StoreFixture> Create, string[] About)> All { get; } = new Dictionary<string, (Func<StoreFixture>, string[])>
    {
        ["counts replays"] = Memory(s => new CountsReplays(s), "writing/a-batch-counts-once-however-often-it-is-delivered", "model/random-batches-and-queries-agree-with-a-naive-model"),
        ["forgets sensor and epoch"] = Memory(s => new ForgetsSensorAndEpoch(s), "writing/batches-of-other-sensors-and-epochs-are-other-batches"),
        ["keeps a high-water mark"] = Memory(s => new KeepsAHighWaterMark(s), "writing/the-last-batch-is-the-highest-by-epoch-and-sequence-whatever-the-order-of-arrival", "writing/late-and-reordered-batches-end-in-the-same-rows"),
        ["skips empty batches"] = Memory(s => new SkipsEmptyBatches(s), "writing/an-empty-batch-is-applied-too"),
        ["writes parts of batches"] = Memory(s => new WritesPartsOfBatches(s), "writing/a-malformed-row-refuses-the-whole-batch"),
        ["drops large sets"] = Memory(s => new DropsLargeSets(s), "writing/large-sets-and-long-names-come-back-whole"),
        ["cannot be cancelled"] = Memory(s => new CannotBeCancelled(s), "writing/a-cancelled-write-leaves-nothing-behind", "paging/a-walk-can-be-cancelled-between-pages-and-within"),
        ["miscounts its rows"] = Memory(s => new MiscountsItsRows(s), "writing/the-status-tells-what-the-store-holds"),
        ["never closes"] = Memory(s => new NeverCloses(s), "writing/a-closed-store-says-so"),
        ["keeps one interval"] = Memory(ChangesPages.KeepsOneInterval, "writing/a-silence-longer-than-the-gap-begins-another-interval", "writing/rows-of-a-store-with-a-shorter-gap-are-brought-to-this-stores-gap"),
        ["forgets what was folded"] = Memory(
            ChangesPages.ForgetsWhatWasFolded, "folding/a-summary-and-an-exact-row-of-one-key-are-two-rows", "folding/what-was-folded-stays-visible-and-merges",
            "folding/unions-are-not-found-by-data-but-their-records-are"),
        ["says always exact"] = Memory(ChangesPages.AlwaysExact, "writing/a-coarsened-row-makes-the-answer-an-estimate", "paging/a-limit-truncates-only-if-there-is-more"),
        ["answers nothing"] = Memory(s => ChangesPages.KeepsRows(s, (_, _) => false), "anchors/the-subtree-of-the-root-is-everything", "paging/rows-can-be-read-one-by-one"),
        ["answers everything"] = Memory(s => new ChangesQueries(s, q => q with { Anchor = new QueryAnchor.Everything() }), "anchors/a-range-upside-down-is-refused", "anchors/a-network-finds-single-addresses"),
        ["leaves the apex out"] = Memory(
            s => ChangesPages.KeepsRows(s, (q, row) => q.Anchor is not QueryAnchor.Subtree subtree || row.RrName != subtree.Apex), "anchors/a-subtree-ends-at-label-borders"),
        ["cuts labels"] = Memory(
            s => new ChangesQueries(s, q => q.Anchor is QueryAnchor.Subtree { Apex.LabelCount: 2 } subtree ? q with { Anchor = new QueryAnchor.Subtree(subtree.Apex.Ancestor(1)) } : q),
            "anchors/a-subtree-ends-at-label-borders"),
        ["ignores types"] = Memory(s => new ChangesQueries(s, q => q with { Types = TypeSelection.All }), "filters/any-leaves-out-the-types-of-dnssec-and-a-named-type-works"),
        ["ignores provenance"] = Memory(s => new ChangesQueries(s, q => q with { Provenance = ProvenanceSelection.All }), "filters/queries-fold-over-trusted-provenance-unless-told-otherwise"),
        ["ignores bailiwick"] = Memory(s => new ChangesQueries(s, q => q with { Bailiwick = null }), "filters/a-bailiwick-is-matched-whole"),
        ["ignores witnesses"] = Memory(s => new ChangesQueries(s, q => q with { MinWitnesses = 0 }), "filters/witnesses-are-counted"),
        ["has open fences"] = Memory(
            s => new ChangesQueries(s, q => q with { Time = q.Time with { FirstBefore = q.Time.FirstBefore - 1, LastAfter = q.Time.LastAfter + 1 } }),
            "filters/fences-are-inclusive-and-hold-for-the-merged-row"),
        ["takes silence for presence"] = Memory(
            s => new ChangesQueries(s, q => q.Time.Present is { } p ? q with { Time = TimeFilter.Overlapping(p.From, p.To) } : q),
            "filters/fences-are-inclusive-and-hold-for-the-merged-row"),
        ["has no snapshots"] = Memory(s => new HasNoSnapshots(s), "paging/a-walk-sees-the-moment-at-which-it-began"),
        ["reuses its pages"] = Memory(s => new ReusesItsPages(s), "paging/long-answers-come-in-pages-whose-rows-may-be-kept"),
        ["continues by offset"] = Memory(
            s => new ContinuesByOffset(s), "paging/a-continuation-is-bound-to-its-query-and-store", "paging/a-walk-over-continuations-meets-each-old-row-once-while-others-are-written"),
        ["shows half batches"] = Memory(s => new ShowsHalfBatches(s), "paging/readers-see-whole-batches-only"),
        ["ignores budgets"] = Memory(s => new ChangesQueries(s, q => q with { ScanBudget = null }), "paging/a-budget-counts-the-rows-looked-at"),
        ["loses the last batch when killed"] = Durable(DurabilityFault.LosesTheLastBatchWhenKilled, "durability/what-was-acknowledged-is-there-when-a-killed-store-is-opened-again"),
        ["loses the last batch when closed"] = Durable(
            DurabilityFault.LosesTheLastBatchWhenClosed, "durability/what-was-acknowledged-is-there-when-a-closed-store-is-opened-again", "durability/answers-are-the-same-after-many-ends"),
        ["forgets batch ids"] = Durable(DurabilityFault.ForgetsBatchIds, "durability/a-batch-counts-once-over-the-ends-of-its-store"),
        ["cannot open an empty store"] = Durable(DurabilityFault.CannotOpenAnEmptyStore, "durability/an-empty-store-can-be-opened-again"),
        ["forgets the gap"] = Durable(DurabilityFault.ForgetsTheGap, "durability/the-interval-gap-of-a-store-stays"),
    };

    private static (Func<StoreFixture>, string[]) Memory(Func<IObservationStore, IObservationStore> fault, params string[] about) => (() => new MemoryFixture(fault), about);

    private static (Func<StoreFixture>, string[]) Durable(DurabilityFault fault, params string[] about) => (() => new DurableFixture(fault), about);
}
