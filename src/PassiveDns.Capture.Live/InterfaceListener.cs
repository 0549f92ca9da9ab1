using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace PassiveDns.Capture.Live;

/// <summary>
/// The thread of one interface: copies packets from the kernel's buffer into chunks and queues them for the decoder. When it is stopped it first takes
/// what had been captured by then.
/// </summary>
internal sealed class InterfaceListener
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long StatisticsEvery = 1000 * NanosecondsPerMillisecond;
    private const int PollMilliseconds = 50;

    private readonly OpenInterface _interface;
    private readonly ChunkPool _pool;
    private readonly TimeProvider _clock;
    private readonly Action _wake;
    private readonly bool _blocks;
    private readonly long _kernelDelay; // nanoseconds from a packet's time to when it can be read at the latest
    private readonly ConcurrentQueue<PacketChunk> _ready = new();
    private readonly Thread _thread;
    private PacketChunk? _chunk;
    private long _lastStatistics;
    private (uint Kernel, uint Interface) _dropped;
    private long _read;
    private long _droppedByKernel;
    private long _droppedByInterface;
    private long _droppedByBuffer;
    private long _horizon;
    private long _stopAt = long.MaxValue;
    private volatile bool _isAbandoned;
    private volatile Exception? _failure;

    public InterfaceListener(OpenInterface opened, ChunkPool pool, LiveCaptureOptions options, TimeProvider clock, Action wake)
    {
        _interface = opened;
        _pool = pool;
        _clock = clock;
        _wake = wake;
        _blocks = options.WhenFull == FullBuffer.Block;
        _kernelDelay = (options.Immediate ? 10 : (long)options.ReadDelay.TotalMilliseconds + 50) * NanosecondsPerMillisecond;
        _thread = new(Run) { IsBackground = true, Name = "pdns capture " + opened.Name };
    }

    /// <summary>What its packets start with.</summary>
    public LinkType Link => _interface.Link;

    /// <summary>Packets copied into chunks.</summary>
    public long Read => Volatile.Read(ref _read);

    /// <summary>Packets for which the kernel's buffer had no room.</summary>
    public long DroppedByKernel => Volatile.Read(ref _droppedByKernel);

    /// <summary>Packets, of any kind, that the interface or its driver dropped.</summary>
    public long DroppedByInterface => Volatile.Read(ref _droppedByInterface);

    /// <summary>Packets for which there was no chunk.</summary>
    public long DroppedByBuffer => Volatile.Read(ref _droppedByBuffer);

    /// <summary>No packet older than this, in nanoseconds since 1970, will be queued any more; the greatest of all numbers once the thread has ended.</summary>
    public long Horizon => Volatile.Read(ref _horizon);

    /// <summary>Why it ended without being stopped; else <c>null</c>.</summary>
    public Exception? Failure => _failure;

    /// <summary>Begins to listen.</summary>
    public void Start() => _thread.Start();

    /// <summary>Asks for the end: what was captured up to now is still queued.</summary>
    public void Stop() => Interlocked.CompareExchange(ref _stopAt, Now(), long.MaxValue);

    /// <summary>Takes the oldest chunk that is ready.</summary>
    public bool TryTake([NotNullWhen(true)] out PacketChunk? chunk) => _ready.TryDequeue(out chunk);

    /// <summary>Ends the thread at once: nobody reads what it queues any more.</summary>
    public void Abandon()
    {
        _isAbandoned = true;
        Volatile.Write(ref _stopAt, long.MinValue);
        if (_thread.IsAlive) _thread.Join();
    }

    private long Now() => (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private void Run()
    {
        try
        {
            while (TakeAll()) _interface.Wait(PollMilliseconds);
        }
        catch (LiveCaptureException e)
        {
            _failure = e;
        }
        finally
        {
            NoteDrops(long.MaxValue);
            _interface.Dispose();
            if (_chunk is not null) HandOver();
            Volatile.Write(ref _horizon, long.MaxValue);
            _wake();
        }
    }

    /// <returns><c>false</c> when it was stopped and everything from before has been taken.</returns>
    private bool TakeAll()
    {
        long before = Now();
        while (_interface.TryNext(out ReadOnlySpan<byte> packet, out long originalLength, out long time))
        {
            if (time > Volatile.Read(ref _stopAt)) return false;
            Take(packet, originalLength, time);
        }

        // While the decoder is busy with earlier chunks this one goes on to fill, so that few packets never take up the whole pool.
        if (_chunk is not null && _ready.IsEmpty) HandOver();
        if (_chunk is null) Volatile.Write(ref _horizon, before - _kernelDelay);
        NoteDrops(before);
        _wake();
        return before - _kernelDelay <= Volatile.Read(ref _stopAt);
    }

    private void Take(ReadOnlySpan<byte> packet, long originalLength, long time)
    {
        if (_chunk is not null && _chunk.TryWrite(packet, originalLength, time))
        {
            _read++;
            return;
        }

        if (_chunk is not null) HandOver();
        NoteDrops(time); // here too: under load the kernel's buffer is never empty
        _chunk = _pool.TryTake(0);
        while (_chunk is null && _blocks && !_isAbandoned)
        {
            _wake();
            NoteDrops(Now());
            _chunk = _pool.TryTake(PollMilliseconds);
        }

        if (_chunk is null)
        {
            _droppedByBuffer++;
            return;
        }

        _chunk.TryWrite(packet, originalLength, time); // the longest packet fits into an empty one
        _read++;
    }

    private void HandOver()
    {
        _ready.Enqueue(_chunk!);
        _chunk = null;
        _wake();
    }

    private void NoteDrops(long now)
    {
        if (now - _lastStatistics < StatisticsEvery) return;
        _lastStatistics = now;
        (uint kernel, uint byInterface) = _interface.GetDropped();
        Volatile.Write(ref _droppedByKernel, _droppedByKernel + (kernel - _dropped.Kernel)); // the counters wrap at 2^32
        Volatile.Write(ref _droppedByInterface, _droppedByInterface + (byInterface - _dropped.Interface));
        _dropped = (kernel, byInterface);
    }
}
