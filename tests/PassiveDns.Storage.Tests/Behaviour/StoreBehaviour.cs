namespace PassiveDns.Storage.Tests;

/// <summary>What every store must do. A test class per store derives from the classes in this folder and says how to open one.</summary>
public abstract partial class StoreBehaviour : IAsyncDisposable
{
    private readonly List<IObservationStore> _stores = [];

    /// <summary>Whether the store can count few rows exactly.</summary>
    protected virtual bool CountsExactly => true;

    protected abstract IObservationStore Open(TimeSpan intervalGap);

    private IObservationStore NewStore(TimeSpan? intervalGap = null)
    {
        IObservationStore store = Open(intervalGap ?? SightingHistory.DefaultIntervalGap);
        _stores.Add(store);
        return store;
    }

    private async Task<IObservationStore> StoreWith(BatchBuilder rows)
    {
        IObservationStore store = NewStore();
        Assert.Equal(WriteResult.Applied, await store.WriteAsync(rows.Build(1)));
        return store;
    }

    private static DomainName Name(string text) => DomainName.Parse(text);

    public virtual async ValueTask DisposeAsync()
    {
        foreach (IObservationStore store in _stores) await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
