using System.Threading.Channels;
using PassiveDns.Capture;

namespace PassiveDns;

public sealed partial class PassiveDnsPipeline
{
    /// <summary>Fills buffers until all sources have ended (<c>true</c>) or a stop is asked for (<c>false</c>).</summary>
    private async Task<bool> ReadAllAsync(CancellationToken stop)
    {
        try
        {
            int buffers = BufferCount + (_options.ReadConcurrently ? Math.Max(_sources.Length - 1, 0) : 0);
            for (int i = 0; i < buffers; i++) _empty.Writer.TryWrite(new(_aggregator));
            if (_options.ReadConcurrently) return await ReadTogetherAsync(stop).ConfigureAwait(false);

            foreach (ICaptureSource source in _sources)
            {
                if (!await ReadToEndAsync(source, stop).ConfigureAwait(false)) return false;
            }

            return true;
        }
        finally
        {
            // Not as a fault of the channel: what was read before a failure is aggregated before the failure is told.
            _filled.Writer.TryComplete();
        }
    }

    private async Task<bool> ReadTogetherAsync(CancellationToken stop)
    {
        // If one source fails, the others stop too: a pipeline that hears only a part of its sensors must not look healthy.
        using CancellationTokenSource all = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task<bool>[] readings = [.. _sources.Select(source => Task.Run(() => ReadOrStopAllAsync(source, all), CancellationToken.None))];
        bool[] ended = await Task.WhenAll(readings).ConfigureAwait(false);
        return Array.TrueForAll(ended, e => e);
    }

    private async Task<bool> ReadOrStopAllAsync(ICaptureSource source, CancellationTokenSource all)
    {
        try
        {
            return await ReadToEndAsync(source, all.Token).ConfigureAwait(false);
        }
        catch
        {
            await all.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Hands a buffer on. While the aggregator is behind, what it would have to do first is done here: so neither task waits for the other for long, whichever has more to do.</summary>
    private void HandOn(ResponseBuffer buffer)
    {
        if (_filled.Reader.Count > 0) buffer.Dissect();
        _filled.Writer.TryWrite(buffer);
    }

    private async Task<bool> ReadToEndAsync(ICaptureSource source, CancellationToken stop)
    {
        bool more = true;
        while (more)
        {
            if (stop.IsCancellationRequested && !_options.DrainOnStop) return false;
            ResponseBuffer buffer;
            try
            {
                // After a stop the aggregator goes on to empty buffers, so that this wait ends; after a failure the channel is closed.
                buffer = await _empty.Reader.ReadAsync(_options.DrainOnStop ? CancellationToken.None : stop).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
            {
                return false;
            }

            try
            {
                // Also with a token that is cancelled already: a live source hands on what it has received, others throw at once.
                more = await source.ReadAsync(buffer.Messages, stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return false;
            }
            finally
            {
                // Also after a stop or a failure: the source has counted what stands in the buffer as handed on.
                HandOn(buffer);
            }
        }

        return !(stop.IsCancellationRequested && _options.DrainOnStop);
    }
}
