namespace PassiveDns.Storage.Conformance;

/// <summary>One case under way: the stores it opened, and the cases themselves, area by area.</summary>
internal sealed partial class CaseRun(StoreFixture fixture, CancellationToken cancellationToken)
{
    private readonly List<IObservationStore> _stores = [];

    public async Task CloseAsync()
    {
        foreach (IObservationStore store in _stores) await store.DisposeAsync();
    }

    private async Task<IObservationStore> NewStoreAsync(TimeSpan? intervalGap = null)
    {
        IObservationStore store = await fixture.OpenAsync(intervalGap ?? SightingHistory.DefaultIntervalGap, cancellationToken);
        _stores.Add(store);
        return store;
    }

    private async Task<IObservationStore> ReopenAsync(IObservationStore store, StoreEnd end)
    {
        _stores.Remove(store);
        IObservationStore next = await fixture.ReopenAsync(store, end, cancellationToken);
        _stores.Add(next);
        return next;
    }

    private async Task<IObservationStore> StoreWith(BatchBuilder rows)
    {
        IObservationStore store = await NewStoreAsync();
        Expect.Equal(WriteResult.Applied, await store.WriteAsync(rows.Build(1), cancellationToken));
        return store;
    }

    private static IEnumerable<ConformanceCase> Each<T>(string area, string requirement, Func<CaseRun, T, Task> run, T[] variants, Type? capability = null) =>
        variants.Select((given, i) => new ConformanceCase(area, requirement, caseRun => run(caseRun, given), i + 1, capability: capability));

    /// <summary>What a store offers beside reading and writing; the case is skipped if it does not.</summary>
    private static T Offered<T>(IObservationStore store)
        where T : class => store as T ?? throw new NotOfferedException();

    private static async Task CompactAsync(IObservationStore store)
    {
        if (store is IStoreMaintenance maintenance) await maintenance.CompactAsync();
    }

    private static DomainName Name(string text) => DomainName.Parse(text);
}
