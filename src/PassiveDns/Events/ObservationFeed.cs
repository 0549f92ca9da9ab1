using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PassiveDns.Storage;

namespace PassiveDns.Events;

/// <summary>
/// Tells subscribers what is new about the rows that come to a store: newly observed domains and hosts, new RRsets, changed delegations, and whatever a
/// watch list names. What is new is judged against the whole store, not against a cache that forgets.
/// </summary>
/// <remarks>
/// Events are told after the store has acknowledged their batch, and at most once: a process that is killed between the two tells nothing, and asks the store
/// with <see cref="QueryAnchor.FirstSeen"/> what it missed. A batch that the store had before is no news. While nobody subscribes nothing is judged.
/// </remarks>
public sealed class ObservationFeed : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _endOfPatience = new();
    private FeedSubscription[] _subscriptions = [];
    private long _judged;
    private long _undecided;
    private long _offered;
    private long _dropped;

    /// <summary>Makes a feed without subscribers.</summary>
    /// <param name="options">How to judge; <c>null</c> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public ObservationFeed(FeedOptions? options = null)
    {
        Options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfLessThan(Options.MaxRowsRead, 1, nameof(options));
        if (Options.Provenance == ProvenanceSelection.None) throw new ArgumentException("Provenance is None: name the kinds whose rows count.", nameof(options));
    }

    /// <summary>How it judges.</summary>
    public FeedOptions Options { get; }

    internal bool HasSubscribers => _subscriptions.Length > 0;

    /// <summary>
    /// The same store, but what is written through it is judged and told. Write all batches through one such store: whatever is written past it is known
    /// without ever having been new.
    /// </summary>
    /// <param name="store">The store; it stays the caller's to dispose.</param>
    public IObservationStore Watch(IObservationStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return new WatchedStore(store, this);
    }

    /// <summary>Subscribes: a bounded queue of the events selected, from now on.</summary>
    /// <param name="selection">Which events; <c>null</c> for all news.</param>
    /// <param name="capacity">How many events may wait for the subscriber, 1 or more.</param>
    /// <param name="whenFull">
    /// What becomes of events that find the queue full: the oldest or the newest are dropped and counted (<see cref="FeedSubscription.Dropped"/>); or, with
    /// <see cref="BoundedChannelFullMode.Wait"/>, writing to the store waits, which holds back the pipeline and its sources until it is shut down.
    /// </param>
    /// <exception cref="ArgumentException">A pattern cannot be used, or no kind was selected.</exception>
    public FeedSubscription Subscribe(EventSelection? selection = null, int capacity = 4096, BoundedChannelFullMode whenFull = BoundedChannelFullMode.DropOldest)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        FeedSubscription subscription = new(this, selection ?? new(), capacity, whenFull);
        lock (_lock) _subscriptions = [.. _subscriptions, subscription];
        return subscription;
    }

    /// <summary>The events selected, one by one, from the first step of the enumeration to its end.</summary>
    /// <param name="selection">Which events; <c>null</c> for all news.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public async IAsyncEnumerable<ObservationEvent> ReadAllAsync(EventSelection? selection = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using FeedSubscription subscription = Subscribe(selection);
        await foreach (ObservationEvent happened in subscription.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) yield return happened;
    }

    /// <summary>What the feed has done, for all its subscribers together.</summary>
    public FeedReport GetReport()
    {
        long dropped = Interlocked.Read(ref _dropped); // first: what is dropped was offered before
        return new(Interlocked.Read(ref _judged), Interlocked.Read(ref _offered) - dropped, dropped, Interlocked.Read(ref _undecided));
    }

    /// <summary>Ends all subscriptions.</summary>
    public void Dispose()
    {
        EndWaiting();
        foreach (FeedSubscription subscription in _subscriptions) subscription.Dispose();
    }

    /// <summary>From now on nobody is waited for: the pipeline ends.</summary>
    internal void EndWaiting() => _endOfPatience.Cancel();

    internal void Remove(FeedSubscription subscription)
    {
        lock (_lock) _subscriptions = [.. _subscriptions.Where(s => s != subscription)];
    }

    internal void CountOffered() => Interlocked.Increment(ref _offered);

    internal void CountDropped() => Interlocked.Increment(ref _dropped);

    internal void Count(int judged, int undecided)
    {
        Interlocked.Add(ref _judged, judged);
        Interlocked.Add(ref _undecided, undecided);
    }

    internal async ValueTask PublishAsync(IReadOnlyList<ObservationEvent> events)
    {
        FeedSubscription[] subscriptions = _subscriptions;
        foreach (ObservationEvent happened in events)
        {
            foreach (FeedSubscription subscription in subscriptions)
            {
                if (subscription.Includes(happened)) await subscription.OfferAsync(happened, _endOfPatience.Token).ConfigureAwait(false);
            }
        }
    }
}
