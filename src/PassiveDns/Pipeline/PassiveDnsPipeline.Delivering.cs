using System.Threading.Channels;
using PassiveDns.Aggregation;

namespace PassiveDns;

public sealed partial class PassiveDnsPipeline
{
    // What is finished is written while the aggregator goes on, but no more than so much of it waits: a batch of default size has some ten MB.
    private const int MaxFinished = 4;

    private readonly Channel<Finished> _finished = Channel.CreateBounded<Finished>(new BoundedChannelOptions(MaxFinished) { SingleReader = true, SingleWriter = true });

    /// <summary>Hands on what the aggregator has finished, and waits if too much of it has not been written yet.</summary>
    /// <param name="delivering">The task that writes; if it failed, its failure is thrown.</param>
    private async ValueTask HandOnFinishedAsync(Task delivering)
    {
        while (TryTakeFinished(out Finished next))
        {
            if (_finished.Writer.TryWrite(next)) continue;
            try
            {
                await _finished.Writer.WriteAsync(next).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                await delivering.ConfigureAwait(false);
            }
        }
    }

    private bool TryTakeFinished(out Finished next)
    {
        next = _aggregator.TryTake(out ObservationBatch? batch) ? new() { Batch = batch }
            : _aggregator.TryTakeChaff(out ObservationBatch? chaff) ? new() { Chaff = chaff }
            : _aggregator.TryTakeNegativeEvidence(out NegativeEvidenceBatch? negatives) ? new() { Negatives = negatives }
            : default;
        return next != default;
    }

    /// <summary>Writes what is handed on, in its order, until there is no more. A failure ends the run in order.</summary>
    private async Task DeliverOrHaltAsync(CancellationTokenSource halt)
    {
        try
        {
            await foreach (Finished next in _finished.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                if (next.Batch is { } batch) await _delivery.DeliverAsync(batch, halt.Token).ConfigureAwait(false);
                else if (next.Chaff is { } chaff) await _delivery.DeliverChaffAsync(chaff).ConfigureAwait(false);
                else await _options.NegativeEvidence!(next.Negatives!).ConfigureAwait(false);
            }
        }
        catch
        {
            _finished.Writer.TryComplete(); // nobody writes any more, so that nobody must wait for that
            await halt.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>One of its members.</summary>
    private readonly record struct Finished(ObservationBatch? Batch, ObservationBatch? Chaff, NegativeEvidenceBatch? Negatives);
}
