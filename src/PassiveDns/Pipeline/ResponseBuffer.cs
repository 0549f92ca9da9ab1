using PassiveDns.Aggregation;
using PassiveDns.Capture;

namespace PassiveDns;

/// <summary>A buffer that hops between the task that reads and the one that aggregates.</summary>
internal sealed class ResponseBuffer(ResponseAggregator aggregator)
{
    private readonly DissectedResponses _dissected = new(aggregator);

    /// <summary>What was read.</summary>
    public MessageBatch Messages { get; } = new();

    /// <summary>Takes what was read apart, so that the aggregator need not.</summary>
    public void Dissect() => _dissected.Dissect(Messages);

    /// <summary>Lets the aggregator take all in, apart or not, and empties the buffer.</summary>
    public void Empty()
    {
        if (_dissected.Responses is null) aggregator.AddAll(Messages);
        else aggregator.AddAll(_dissected);
        _dissected.Clear();
        Messages.Clear();
    }
}
