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

    private static IEnumerable<ConformanceCase> Each<T>(string area, string requirement, Func<CaseRun, T, Task> run, T[] variants) =>
        variants.Select((given, i) => new ConformanceCase(area, requirement, caseRun => run(caseRun, given), i + 1));

    private static DomainName Name(string text) => DomainName.Parse(text);
}
