namespace PassiveDns.Aggregation;

/// <summary>Negative evidence of one sensor and one window: a stream of its own, which is never mixed with observations.</summary>
/// <param name="id">The id: sequence numbers count apart from those of <see cref="ObservationBatch"/>.</param>
/// <param name="items">The evidence in the canonical order of the names; no name, type and zone twice.</param>
public sealed class NegativeEvidenceBatch(BatchId id, IReadOnlyList<NegativeEvidence> items)
{
    /// <summary>The id.</summary>
    public BatchId Id { get; } = id;

    /// <summary>The evidence.</summary>
    public IReadOnlyList<NegativeEvidence> Items { get; } = items;
}
