using System.Security.Cryptography;

namespace PassiveDns.Capture;

/// <summary>
/// Active probing as a source: asks for the names of a watch list again and again, from the root down, at their authoritative servers, one question at a
/// time and no faster than the rates allow. What the servers answer is marked as a probe and never mixed with what others were told.
/// </summary>
/// <remarks>Only questions of this source's own are sent: a name, a type, nothing about anybody. Nothing is sent before the first read.</remarks>
public sealed class ProbeSource : ICaptureSource
{
    private readonly ProbeOptions _options;
    private readonly TimeProvider _clock;
    private readonly ServerExchange _exchange;
    private readonly NameWalk _walk;
    private readonly Tally<WalkFate> _walks = new();
    private readonly PriorityQueue<WatchedName, (DateTimeOffset Due, long Order)> _schedule = new();
    private readonly Queue<(byte[] Reply, HostAddress Server, DomainName Zone, long UnixNanoseconds)> _pending = new();
    private readonly DateTimeOffset? _end;
    private long _octets;
    private long _order;

    /// <summary>Makes a source.</summary>
    /// <param name="options">What to ask and how gently; read once, here.</param>
    /// <param name="clock">Measures intervals and rates, and stamps answers; <c>null</c> for the system's.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there are no root servers; the message names the option and the mend.</exception>
    /// <exception cref="IOException">The watch list cannot be read.</exception>
    /// <exception cref="FormatException">A line of the watch list is no name to watch.</exception>
    public ProbeSource(ProbeOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.RootServers.Count == 0) throw new ArgumentException("Probing.RootServers is empty: give the addresses of the root servers, where each walk begins.");
        _options = options;
        _clock = clock ?? TimeProvider.System;
        _exchange = new(options, _clock);
        _walk = new(_exchange, new([.. options.RootServers], _clock), Observe);
        DateTimeOffset now = _clock.GetUtcNow();
        _end = options.Duration is { } duration ? now + duration : null;
        IEnumerable<WatchedName> names = options.Names.SelectMany(WatchList.Parse);
        if (options.WatchListFile is { } path) names = names.Concat(WatchList.Load(path));
        foreach (WatchedName name in names.Distinct()) _schedule.Enqueue(name, (now, _order++));
    }

    /// <inheritdoc/>
    public string Name => "probes";

    /// <inheritdoc/>
    public async ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        while (true)
        {
            if (!TryDrain(batch) || batch.Count > 0) return true;
            if (!_schedule.TryPeek(out WatchedName name, out (DateTimeOffset Due, long Order) at)) return false;
            DateTimeOffset now = _clock.GetUtcNow();
            if (at.Due > now)
            {
                await Task.Delay(at.Due - now, _clock, cancellationToken).ConfigureAwait(false);
                continue;
            }

            try
            {
                WalkFate fate = await _walk.WalkAsync(name, cancellationToken).ConfigureAwait(false);
                _walks.Count(fate);
            }
            catch (OperationCanceledException)
            {
                TryDrain(batch); // what was answered before the stop is handed on
                throw;
            }

            _schedule.Dequeue();
            Schedule(name);
        }
    }

    /// <inheritdoc/>
    public CaptureReport GetReport()
    {
        List<StageCount> account =
        [
            .. _walks.ToAccount("probe-walks", static fate => fate != WalkFate.Answered),
            .. _exchange.Questions.ToAccount("probe-questions", static fate => fate >= QuestionFate.Lame),
            .. _exchange.Replies.ToAccount("messages", static fate => fate >= ReplyFate.RefusedForeign),
        ];
        return new()
        {
            BytesRead = Volatile.Read(ref _octets),
            Messages = account.Where(line => line.Stage == "messages").Sum(line => line.Count),
            Observed = account.FirstOrDefault(line => line is { Stage: "messages", Fate: "observed" }).Count,
            Account = account,
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Observe(byte[] reply, HostAddress server, DomainName zone)
    {
        _pending.Enqueue((reply, server, zone, (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick));
        _exchange.Replies.Count(ReplyFate.Held);
        Volatile.Write(ref _octets, _octets + reply.Length);
    }

    private bool TryDrain(MessageBatch batch)
    {
        while (_pending.TryPeek(out (byte[] Reply, HostAddress Server, DomainName Zone, long UnixNanoseconds) answer))
        {
            CapturedResponse response = new()
            {
                Message = answer.Reply,
                Server = answer.Server,
                QueryZone = answer.Zone.Wire,
                UnixNanoseconds = answer.UnixNanoseconds,
                IsProbe = true,
            };
            if (!batch.TryAdd(response)) return false;
            _pending.Dequeue();
            _exchange.Replies.Count(ReplyFate.Held, -1);
            _exchange.Replies.Count(ReplyFate.Observed);
        }

        return true;
    }

    private void Schedule(WatchedName name)
    {
        double share = 1 + (_options.Jitter * RandomNumberGenerator.GetInt32(-1000, 1001) / 1000);
        DateTimeOffset due = _clock.GetUtcNow() + (_options.Interval * share);
        if (_end is null || due < _end) _schedule.Enqueue(name, (due, _order++));
    }
}
