namespace PassiveDns.Storage.Conformance.Tests;

/// <summary>A store that is right in all but one thing: each fault overrides the one method that it breaks.</summary>
internal class FaultyStore(IObservationStore right) : IObservationStore
{
    protected IObservationStore Right { get; } = right;

    protected virtual bool Closes => true;

    public virtual ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default) =>
        Right.WriteAsync(batch, cancellationToken);

    public virtual ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default) =>
        Right.GetLastBatchAsync(sensor, cancellationToken);

    public virtual IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
        Right.ReadAsync(query, cancellationToken);

    public virtual ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default) => Right.GetStatusAsync(cancellationToken);

    public ValueTask DisposeAsync() => Closes ? Right.DisposeAsync() : ValueTask.CompletedTask;

    protected static ObservationRows Where(ObservationRows rows, Func<Observation, bool> keep)
    {
        ObservationRows kept = new();
        foreach (ObservationRow row in rows)
        {
            if (keep(row.ToObservation())) kept.Add(row);
        }

        return kept;
    }

    protected static RecordPage With(RecordPage page, ObservationRows rows) =>
        new() { Rows = rows, Completeness = page.Completeness, Continuation = page.Continuation, AsOf = page.AsOf };
}
