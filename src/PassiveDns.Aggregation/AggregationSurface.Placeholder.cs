// Stands in for the aggregation room until it lands, so that what builds on its surface compiles. It observes nothing.
#pragma warning disable CS1591, CA1822, CA1716
using System.Diagnostics.CodeAnalysis;

namespace PassiveDns.Aggregation;

public sealed record AggregationOptions
{
    public SensorId Sensor { get; init; }

    public ulong Epoch { get; init; }
}

public sealed record AggregationReport
{
    public long Responses { get; init; }

    public required IReadOnlyList<StageCount> Account { get; init; }
}

public sealed class ResponseAggregator(AggregationOptions options)
{
    private long _responses;

    public AggregationOptions Options { get; } = options;

    public void Add(scoped in CapturedResponse response) => _responses++;

    public bool TryTake([NotNullWhen(true)] out ObservationBatch? batch)
    {
        batch = null;
        return false;
    }

    public void Complete()
    {
    }

    public AggregationReport GetReport() => new() { Responses = _responses, Account = [] };
}
