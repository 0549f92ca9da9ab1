using PassiveDns.Storage.Memory;

namespace PassiveDns.Storage.Conformance.Tests;

/// <summary>Every broken store, and the cases that must notice.</summary>
internal static class Faults
{
    public static IReadOnlyDictionary<string, Fault> All { get; } = new Dictionary<string, Fault>
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
        ["answers nothing"] = Memory(s => ChangesPages.KeepsRows(s, (_, _) => false), "anchors/the-subtree-of-the-root-is-everything", "anchors/a-window-finds-rows-by-their-first-sighting", "paging/rows-can-be-read-one-by-one"),
        ["answers everything"] = Memory(s => new ChangesQueries(s, q => q with { Anchor = new QueryAnchor.Everything() }), "anchors/a-range-upside-down-is-refused", "anchors/a-window-upside-down-is-refused", "anchors/a-network-finds-single-addresses"),
        ["leaves the apex out"] = Memory(
            s => ChangesPages.KeepsRows(s, (q, row) => q.Anchor is not QueryAnchor.Subtree subtree || row.RrName != subtree.Apex), "anchors/a-subtree-ends-at-label-borders"),
        ["cuts labels"] = Memory(
            s => new ChangesQueries(s, q => q.Anchor is QueryAnchor.Subtree { Apex.LabelCount: 2 } subtree ? q with { Anchor = new QueryAnchor.Subtree(subtree.Apex.Ancestor(1)) } : q),
            "anchors/a-subtree-ends-at-label-borders"),
        ["forgets all but the first label of a prefix"] = Memory(
            s => new ChangesQueries(s, q => q.Anchor is QueryAnchor.NamePrefix { Labels.LabelCount: > 1 } prefix ? q with { Anchor = new QueryAnchor.NamePrefix(DomainName.Parse(prefix.Labels.ToString().Split('.')[0])) } : q),
            "anchors/a-name-prefix-ends-at-label-borders", "anchors/a-name-prefix-finds-what-a-walk-over-everything-finds"),
        ["ignores types"] = Memory(s => new ChangesQueries(s, q => q with { Types = TypeSelection.All }), "filters/any-leaves-out-the-types-of-dnssec-and-a-named-type-works"),
        ["lists types of DNSSEC last"] = Memory(
            ChangesPages.ListsDnssecLast, "anchors/rrsets-of-dnssec-types-stand-among-the-others-in-the-order-of-keys"),
        ["ignores provenance"] = Memory(s => new ChangesQueries(s, q => q with { Provenance = ProvenanceSelection.All }), "filters/queries-fold-over-trusted-provenance-unless-told-otherwise"),
        ["ignores bailiwick"] = Memory(s => new ChangesQueries(s, q => q with { Bailiwick = null }), "filters/a-bailiwick-is-matched-whole"),
        ["ignores witnesses"] = Memory(s => new ChangesQueries(s, q => q with { MinWitnesses = 0 }), "filters/witnesses-are-counted"),
        ["has open fences"] = Memory(
            s => new ChangesQueries(s, q => q with { Time = q.Time with { FirstBefore = q.Time.FirstBefore - 1, LastAfter = q.Time.LastAfter + 1 } }),
            "filters/fences-are-inclusive-and-hold-for-the-merged-row"),
        ["takes silence for presence"] = Memory(
            s => new ChangesQueries(s, q => q.Time.Present is { } p ? q with { Time = TimeFilter.Overlapping(p.From, p.To) } : q),
            "filters/fences-are-inclusive-and-hold-for-the-merged-row"),
        ["takes presence for change"] = Memory(
            s => new ChangesQueries(s, q => q.Anchor is QueryAnchor.Changed c && c.From <= c.To ? q with { Anchor = new QueryAnchor.Everything(), Time = q.Time with { Present = (c.From, c.To) } } : q),
            "anchors/a-window-finds-rows-with-an-interval-that-begins-or-ends-in-it", "anchors/the-changes-of-a-row-are-those-of-all-its-versions-merged",
            "model/random-batches-and-queries-agree-with-a-naive-model"),
        ["takes the last sighting for the only change"] = Memory(
            s => new ChangesQueries(s, q => q.Anchor is QueryAnchor.Changed c && c.From <= c.To ? q with { Anchor = new QueryAnchor.Everything(), Time = q.Time with { LastAfter = c.From, LastBefore = c.To } } : q),
            "anchors/a-window-finds-rows-with-an-interval-that-begins-or-ends-in-it", "anchors/the-changes-of-a-row-are-those-of-all-its-versions-merged"),
        ["has no snapshots"] = Memory(s => new HasNoSnapshots(s), "paging/a-walk-sees-the-moment-at-which-it-began"),
        ["reuses its pages"] = Memory(s => new ReusesItsPages(s), "paging/long-answers-come-in-pages-whose-rows-may-be-kept"),
        ["continues by offset"] = Memory(
            s => new ContinuesByOffset(s), "paging/a-continuation-is-bound-to-its-query-and-store", "paging/a-walk-over-continuations-meets-each-old-row-once-while-others-are-written"),
        ["shows half batches"] = Memory(s => new ShowsHalfBatches(s), "paging/readers-see-whole-batches-only"),
        ["ignores budgets"] = Memory(s => new ChangesQueries(s, q => q with { ScanBudget = null }), "paging/a-budget-counts-the-rows-looked-at"),
        ["ignores time budgets"] = Memory(s => new ChangesQueries(s, q => q with { TimeBudget = null }), "paging/a-time-budget-truncates-and-continues"),
        ["deletes nothing"] = Capable(
            s => new CapableStore(s) { Options = o => (o ?? new()) with { DryRun = true } }, "deletions/a-deleted-subtree-is-in-no-answer-and-the-rest-stays",
            "deletions/a-deletion-by-time-takes-whole-intervals-and-marks-what-it-had-to-cut", "retention/rows-that-were-not-seen-for-longer-than-the-policy-says-are-gone"),
        ["takes a dry run for a deletion"] = Capable(
            s => new CapableStore(s) { Options = o => (o ?? new()) with { DryRun = false } }, "deletions/a-dry-run-counts-what-would-go-and-deletes-nothing",
            "retention/a-dry-run-of-a-retention-counts-what-would-go-and-takes-nothing"),
        ["lets late batches in"] = Capable(
            s => new CapableStore(s) { ForgetsDeletions = true }, "deletions/late-batches-do-not-bring-back-what-was-deleted-and-later-sightings-count"),
        ["keeps out for ever"] = Capable(
            s => new CapableStore(s) { Scope = c => c with { To = c.To ?? long.MaxValue } }, "deletions/late-batches-do-not-bring-back-what-was-deleted-and-later-sightings-count"),
        ["never keeps out for ever"] = Capable(
            s => new CapableStore(s) { Scope = c => c with { To = c.To == long.MaxValue ? null : c.To } }, "deletions/a-deletion-for-ever-keeps-later-sightings-out"),
        ["ignores when a deletion begins"] = Capable(
            s => new CapableStore(s) { Scope = c => c with { From = c.From is null ? null : 0 } }, "deletions/a-deletion-by-time-takes-whole-intervals-and-marks-what-it-had-to-cut.4"),
        ["cuts without saying so"] = Capable(
            s => new CapableStore(s) { Page = p => new() { Rows = p.Rows, Completeness = p.Completeness is null ? null : Completeness.Exact, AsOf = p.AsOf } },
            "deletions/a-deletion-by-time-takes-whole-intervals-and-marks-what-it-had-to-cut"),
        ["deletes what all sensors saw"] = Capable(
            s => new CapableStore(s) { Scope = c => c with { Sensor = null, From = c.From ?? 0 } }, "deletions/a-deletion-by-sensor-takes-what-it-alone-saw"),
        ["leaves what points to the subtree"] = Capable(
            s => new CapableStore(s) { Scope = c => c with { IncludeTargets = false } }, "deletions/a-deletion-with-targets-takes-the-sets-that-point-into-the-subtree"),
        ["deletes under the feet of readers"] = Capable(s => new CapableStore(s) { HasNoSnapshots = true }, "deletions/a-walk-that-began-before-a-deletion-goes-on-undisturbed"),
        ["loses long sets"] = Capable(
            s => new CapableStore(s) { Page = p => With(p, row => row.Rdata[0].Canonical.Length < 100) }, "deletions/long-sets-that-are-still-needed-stay-whole"),
        ["does not unite deletions"] = Capable(s => new CapableStore(s) { NotesOnly = true }, "deletions/deletions-of-another-store-are-united-by-their-ids"),
        ["takes anything"] = Capable(
            s => new CapableStore(s) { TakesAnything = true }, "deletions/a-malformed-scope-is-refused", "retention/a-malformed-policy-is-refused",
            "summaries/names-are-not-listed-where-they-stand-in-no-order"),
        ["forgets deletions at its end"] = Durable(
            DurabilityFault.ForgetsDeletions, "deletions/deletions-are-in-force-when-a-closed-store-is-opened-again", "deletions/deletions-are-in-force-when-a-killed-store-is-opened-again"),
        ["lets the last rule decide"] = Capable(s => new CapableStore(s) { Policy = p => new([.. p.Rules.Reverse()]) }, "retention/the-first-rule-that-is-about-a-row-decides"),
        ["counts ages from the first sighting"] = Capable(
            s => new CapableStore(s) { Policy = p => p.Rules.Count == 1 ? RetentionPolicy.OfAge(TimeSpan.Zero) : p }, "retention/retention-looks-at-merged-rows-and-leaves-no-tombstone"),
        ["buries what it retained"] = Capable(s => new CapableStore(s) { BuriesRetained = true }, "retention/retention-looks-at-merged-rows-and-leaves-no-tombstone"),
        ["counts wrong"] = Capable(
            s => new CapableStore(s) { Summary = a => a with { Rows = a.Rows + 1 } }, "summaries/a-summary-agrees-with-the-rows-of-its-answer", "summaries/truncated-summaries-add-up-to-the-whole"),
        ["lists names of other types"] = Capable(
            s => new CapableStore(s) { NamesQuery = q => q with { Types = TypeSelection.All } }, "summaries/each-name-of-an-answer-is-listed-once-and-in-order"),
        ["backs up all but the last batch"] = Durable(
            DurabilityFault.BacksUpAllButTheLast, "backups/a-backup-is-restored-with-everything-that-was-acknowledged"),
        ["backs up half batches"] = Durable(DurabilityFault.BacksUpHalfBatches, "backups/a-backup-that-is-made-while-batches-come-in-holds-whole-batches"),
        ["restores what was deleted"] = Durable(DurabilityFault.RestoresWhatWasDeleted, "backups/a-restored-backup-honours-deletions-that-were-made-after-it"),
        ["backs up over other files"] = Durable(DurabilityFault.BacksUpOverOtherFiles, "backups/a-backup-into-a-directory-with-something-in-it-is-refused"),
        ["loses the last batch when killed"] = Durable(DurabilityFault.LosesTheLastBatchWhenKilled, "durability/what-was-acknowledged-is-there-when-a-killed-store-is-opened-again"),
        ["loses the last batch when closed"] = Durable(
            DurabilityFault.LosesTheLastBatchWhenClosed, "durability/what-was-acknowledged-is-there-when-a-closed-store-is-opened-again", "durability/answers-are-the-same-after-many-ends"),
        ["forgets batch ids"] = Durable(DurabilityFault.ForgetsBatchIds, "durability/a-batch-counts-once-over-the-ends-of-its-store"),
        ["cannot open an empty store"] = Durable(DurabilityFault.CannotOpenAnEmptyStore, "durability/an-empty-store-can-be-opened-again"),
        ["forgets the gap"] = Durable(DurabilityFault.ForgetsTheGap, "durability/the-interval-gap-of-a-store-stays"),
    };

    private static Fault Capable(Func<MemoryObservationStore, IObservationStore> fault, params string[] about) =>
        new(() => new MemoryFixture(right => fault((MemoryObservationStore)right)), about, one => one.Capability is not null && !one.NeedsDurability);

    private static Fault Memory(Func<IObservationStore, IObservationStore> fault, params string[] about) => new(() => new MemoryFixture(fault), about, one => one.Capability is null && !one.NeedsDurability);

    private static RecordPage With(RecordPage page, Func<Observation, bool> keep)
    {
        ObservationRows kept = new();
        foreach (ObservationRow row in page.Rows)
        {
            if (keep(row.ToObservation())) kept.Add(row);
        }

        return new() { Rows = kept, Completeness = page.Completeness, Continuation = page.Continuation, AsOf = page.AsOf };
    }

    private static Fault Durable(DurabilityFault fault, params string[] about) =>
        new(() => new DurableFixture(fault), about, one => one.NeedsDurability || one.Capability == typeof(IStoreBackup));
}
