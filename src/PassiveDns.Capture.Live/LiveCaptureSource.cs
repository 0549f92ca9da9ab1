using System.Globalization;
using System.Threading.Channels;

namespace PassiveDns.Capture.Live;

/// <summary>
/// Network interfaces as a source, by way of libpcap (Linux and macOS). A thread for each interface copies packets out of the kernel's buffer; the
/// caller of <see cref="ReadAsync"/> decodes them. What is lost on the way, by whomever, is counted in the stage <c>frames</c>.
/// </summary>
public sealed class LiveCaptureSource : ICaptureSource
{
    private const long SlackNanoseconds = 1_000_000_000; // the clock is asked a moment after the kernel has stamped a packet

    private readonly InterfaceListener[] _listeners;
    private readonly PacketChunk?[] _heads;
    private readonly ChunkPool _pool;
    private readonly PacketDecoder _decoder;
    private readonly Channel<bool> _arrivals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private bool _isComplete;
    private bool _isDisposed;

    private LiveCaptureSource(LiveCaptureOptions options, VantageOptions vantage, OpenInterface[] interfaces, TimeProvider clock)
    {
        _decoder = new(vantage);
        _pool = new(options.BufferOctets / PacketChunk.Capacity);
        _heads = new PacketChunk?[interfaces.Length];
        _listeners = [.. interfaces.Select(opened => new InterfaceListener(opened, _pool, options, clock, () => _arrivals.Writer.TryWrite(true)))];
        Name = string.Join(", ", options.Interfaces);
    }

    /// <summary>The interfaces' names.</summary>
    public string Name { get; }

    /// <summary>Opens interfaces and begins to listen.</summary>
    /// <param name="options">Which interfaces, and how: read once, here.</param>
    /// <param name="vantage">Whose traffic may be observed. The resolvers must be named: live traffic is never guessed about.</param>
    /// <param name="clock">The clock by which the system stamps packets; <c>null</c> for the system's.</param>
    /// <exception cref="LiveCaptureException">There is no libpcap or no such interface, or it may not be listened to; the message names the mend.</exception>
    /// <exception cref="ArgumentException">No resolver or no interface is named, or an option is out of its range.</exception>
    public static LiveCaptureSource Open(LiveCaptureOptions options, VantageOptions vantage, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(vantage);
        options.Validate();
        vantage.Validate();
        if (vantage.Resolvers.Count == 0)
        {
            throw new ArgumentException("Vantage.Resolvers is empty: live capture needs the addresses of the resolvers whose traffic may be observed.", nameof(vantage));
        }

        List<OpenInterface> interfaces = [];
        try
        {
            foreach (string name in options.Interfaces) interfaces.Add(OpenInterface.Open(name, options));
        }
        catch
        {
            foreach (OpenInterface opened in interfaces) opened.Dispose();
            throw;
        }

        LiveCaptureSource source = new(options, vantage, [.. interfaces], clock ?? TimeProvider.System);
        foreach (InterfaceListener listener in source._listeners) listener.Start();
        return source;
    }

    /// <summary>
    /// Listens no more. What was captured before is still handed on; then <see cref="ReadAsync"/> returns <c>false</c>. May be called from any thread.
    /// </summary>
    public void Stop()
    {
        foreach (InterfaceListener listener in _listeners) listener.Stop();
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (true)
        {
            if (cancellationToken.IsCancellationRequested) Stop();
            if (!Pump(batch)) return true; // the batch is full
            if (_isComplete) return ThrowIfFailed();
            if (batch.Count > 0) return true;
            if (cancellationToken.IsCancellationRequested)
            {
                // Stopped: the threads end by themselves, soon, and the last of them wakes this one.
                await _arrivals.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                continue;
            }

            try
            {
                await _arrivals.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // told by the token at the start of the loop
            }
        }
    }

    /// <inheritdoc/>
    public CaptureReport GetReport()
    {
        long read = 0, kernel = 0, byInterface = 0, buffer = 0;
        CaptureReport decoded = _decoder.GetReport(); // first, so that never more packets than frames are told
        foreach (InterfaceListener listener in _listeners)
        {
            read += listener.Read;
            kernel += listener.DroppedByKernel;
            byInterface += listener.DroppedByInterface;
            buffer += listener.DroppedByBuffer;
        }

        List<StageCount> account = [];
        List<string> notes = [.. decoded.Notes];
        AddFrames(account, "read", read, isDrop: false);
        AddFrames(account, "dropped-kernel", kernel, isDrop: true);
        AddFrames(account, "dropped-interface", byInterface, isDrop: true);
        AddFrames(account, "dropped-buffer", buffer, isDrop: true);
        if (kernel > 0) notes.Add(Format($"The kernel had no room for {kernel:N0} packets: enlarge the kernel's buffer, or find out what holds the reader up."));
        if (byInterface > 0) notes.Add(Format($"The interface or its driver dropped {byInterface:N0} packets, of any kind."));
        if (buffer > 0) notes.Add(Format($"{buffer:N0} packets were dropped because the buffer in front of the decoder was full."));
        return decoded with { Account = [.. account, .. decoded.Account], Notes = notes };
    }

    /// <summary>Ends the listening at once.</summary>
    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        foreach (InterfaceListener listener in _listeners) listener.Abandon();
        return ValueTask.CompletedTask;
    }

    private static void AddFrames(List<StageCount> account, string fate, long count, bool isDrop)
    {
        if (count > 0) account.Add(new("frames", fate, count, isDrop));
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private bool ThrowIfFailed()
    {
        foreach (InterfaceListener listener in _listeners)
        {
            if (listener.Failure is { } failure) throw new LiveCaptureException(failure.Message, failure);
        }

        return false;
    }

    // Decodes what has come in, in the order of time: the synchronous part, between two awaits.
    private bool Pump(MessageBatch batch)
    {
        if (!_decoder.TryDrain(batch)) return false;
        while (TryPickOldest(out int from))
        {
            PacketChunk chunk = _heads[from]!;
            ReadOnlySpan<byte> packet = chunk.Read(out long originalLength, out long time);
            _decoder.Decode(_listeners[from].Link, packet, originalLength, time);
            if (chunk.IsEmpty)
            {
                _heads[from] = null;
                _pool.Return(chunk);
            }

            if (!_decoder.TryDrain(batch)) return false;
        }

        // One interface that went away ends them all: a sensor that hears a part only must not look healthy.
        if (Array.Exists(_listeners, listener => listener.Failure is not null)) Stop();
        if (_isComplete) return true;
        long horizon = _listeners.Min(listener => listener.Horizon);
        if (horizon < long.MaxValue)
        {
            _decoder.AdvanceTo(horizon - SlackNanoseconds);
        }
        else if (!HasMore())
        {
            _isComplete = true;
            _decoder.Complete();
        }

        return _decoder.TryDrain(batch);
    }

    // With several interfaces a packet waits until no older one can come from any other, or until the buffer is full.
    private bool TryPickOldest(out int from)
    {
        from = -1;
        long oldest = long.MaxValue, horizon = long.MaxValue;
        for (int i = 0; i < _heads.Length; i++)
        {
            long certain = _listeners[i].Horizon; // asked before the queue, so that what it vouches for has been queued
            if (_heads[i] is null && _listeners[i].TryTake(out PacketChunk? chunk)) _heads[i] = chunk;
            if (_heads[i] is not { } head)
            {
                horizon = Math.Min(horizon, certain);
            }
            else if (from < 0 || head.NextTime < oldest)
            {
                (from, oldest) = (i, head.NextTime);
            }
        }

        return from >= 0 && (oldest <= horizon || _pool.IsExhausted);
    }

    private bool HasMore()
    {
        for (int i = 0; i < _heads.Length; i++)
        {
            if (_heads[i] is null && _listeners[i].TryTake(out PacketChunk? chunk)) _heads[i] = chunk;
            if (_heads[i] is not null) return true;
        }

        return false;
    }
}
