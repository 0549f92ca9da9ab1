namespace PassiveDns.Storage.Conformance.Tests;

/// <summary>Takes each delivery for a new batch.</summary>
internal sealed class CountsReplays(IObservationStore right) : FaultyStore(right)
{
    private ulong _sequence;

    public override ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default) =>
        Right.WriteAsync(new(batch.Id with { Sequence = ++_sequence }, batch.Rows), cancellationToken);
}

/// <summary>Knows a batch by its sequence alone.</summary>
internal sealed class ForgetsSensorAndEpoch(IObservationStore right) : FaultyStore(right)
{
    public override ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default) =>
        Right.WriteAsync(new(new(new("s1"), 1, batch.Id.Sequence), batch.Rows), cancellationToken);
}

/// <summary>Takes every batch below the highest one for applied.</summary>
internal sealed class KeepsAHighWaterMark(IObservationStore right) : FaultyStore(right)
{
    public override async ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
    {
        BatchId? last = await Right.GetLastBatchAsync(batch.Id.Sensor, cancellationToken);
        return last is { } id && (id.Epoch, id.Sequence).CompareTo((batch.Id.Epoch, batch.Id.Sequence)) >= 0
            ? WriteResult.AlreadyApplied : await Right.WriteAsync(batch, cancellationToken);
    }
}

/// <summary>Has no place for a batch without rows.</summary>
internal sealed class SkipsEmptyBatches(IObservationStore right) : FaultyStore(right)
{
    public override ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default) =>
        batch.Rows.Count == 0 ? new(WriteResult.Applied) : Right.WriteAsync(batch, cancellationToken);
}

/// <summary>Writes what it can of a batch.</summary>
internal sealed class WritesPartsOfBatches(IObservationStore right) : FaultyStore(right)
{
    private ulong _sequence;

    public override async ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
    {
        foreach (ObservationBatch part in Split(batch)) await Right.WriteAsync(part, cancellationToken);
        return WriteResult.Applied;
    }

    private List<ObservationBatch> Split(ObservationBatch batch)
    {
        List<ObservationBatch> parts = [];
        foreach (ObservationRow row in batch.Rows)
        {
            ObservationRows one = new();
            one.Add(row);
            parts.Add(new(batch.Id with { Sequence = ++_sequence }, one));
        }

        return parts;
    }
}

/// <summary>Has no room for data beyond a kibibyte.</summary>
internal sealed class DropsLargeSets(IObservationStore right) : FaultyStore(right)
{
    public override ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
    {
        ObservationRows small = new();
        foreach (ObservationRow row in batch.Rows)
        {
            if (row.Rdata.Packed.Length <= 1024) small.Add(row);
        }

        return Right.WriteAsync(new(batch.Id, small), cancellationToken);
    }
}

/// <summary>Does not look at the caller's token.</summary>
internal sealed class CannotBeCancelled(IObservationStore right) : FaultyStore(right)
{
    public override ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default) => Right.WriteAsync(batch, CancellationToken.None);

    public override IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) => Right.ReadAsync(query, CancellationToken.None);
}

/// <summary>Counts one row too many.</summary>
internal sealed class MiscountsItsRows(IObservationStore right) : FaultyStore(right)
{
    public override async ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        StoreStatus status = await Right.GetStatusAsync(cancellationToken);
        return status with { Rows = status.Rows + 1 };
    }
}

/// <summary>Goes on after its end.</summary>
internal sealed class NeverCloses(IObservationStore right) : FaultyStore(right)
{
    protected override bool Closes => false;
}
