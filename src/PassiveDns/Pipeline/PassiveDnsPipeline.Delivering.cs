using System.Threading.Channels;
using PassiveDns.Aggregation;

namespace PassiveDns;

public sealed partial class PassiveDnsPipeline
{
    // What is handed on is packed and written while the aggregator goes on. Once is worked on, once may wait; the next time the aggregator does. So little is
    // enough, since once is mostly a whole window, and so much can be too much: half of the aggregator's budget.
    private const int MaxWaiting = 1;

    private readonly Channel<long> _handedOn = Channel.CreateBounded<long>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, SingleWriter = true });
    private long _told;

    /// <summary>Tells the writing task that the aggregator has handed something on, if it has, and waits if too much of it has not been taken yet.</summary>
    /// <param name="delivering">That task; if it failed, its failure is thrown.</param>
    private async ValueTask TellHandedOnAsync(Task delivering)
    {
        long handedOn = _aggregator.HandedOn;
        if (handedOn == _told) return;
        _told = handedOn;
        if (_handedOn.Writer.TryWrite(handedOn)) return;
        try
        {
            await _handedOn.Writer.WriteAsync(handedOn).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            await delivering.ConfigureAwait(false);
        }
    }

    /// <summary>Takes what is handed on and writes it, in its order, until there is no more. A failure ends the run in order.</summary>
    private async Task DeliverOrHaltAsync(CancellationTokenSource halt)
    {
        try
        {
            await foreach (long _ in _handedOn.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                while (_aggregator.TryTake(out ObservationBatch? batch)) await _delivery.DeliverAsync(batch, halt.Token).ConfigureAwait(false);
                while (_aggregator.TryTakeChaff(out ObservationBatch? chaff)) await _delivery.DeliverChaffAsync(chaff).ConfigureAwait(false);
                while (_aggregator.TryTakeNegativeEvidence(out NegativeEvidenceBatch? negatives)) await _options.NegativeEvidence!(negatives).ConfigureAwait(false);
            }
        }
        catch
        {
            _handedOn.Writer.TryComplete(); // nobody writes any more, so that nobody must wait for that
            await halt.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }
}
