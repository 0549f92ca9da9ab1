using System.Diagnostics.CodeAnalysis;

namespace PassiveDns.Aggregation;

/// <summary>
/// Turns responses into batches of observations: it takes each response apart, scrubs it, verifies for each RRset in which zone the server speaks
/// for it, and sums equal sightings over a window.
/// </summary>
/// <remarks>
/// <para>The same responses in the same order give the same batches, octet for octet, however the calls are spread: an interrupted import can be
/// repeated under the same batch ids. Time is the time of the data only.</para>
/// <para>One thread at a time may call <see cref="Add"/>, <see cref="TryTake"/> and <see cref="Complete"/>; <see cref="GetReport"/> may be called from another.
/// Finished batches wait until they are taken, so take them after every few responses.</para>
/// </remarks>
public sealed partial class ResponseAggregator
{
    private readonly AggregationOptions _options;
    private readonly Tally<ResponseFate> _responses = new();
    private readonly Tally<RrsetFate> _rrsets = new();
    private readonly DissectedResponse _response;
    private readonly Scrubber _scrubber = new();
    private readonly DelegationCache _delegations;
    private readonly WaitingRoom _waiting;
    private readonly SightingTable _sightings = new();
    private readonly BatchWriter _batches;
    private readonly WindowClock _clock;
    private readonly List<HostAddress> _news = [];
    private readonly long _waitingTime;
    private long _trailing;

    /// <summary>Makes an aggregator that knows nothing but the root hints.</summary>
    /// <param name="options">How it works.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public ResponseAggregator(AggregationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _waitingTime = Seconds(options.WaitingTime);
        _response = new(options.MaxRrsetRecords);
        _delegations = new(options.RootHints, Seconds(options.DelegationGrace), _waitingTime, options.MaxDelegationNames, _news);
        _waiting = new(options.MaxWaiting, options.MaxWaitingBytes);
        _batches = new(options.Sensor, options.Epoch, options.MaxRowsPerBatch);
        _clock = new(Seconds(options.Window));
    }

    /// <summary>Takes in one response. Its octets are not kept; nothing in them can make this throw.</summary>
    /// <param name="response">A response that passed the capture room.</param>
    public void Add(scoped in CapturedResponse response)
    {
        MoveClock(response.UnixSeconds);
        ResponseFate fate = _response.Read(response.Message);
        if (fate == ResponseFate.Accepted)
        {
            if (_response.HasTrailingBytes) _trailing++;
            _scrubber.Scrub(_response);
            if (_scrubber.IsNegative) fate = ResponseFate.Negative;
            Observe(in response);
            SpreadNews(toCrowds: false);
        }

        _responses.Count(fate);
        if (_sightings.Octets > _options.MemoryBudget) HandOn((_sightings.Count + 1) / 2);
    }

    /// <summary>Takes a finished batch, if there is one.</summary>
    /// <param name="batch">The batch; sequence numbers count from 1 without holes.</param>
    public bool TryTake([NotNullWhen(true)] out ObservationBatch? batch) => _batches.TryTake(out batch);

    /// <summary>
    /// The input has ended: everything that waits is decided, and everything held becomes batches. What was learnt about zones and servers stays,
    /// so further responses may follow.
    /// </summary>
    public void Complete()
    {
        SpreadNews(toCrowds: true);
        while (_waiting.TryPeek(out long oldest)) GiveUp(oldest);
        HandOn(_sightings.Count);
    }

    /// <summary>What came in so far and what became of it.</summary>
    public AggregationReport GetReport() => AggregationReport.Create(
        _responses, _rrsets, _waiting.Count, _waiting.Overflowed, _trailing, _delegations.Count, _delegations.Forgotten, _sightings.Count, _batches.Batches,
        _batches.Rows);

    private static long Seconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerSecond;

    private void MoveClock(long time)
    {
        long before = _clock.Now;
        bool isWindowOver = _clock.Advance(time);
        if (_clock.Now != before && _waiting.Count > 0)
        {
            SpreadNews(toCrowds: true);
            while (_waiting.TryPeek(out long oldest) && Math.Abs(_clock.Now - _waiting[oldest].Since) > _waitingTime) GiveUp(oldest);
        }

        if (isWindowOver) HandOn(_sightings.Count);
    }

    /// <summary>Makes batches of the oldest rows.</summary>
    private void HandOn(int count)
    {
        _batches.Write(_sightings, count);
        _sightings.RemoveOldest(count);
    }
}
