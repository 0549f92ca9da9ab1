namespace PassiveDns.Storage.Conformance;

internal sealed partial class CaseRun
{
    internal static ConformanceCase[] Deletions =>
    [
        Deleting("A deleted subtree is in no answer and the rest stays", static run => run.ADeletedSubtreeIsInNoAnswerAndTheRestStays()),
        Deleting("A dry run counts what would go and deletes nothing", static run => run.ADryRunCountsWhatWouldGoAndDeletesNothing()),
        Deleting("Late batches do not bring back what was deleted and later sightings count", static run => run.LateBatchesDoNotBringBackWhatWasDeletedAndLaterSightingsCount()),
        Deleting("A deletion for ever keeps later sightings out", static run => run.ADeletionForEverKeepsLaterSightingsOut()),
        .. Each<(long? From, long? To, string Left, bool IsCut)>("deletions", "A deletion by time takes whole intervals and marks what it had to cut",
            static (run, given) => run.ADeletionByTimeTakesWholeIntervalsAndMarksWhatItHadToCut(given.From, given.To, given.Left, given.IsCut),
        [
            (0, 9 * Day, "10-11x10 30-39x100", false),
            (10 * Day, 11 * Day, "0-1x5 30-39x100", false),
            (null, 11 * Day, "30-39x100", false),
            (12 * Day, 29 * Day, "0-1x5 10-11x10 30-39x100", false),
            (0, 99 * Day, "", false),
            (35 * Day, 99 * Day, "0-1x5 10-11x10 30-34x50", true),
            (0, 35 * Day - 1, "35-39x50", true),
            (33 * Day, 37 * Day - 1, "0-1x5 10-11x10 30-32x30 37-39x30", true),
        ], typeof(IStoreDeletion)),
        Deleting("A deletion by sensor takes what it alone saw", static run => run.ADeletionBySensorTakesWhatItAloneSaw()),
        Deleting("A deletion with targets takes the sets that point into the subtree", static run => run.ADeletionWithTargetsTakesTheSetsThatPointIntoTheSubtree()),
        Deleting("A walk that began before a deletion goes on undisturbed", static run => run.AWalkThatBeganBeforeADeletionGoesOnUndisturbed()),
        Deleting("Long sets that are still needed stay whole", static run => run.LongSetsThatAreStillNeededStayWhole()),
        Deleting("Deletions of another store are united by their ids", static run => run.DeletionsOfAnotherStoreAreUnitedByTheirIds()),
        Deleting("A malformed scope is refused", static run => run.AMalformedScopeIsRefused()),
        .. Enum.GetValues<StoreEnd>().Select(end => new ConformanceCase(
            "deletions", $"Deletions are in force when a {end.ToString().ToLowerInvariant()} store is opened again", run => run.DeletionsAreInForceWhenAStoreIsOpenedAgain(end),
            needsDurability: true, capability: typeof(IStoreDeletion))),
    ];

    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(100 * Day);

    private static ConformanceCase Deleting(string requirement, Func<CaseRun, Task> run) => new("deletions", requirement, run, capability: typeof(IStoreDeletion));

    /// <summary>Rows of every keyspace below and beside example.com, in two batches.</summary>
    private async Task<IObservationStore> WorldAsync()
    {
        IObservationStore store = await StoreWith(World(1));
        await store.WriteAsync(World(20 * Day).Build(2), cancellationToken);
        return store;
    }

    private static BatchBuilder World(long at) => new BatchBuilder()
        .Add("example.com", "NS", "ns1.dns.example.|ns2.dns.example.", at).Add("example.com", "MX", "10 mail.example.com.", at)
        .Add("www.example.com", "A", "192.0.2.1", at).Add("www.example.com", "TXT", LongText('x'), at).Add("badexample.com", "A", "192.0.2.1", at)
        .Add("example.net", "CNAME", "www.example.com.", at).Add("example.net", "TXT", LongText('x'), at).Add("example.com", "DS", "1 13 99 00", at)
        .Add("a.b.example.com", "AAAA", "2001:db8::1", at);

    private static string LongText(char letter) => $"\"{new string(letter, 120)}\"";

    private static readonly QueryAnchor[] s_everyKeyspace =
    [
        new QueryAnchor.Everything(), new QueryAnchor.Subtree(DomainName.Root), new QueryAnchor.Target(DomainName.Root, true), QueryAnchor.Network(System.Net.IPNetwork.Parse("0.0.0.0/0")),
        QueryAnchor.Network(System.Net.IPNetwork.Parse("::/0")), new QueryAnchor.RawRdata(RecordType.TXT, default, IsPrefix: true), new QueryAnchor.NamePrefix(DomainName.Parse("www")),
        new QueryAnchor.FirstSeen(0, 99 * Day), new QueryAnchor.Changed(0, 99 * Day),
    ];

    private async Task<List<Observation>> RowsOfEveryKeyspaceAsync(IObservationReader store)
    {
        List<Observation> rows = [];
        foreach (QueryAnchor anchor in s_everyKeyspace)
        {
            rows.AddRange((await Answer.ReadAsync(store, new ObservationQuery(anchor) { Types = TypeSelection.All, Provenance = ProvenanceSelection.All }, cancellationToken)).Rows);
        }

        return rows;
    }

    private async Task ADeletedSubtreeIsInNoAnswerAndTheRestStays()
    {
        IObservationStore store = await WorldAsync();
        List<Observation> before = await RowsOfEveryKeyspaceAsync(store);
        Observation[] rest = [.. before.Where(row => !row.RrName.IsAtOrUnder(Name("example.com")))];
        Expect.True(rest.Length > 0 && rest.Length < before.Count);
        RemovalReport report = await Offered<IStoreDeletion>(store).DeleteAsync(new() { Subtree = Name("example.com") }, s_now, null, cancellationToken);
        Expect.Equal((6L, 0L), (report.Removed, report.Changed));
        Expect.True(report.Rows >= report.Removed);
        Expect.Equal(rest, await RowsOfEveryKeyspaceAsync(store));
        await CompactAsync(store);
        Expect.Equal(rest, await RowsOfEveryKeyspaceAsync(store));
        Deletion kept = Expect.Single(await Offered<IStoreDeletion>(store).GetDeletionsAsync(cancellationToken));
        Expect.Equal(report.Deletion!.Id, kept.Id);
        Expect.True(kept.Covers(Name("www.example.com")) && !kept.Covers(Name("badexample.com")) && !kept.Covers(Name("com")));
    }

    private async Task ADryRunCountsWhatWouldGoAndDeletesNothing()
    {
        IObservationStore store = await WorldAsync();
        List<Observation> before = await RowsOfEveryKeyspaceAsync(store);
        IStoreDeletion deletion = Offered<IStoreDeletion>(store);
        DeletionScope scope = new() { Subtree = Name("example.com"), IncludeTargets = true };
        RemovalReport would = await deletion.DeleteAsync(scope, s_now, new() { DryRun = true }, cancellationToken);
        Expect.Null(would.Deletion);
        Expect.Equal(before, await RowsOfEveryKeyspaceAsync(store));
        Expect.Empty(await deletion.GetDeletionsAsync(cancellationToken));
        RemovalReport did = await deletion.DeleteAsync(scope, s_now, null, cancellationToken);
        Expect.Equal((9L, 7L, 0L), (would.Rows, would.Removed, would.Changed));
        Expect.Equal((would.Rows, would.Removed, would.Changed), (did.Rows, did.Removed, did.Changed));
    }

    private async Task LateBatchesDoNotBringBackWhatWasDeletedAndLaterSightingsCount()
    {
        IObservationStore store = await WorldAsync();
        await Offered<IStoreDeletion>(store).DeleteAsync(new() { Subtree = Name("example.com") }, s_now, null, cancellationToken);
        List<Observation> before = await RowsOfEveryKeyspaceAsync(store);
        BatchBuilder late = new BatchBuilder("other").Add("www.example.com", "A", "192.0.2.1", 20 * Day).Add("new.example.com", "NS", "ns1.dns.example.", 99 * Day);
        Expect.Equal(WriteResult.Applied, await store.WriteAsync(late.Build(1), cancellationToken));
        Expect.Equal(before, await RowsOfEveryKeyspaceAsync(store));
        Expect.Equal(2L, (await store.GetStatusAsync(cancellationToken)).RefusedRows);
        Expect.Equal(WriteResult.AlreadyApplied, await store.WriteAsync(late.Build(1), cancellationToken));
        BatchBuilder mixed = new BatchBuilder("other").Add("www.example.com", "A", "192.0.2.1", 20 * Day).Add("www.example.com", "A", "192.0.2.7", 101 * Day).Add("other.example", "A", "192.0.2.1", 5);
        Expect.Equal(WriteResult.Applied, await store.WriteAsync(mixed.Build(2), cancellationToken));
        await CompactAsync(store);
        Expect.Equal(["www.example.com. A 192.0.2.7"], (await Answer.ReadAsync(store, new QueryAnchor.Subtree(Name("example.com")))).Texts);
        Expect.Equal(["other.example. A 192.0.2.1"], (await Answer.ReadAsync(store, new QueryAnchor.OwnerName(Name("other.example")))).Texts);
        Expect.Equal(new BatchId(new("other"), 1, 2), await store.GetLastBatchAsync(new("other"), cancellationToken));
    }

    private async Task ADeletionForEverKeepsLaterSightingsOut()
    {
        IObservationStore store = await WorldAsync();
        await Offered<IStoreDeletion>(store).DeleteAsync(new() { Subtree = Name("example.com"), To = long.MaxValue }, s_now, null, cancellationToken);
        await store.WriteAsync(World(5_000 * Day).Build(3), cancellationToken);
        Expect.Empty((await Answer.ReadAsync(store, new QueryAnchor.Subtree(Name("example.com")))).Rows);
        Expect.True((await Answer.ReadAsync(store, new QueryAnchor.OwnerName(Name("badexample.com")))).Rows[0].History.LastSeen == 5_000 * Day);
    }

    private async Task ADeletionByTimeTakesWholeIntervalsAndMarksWhatItHadToCut(long? from, long? to, string left, bool isCut)
    {
        // the last interval has ten whole days, so that shares come out even
        IObservationStore store = await StoreWith(new BatchBuilder()
            .Add("example.com", "A", "192.0.2.1", 0, Day, 5).Add("example.com", "A", "192.0.2.1", 10 * Day, 11 * Day, 10)
            .Add("example.com", "A", "192.0.2.1", 30 * Day, 40 * Day - 1, 100));
        await Offered<IStoreDeletion>(store).DeleteAsync(new() { From = from, To = to }, s_now, null, cancellationToken);
        await CompactAsync(store);
        foreach (QueryAnchor anchor in new[] { s_example, QueryAnchor.Network(System.Net.IPNetwork.Parse("192.0.2.0/24")) })
        {
            Answer answer = await Answer.ReadAsync(store, anchor);
            Expect.Equal(left, string.Join(' ', answer.Rows.SelectMany(row => row.History.Intervals).Select(i => $"{i.First / Day}-{i.Last / Day}x{i.Count}")));
            Expect.Equal(isCut ? Completeness.Estimated : Completeness.Exact, answer.Completeness);
        }
    }

    private async Task ADeletionBySensorTakesWhatItAloneSaw()
    {
        IObservationStore store = await NewStoreAsync();
        IStoreDeletion deletion = Offered<IStoreDeletion>(store);
        await store.WriteAsync(new BatchBuilder("bad").Add("alone.example", "A", "192.0.2.1").Add("both.example", "A", "192.0.2.2").Build(1), cancellationToken);
        await store.WriteAsync(new BatchBuilder("good").Add("both.example", "A", "192.0.2.2", 1_000_010, count: 7).Add("good.example", "A", "192.0.2.3").Build(1), cancellationToken);
        await deletion.DeleteAsync(new() { Sensor = new("bad") }, s_now, null, cancellationToken);
        Expect.Equal(WriteResult.Applied, await store.WriteAsync(new BatchBuilder("bad").Add("late.example", "A", "192.0.2.4").Build(2), cancellationToken));
        await CompactAsync(store);
        Answer answer = await Answer.ReadAsync(store, s_everything);
        Expect.Equal(["both.example. A 192.0.2.2", "good.example. A 192.0.2.3"], answer.Texts);
        // of what both saw a store may know the parts still, or only the sum
        Observation both = answer.Rows[0];
        Expect.Equal([new SensorId("good").Fingerprint], both.History.Witnesses);
        Expect.True(both.History.Count == 7 || (both.History.Count == 8 && both.History.IsCoarsened));
        await store.WriteAsync(new BatchBuilder("bad").Add("mended.example", "A", "192.0.2.4", 200 * Day).Build(3), cancellationToken);
        Expect.Single((await Answer.ReadAsync(store, new QueryAnchor.OwnerName(Name("mended.example")))).Rows);
    }

    private async Task ADeletionWithTargetsTakesTheSetsThatPointIntoTheSubtree()
    {
        IObservationStore store = await WorldAsync();
        await Offered<IStoreDeletion>(store).DeleteAsync(new() { Subtree = Name("dns.example"), IncludeTargets = true }, s_now, null, cancellationToken);
        await CompactAsync(store);
        Expect.Empty((await Answer.ReadAsync(store, new QueryAnchor.Target(Name("dns.example"), true))).Rows);
        Expect.Equal(["example.com. MX 10 mail.example.com."], (await Answer.ReadAsync(store, s_example)).Texts);
        await store.WriteAsync(World(30 * Day).Build(9), cancellationToken);
        Expect.Empty((await Answer.ReadAsync(store, new QueryAnchor.Target(Name("dns.example"), true))).Rows);
    }

    private async Task AWalkThatBeganBeforeADeletionGoesOnUndisturbed()
    {
        IObservationStore store = await StoreWith(Hosts(2_000));
        int rows = 0;
        bool isDeleted = false;
        await foreach (RecordPage page in store.ReadAsync(s_everything, cancellationToken))
        {
            rows += page.Rows.Count;
            if (isDeleted) continue;
            isDeleted = true;
            await Offered<IStoreDeletion>(store).DeleteAsync(new() { Subtree = Name("example.com") }, s_now, null, cancellationToken);
            await CompactAsync(store);
        }

        Expect.Equal(2_000, rows);
        Expect.Empty((await Answer.ReadAsync(store, s_everything)).Rows);
    }

    private async Task LongSetsThatAreStillNeededStayWhole()
    {
        IObservationStore store = await StoreWith(World(1).Add("www.example.com", "TXT", LongText('y'), 2));
        await Offered<IStoreDeletion>(store).DeleteAsync(new() { Subtree = Name("example.com") }, s_now, null, cancellationToken);
        await CompactAsync(store);
        QueryAnchor texts = new QueryAnchor.RawRdata(RecordType.TXT, default, IsPrefix: true);
        Expect.Equal([$"example.net. TXT {LongText('x')}"], (await Answer.ReadAsync(store, texts)).Texts);
        await store.WriteAsync(new BatchBuilder().Add("www.example.com", "TXT", LongText('y'), 101 * Day).Build(2), cancellationToken);
        Expect.Equal([$"example.net. TXT {LongText('x')}", $"www.example.com. TXT {LongText('y')}"], (await Answer.ReadAsync(store, texts)).Texts.Order(StringComparer.Ordinal));
    }

    private async Task DeletionsOfAnotherStoreAreUnitedByTheirIds()
    {
        IObservationStore one = await WorldAsync(), two = await WorldAsync();
        IStoreDeletion first = Offered<IStoreDeletion>(one), second = Offered<IStoreDeletion>(two);
        await first.DeleteAsync(new() { Subtree = Name("www.example.com") }, s_now, new() { Note = "case 17" }, cancellationToken);
        await second.DeleteAsync(new() { Subtree = Name("example.net") }, s_now, null, cancellationToken);
        IReadOnlyList<Deletion> theirs = await first.GetDeletionsAsync(cancellationToken);
        Expect.Equal(1, await second.UniteDeletionsAsync(theirs, cancellationToken));
        Expect.Equal(0, await second.UniteDeletionsAsync(theirs, cancellationToken));
        Expect.Equal(1, await first.UniteDeletionsAsync(await second.GetDeletionsAsync(cancellationToken), cancellationToken));
        await CompactAsync(two);
        Expect.Equal(await RowsOfEveryKeyspaceAsync(one), await RowsOfEveryKeyspaceAsync(two));
        Expect.Empty((await Answer.ReadAsync(two, new QueryAnchor.Subtree(Name("www.example.com")))).Rows);
        Expect.Equal(["", "case 17"], (await second.GetDeletionsAsync(cancellationToken)).Select(deletion => deletion.Note));
    }

    private async Task AMalformedScopeIsRefused()
    {
        IObservationStore store = await WorldAsync();
        IStoreDeletion deletion = Offered<IStoreDeletion>(store);
        foreach (DeletionScope scope in new DeletionScope[] { new(), new() { IncludeTargets = true, From = 1 }, new() { From = 5, To = 4 }, new() { From = -1 } })
        {
            await Expect.ThrowsAsync<ArgumentException>(() => deletion.DeleteAsync(scope, s_now, null, cancellationToken).AsTask());
        }

        Expect.Empty(await deletion.GetDeletionsAsync(cancellationToken));
    }

    private async Task DeletionsAreInForceWhenAStoreIsOpenedAgain(StoreEnd end)
    {
        IObservationStore store = await WorldAsync();
        await Offered<IStoreDeletion>(store).DeleteAsync(new() { Subtree = Name("example.com") }, s_now, null, cancellationToken);
        List<Observation> before = await RowsOfEveryKeyspaceAsync(store);
        store = await ReopenAsync(store, end);
        Expect.Equal(before, await RowsOfEveryKeyspaceAsync(store));
        await store.WriteAsync(World(30 * Day).Build(3), cancellationToken);
        store = await ReopenAsync(store, end);
        Expect.Empty((await Answer.ReadAsync(store, new QueryAnchor.Subtree(Name("example.com")))).Rows);
        await CompactAsync(store);
        store = await ReopenAsync(store, end);
        Expect.Empty((await Answer.ReadAsync(store, new QueryAnchor.Subtree(Name("example.com")))).Rows);
        Expect.Single(await Offered<IStoreDeletion>(store).GetDeletionsAsync(cancellationToken));
    }
}
