using System.Diagnostics.CodeAnalysis;

namespace PassiveDns.Aggregation;

/// <summary>
/// Turns responses into batches of observations: it takes each response apart, scrubs it, verifies for each RRset in which zone the server speaks
/// for it, and sums equal sightings over a window.
/// </summary>
/// <remarks>
/// <para>The same responses in the same order give the same batches, octet for octet, however the calls are spread: an interrupted import can be
/// repeated under the same batch ids. Time is the time of the data only.</para>
/// <para>One thread at a time may call <see cref="Add"/>, <see cref="AddAll(ICapturedResponses)"/> and <see cref="Complete"/>, and one <see cref="TryTake"/>, <see cref="TryTakeChaff"/> and
/// <see cref="TryTakeNegativeEvidence"/>: the same or another, at the same time. <see cref="GetReport"/> may be called from any. The rows of a window that is over are sorted and
/// packed by the thread that takes them, so that the other one can go on. What is handed on waits until it is taken, so take it after every few responses.</para>
/// </remarks>
public sealed partial class ResponseAggregator
{
    private const ulong ChaffEpoch = 1UL << 63;
    private const int ChaffShare = 4;

    private readonly AggregationOptions _options;
    private readonly Tally<ResponseFate> _responses = new();
    private readonly Tally<RrsetFate> _rrsets = new();
    private Dissection _response; // where the one at hand is
    private readonly DelegationCache _delegations;
    private readonly WaitingRoom _waiting;
    private SightingTable _sightings = new(); // another one after each window
    private readonly BatchWriter _batches;
    private readonly WindowClock _clock;
    private readonly FirstSightings? _firsts;
    private readonly NegativeLedger? _negatives;
    private readonly SightingTable? _chaff;
    private readonly BatchWriter? _chaffBatches;
    private readonly RejectedServers _rejected = new();
    private readonly List<HostAddress> _news = [];
    private readonly long _waitingTime;
    private long _rowsAdded;
    private long _trailing;
    private long _compressed;
    private IReadOnlyList<ServerRejections> _rejectedByServer = [];

    /// <summary>Makes an aggregator that knows nothing but the root hints and <see cref="AggregationOptions.Delegations"/>.</summary>
    /// <param name="options">How it works.</param>
    /// <param name="trace">Hears what became of each response and RRset when it is settled, within the call that settles it; <c>null</c> costs nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public ResponseAggregator(AggregationOptions options, Action<TracedFate>? trace = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _trace = trace;
        _waitingTime = Seconds(options.WaitingTime);
        _atHand = new ResponseAtHand[Ahead];
        for (int i = 0; i < Ahead; i++) _atHand[i] = new(options.MaxRrsetRecords, options.StrictCompression);
        _response = new(options.MaxRrsetRecords, options.StrictCompression);
        _delegations = new(options.RootHints, Seconds(options.DelegationGrace), _waitingTime, options.MaxDelegationNames, _news, options.Delegations);
        _waiting = new(options.MaxWaiting, options.MaxWaitingBytes);
        _batches = new(options.Sensor, options.Epoch, options.MaxRowsPerBatch);
        _clock = new(Seconds(options.Window));
        if (options.FirstSightingDelay > TimeSpan.Zero) _firsts = new(Seconds(options.FirstSightingDelay), options.MaxRowsPerBatch);
        if (trace is null) _memo = new((int)Math.Min(MaxMemo, options.MemoryBudget / MemoShare));
        if (options.FloodGuard is { } floods) _floods = new(floods, options.Epoch, options.MemoryBudget / FloodShare);
        if (_floods is not null || options.MaxSetsPerDay > 0)
        {
            _pools = new(options.MaxSetsPerDay > 0 ? options.MaxSetsPerDay : int.MaxValue, options.Epoch, options.MemoryBudget / PoolShare);
        }

        if (options.KeepNegativeEvidence) _negatives = new(options);
        if (!options.KeepChaff) return;
        _chaff = new();
        _chaffBatches = new(options.Sensor, options.Epoch ^ ChaffEpoch, options.MaxRowsPerBatch);
    }

    /// <summary>How it works.</summary>
    public AggregationOptions Options => _options;

    /// <summary>
    /// How often something was handed on to be taken. It changes only within <see cref="Add"/>, <see cref="AddAll(ICapturedResponses)"/> and <see cref="Complete"/>, for whose thread it is: so that this one
    /// knows when to wake another that takes, and when to wait for it.
    /// </summary>
    public long HandedOn => _batches.HandedOn + (_chaffBatches?.HandedOn ?? 0) + (_negatives?.HandedOn ?? 0);

    /// <summary>Takes in one response. Its octets are not kept; nothing in them can make this throw.</summary>
    /// <param name="response">A response that passed the capture room.</param>
    public void Add(scoped in CapturedResponse response)
    {
        ResponseAtHand atHand = _atHand[0];
        Meet(atHand, in response, null, 0);
        if (atHand.Key.IsMemorable) atHand.Find(_memo!, in response);
        Settle(atHand, in response);
    }

    /// <summary>Takes the next batch, if rows have been handed on.</summary>
    /// <param name="batch">The batch; sequence numbers count from 1 without holes.</param>
    public bool TryTake([NotNullWhen(true)] out ObservationBatch? batch) => _batches.TryTake(out batch);

    /// <summary>Takes a finished batch of chaff, if there is one; see <see cref="AggregationOptions.KeepChaff"/>.</summary>
    /// <param name="batch">The batch. Its epoch is the aggregator's with the highest bit turned, so that its id is never that of another batch.</param>
    public bool TryTakeChaff([NotNullWhen(true)] out ObservationBatch? batch)
    {
        batch = null;
        return _chaffBatches is not null && _chaffBatches.TryTake(out batch);
    }

    /// <summary>Takes a finished batch of negative evidence, if there is one; see <see cref="AggregationOptions.KeepNegativeEvidence"/>.</summary>
    /// <param name="batch">The batch; sequence numbers count from 1 without holes.</param>
    public bool TryTakeNegativeEvidence([NotNullWhen(true)] out NegativeEvidenceBatch? batch)
    {
        batch = null;
        return _negatives is not null && _negatives.TryTake(out batch);
    }

    /// <summary>
    /// The input has ended: everything that waits is decided, and everything held becomes batches. What was learnt about zones and servers stays,
    /// so further responses may follow.
    /// </summary>
    public void Complete()
    {
        SpreadNews(toCrowds: true);
        while (_waiting.TryPeek(out long oldest)) GiveUp(oldest);
        EndWindow();
    }

    /// <summary>
    /// What was learnt so far of zones, servers and addresses, for <see cref="AggregationOptions.Delegations"/> of another run. Call it on the thread that
    /// calls <see cref="Add"/>; it walks over all that is known.
    /// </summary>
    public DelegationSnapshot GetDelegations() => _delegations.ToSnapshot();

    /// <summary>What came in so far and what became of it.</summary>
    public AggregationReport GetReport() => AggregationReport.Create(
        _responses, _rrsets, _negatives?.Fates, _waiting.Count, _waiting.Overflowed, _trailing, _compressed, _delegations.Count, _delegations.Forgotten,
        RowsHeld(), _batches, _chaffBatches?.Rows ?? 0, Volatile.Read(ref _rejectedByServer), _folded);

    /// <summary>Wherever they lie: between the tables a row must not be missed or counted twice.</summary>
    private long RowsHeld()
    {
        long left = _batches.RowsOfTables; // first, so that the difference is never negative
        return Volatile.Read(ref _rowsAdded) - left;
    }

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

        if (isWindowOver) EndWindow();
        if (_pools is not null) MoveDay(_pools);
        if (!isWindowOver && _firsts is not null && _firsts.AreDue(_clock.Now)) TellFirstSightings(_firsts);
    }

    private void TellFirstSightings(FirstSightings firsts)
    {
        _batches.WriteFirstSightings(_sightings, firsts.Pending);
        firsts.Clear();
    }

    private void EndWindow()
    {
        _sightings = _batches.WriteAll(_sightings);
        Forget(int.MaxValue);
        HandOnFolded();
        _negatives?.EndWindow();
        if (_chaff is not null) HandOnChaff(_chaff.Count);
        Volatile.Write(ref _rejectedByServer, _rejected.ToList());
    }

    private void RelieveMemory()
    {
        if (_pools is { IsFull: true }) HandOnRecords(_pools);
        _floods?.NotePressure();
        HandOn((_sightings.Count + 1) / 2);
    }

    /// <summary>Makes batches of the oldest rows.</summary>
    private void HandOn(int count)
    {
        _batches.WriteOldest(_sightings, count);
        Forget(count);
    }

    /// <summary>Forgets where rows lay.</summary>
    /// <param name="count">How many of the oldest have left.</param>
    private void Forget(int count)
    {
        _memo?.Clear();
        _firsts?.Shift(count);
    }
}
