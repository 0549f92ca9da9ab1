using System.Threading.Channels;

namespace PassiveDns.Events;

/// <summary>A bounded queue of the events that one subscriber selected. Dispose it to hear no more.</summary>
public sealed class FeedSubscription : IDisposable
{
    private readonly ObservationFeed _feed;
    private readonly EventMatcher _matcher;
    private readonly Channel<ObservationEvent> _events;
    private readonly bool _waits;
    private long _offered;
    private long _dropped;

    internal FeedSubscription(ObservationFeed feed, EventSelection selection, int capacity, BoundedChannelFullMode whenFull)
    {
        _feed = feed;
        _matcher = new(selection);
        _waits = whenFull == BoundedChannelFullMode.Wait;
        _events = Channel.CreateBounded<ObservationEvent>(new BoundedChannelOptions(capacity) { FullMode = whenFull, SingleWriter = true }, _ => CountDropped());
    }

    /// <summary>The events, in the order in which their batches were written. It completes when the subscription or the feed is disposed.</summary>
    public ChannelReader<ObservationEvent> Reader => _events.Reader;

    /// <summary>Events that this subscriber has read or can still read.</summary>
    public long Delivered => Interlocked.Read(ref _offered) - Dropped;

    /// <summary>Events that this subscriber lost because it did not read in time.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Ends the subscription; what is in the queue can still be read.</summary>
    public void Dispose()
    {
        _events.Writer.TryComplete();
        _feed.Remove(this);
    }

    internal bool Includes(ObservationEvent happened) => _matcher.Includes(happened);

    /// <summary>Puts an event into the queue. Only a subscriber that chose to be waited for is waited for, and only until the token ends it.</summary>
    internal async ValueTask OfferAsync(ObservationEvent happened, CancellationToken endOfPatience)
    {
        Interlocked.Increment(ref _offered);
        _feed.CountOffered();
        if (_events.Writer.TryWrite(happened)) return;
        try
        {
            if (_waits)
            {
                await _events.Writer.WriteAsync(happened, endOfPatience).ConfigureAwait(false);
                return;
            }
        }
        catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
        {
            // The subscriber has gone, or the pipeline ends: counted below.
        }

        CountDropped();
    }

    private void CountDropped()
    {
        Interlocked.Increment(ref _dropped);
        _feed.CountDropped();
    }
}
