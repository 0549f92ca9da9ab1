namespace PassiveDns.Storage.Conformance;

internal sealed partial class CaseRun
{
    internal static ConformanceCase[] Retention =>
    [
        Retaining("Rows that were not seen for longer than the policy says are gone", static run => run.RowsThatWereNotSeenForLongerThanThePolicySaysAreGone()),
        Retaining("The first rule that is about a row decides", static run => run.TheFirstRuleThatIsAboutARowDecides()),
        Retaining("A dry run of a retention counts what would go and takes nothing", static run => run.ADryRunOfARetentionCountsWhatWouldGoAndTakesNothing()),
        Retaining("Retention looks at merged rows and leaves no tombstone", static run => run.RetentionLooksAtMergedRowsAndLeavesNoTombstone()),
        Retaining("A malformed policy is refused", static run => run.AMalformedPolicyIsRefused()),
    ];

    private static ConformanceCase Retaining(string requirement, Func<CaseRun, Task> run) => new("retention", requirement, run, capability: typeof(IStoreRetention));

    private async Task RowsThatWereNotSeenForLongerThanThePolicySaysAreGone()
    {
        long now = s_now.ToUnixTimeSeconds();
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("old.example", "A", "192.0.2.1", 5, now - 30 * Day - 1).Add("edge.example", "A", "192.0.2.1", 5, now - 30 * Day)
            .Add("old.example", "TXT", LongText('x'), 5).Add("new.example", "TXT", LongText('x'), now).Add("old.example", "NS", "ns.dns.example.", 5)
            .Add("old.example", "DS", "1 13 99 00", 5).Add("old.example", "A", "192.0.2.9", 5, provenance: Provenance.Unverified));
        RemovalReport report = await Offered<IStoreRetention>(store).RetainAsync(RetentionPolicy.OfAge(TimeSpan.FromDays(30)), s_now, null, cancellationToken);
        Expect.Equal((7L, 5L, 0L), (report.Rows, report.Removed, report.Changed));
        Expect.Null(report.Deletion);
        List<Observation> rows = await RowsOfEveryKeyspaceAsync(store);
        Expect.Equal(["edge.example. A 192.0.2.1", $"new.example. TXT {LongText('x')}"], rows.Select(Answer.Text).Distinct());
        await CompactAsync(store);
        Expect.Equal(rows, await RowsOfEveryKeyspaceAsync(store));
    }

    private async Task TheFirstRuleThatIsAboutARowDecides()
    {
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("kept.example", "A", "192.0.2.1", 1).Add("www.kept.example", "A", "192.0.2.1", 1).Add("unkept.example", "A", "192.0.2.1", 1)
            .Add("a.example", "TXT", "\"x\"", 95 * Day).Add("b.example", "TXT", "\"x\"", 80 * Day)
            .Add("c.example", "A", "192.0.2.1", 95 * Day, provenance: Provenance.Unverified).Add("d.example", "A", "192.0.2.1", 95 * Day));
        RetentionPolicy policy = new(
        [
            new(TimeSpan.FromDays(10_000)) { Subtree = Name("kept.example") },
            new(TimeSpan.FromDays(10)) { Types = TypeSelection.Of(RecordType.TXT) },
            new(TimeSpan.FromDays(1)) { Provenance = ProvenanceSelection.Unverified | ProvenanceSelection.Probe },
            new(TimeSpan.FromDays(50)) { Types = TypeSelection.Of(RecordType.A) },
        ]);
        await Offered<IStoreRetention>(store).RetainAsync(policy, s_now, null, cancellationToken);
        Answer answer = await Answer.ReadAsync(store, s_everything with { Types = TypeSelection.All, Provenance = ProvenanceSelection.All }, cancellationToken);
        Expect.Equal(["a.example.", "d.example.", "kept.example.", "www.kept.example."], answer.Rows.Select(row => row.RrName.ToString()));
    }

    private async Task ADryRunOfARetentionCountsWhatWouldGoAndTakesNothing()
    {
        IObservationStore store = await WorldAsync();
        List<Observation> before = await RowsOfEveryKeyspaceAsync(store);
        RetentionPolicy policy = new([new(TimeSpan.FromDays(1)) { Types = TypeSelection.Of(RecordType.A, RecordType.TXT) }]);
        RemovalReport would = await Offered<IStoreRetention>(store).RetainAsync(policy, s_now, new() { DryRun = true }, cancellationToken);
        Expect.Equal(before, await RowsOfEveryKeyspaceAsync(store));
        RemovalReport did = await Offered<IStoreRetention>(store).RetainAsync(policy, s_now, null, cancellationToken);
        Expect.Equal((9L, 4L), (would.Rows, would.Removed));
        Expect.Equal((would.Rows, would.Removed), (did.Rows, did.Removed));
    }

    private async Task RetentionLooksAtMergedRowsAndLeavesNoTombstone()
    {
        IObservationStore store = await StoreWith(new BatchBuilder().Add("merged.example", "A", "192.0.2.1", 1, count: 3).Add("gone.example", "A", "192.0.2.1", 1, count: 3));
        await store.WriteAsync(new BatchBuilder().Add("merged.example", "A", "192.0.2.1", 99 * Day, count: 4).Build(2), cancellationToken);
        RetentionPolicy policy = RetentionPolicy.OfAge(TimeSpan.FromDays(30));
        await Offered<IStoreRetention>(store).RetainAsync(policy, s_now, null, cancellationToken);
        Observation kept = Expect.Single((await Answer.ReadAsync(store, s_everything)).Rows);
        Expect.Equal((1L, 99 * Day, 7L), (kept.History.FirstSeen, kept.History.LastSeen, kept.History.Count));
        await store.WriteAsync(new BatchBuilder().Add("gone.example", "A", "192.0.2.1", 2, count: 5).Build(3), cancellationToken);
        Expect.Equal(5L, Expect.Single((await Answer.ReadAsync(store, new QueryAnchor.OwnerName(Name("gone.example")))).Rows).History.Count);
        RemovalReport again = await Offered<IStoreRetention>(store).RetainAsync(policy, s_now, null, cancellationToken);
        Expect.Equal((2L, 1L), (again.Rows, again.Removed));
    }

    private async Task AMalformedPolicyIsRefused()
    {
        IStoreRetention store = Offered<IStoreRetention>(await WorldAsync());
        await Expect.ThrowsAsync<ArgumentException>(() => store.RetainAsync(new([]), s_now, null, cancellationToken).AsTask());
        await Expect.ThrowsAsync<ArgumentException>(() => store.RetainAsync(RetentionPolicy.OfAge(TimeSpan.FromDays(-1)), s_now, null, cancellationToken).AsTask());
    }
}
