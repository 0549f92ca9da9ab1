using PassiveDns.Capture;
using PassiveDns.Storage;

namespace PassiveDns.Tests;

/// <summary>Passes a source on and lets the test act after each read.</summary>
internal sealed class TappedSource(ICaptureSource inner, int messagesPerRead, Action<long> afterRead) : ICaptureSource
{
    private readonly MessageBatch _one = new(messageCapacity: messagesPerRead);
    private long _observed;

    public string Name => inner.Name;

    public async ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
    {
        _one.Clear();
        bool more;
        try
        {
            more = await inner.ReadAsync(_one, cancellationToken);
        }
        finally
        {
            foreach (CapturedResponse response in _one) Assert.True(batch.TryAdd(response));
        }

        _observed += _one.Count;
        afterRead(_observed);
        return more;
    }

    public CaptureReport GetReport() => inner.GetReport();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>Hands out responses that the test made; then ends, fails, or waits for the stop as live traffic does. Those held back come only after the stop.</summary>
internal sealed class ListedSource(IReadOnlyList<byte[]> messages, Exception? failure = null, bool isLive = false, int heldBack = 0) : ICaptureSource
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;

    public string Name => "list";

    public bool IsDisposed { get; private set; }

    /// <summary>Ends when all messages have been read and the source is asked for more.</summary>
    public Task Drained => _drained.Task;

    public async ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
    {
        if (_next < messages.Count - (cancellationToken.IsCancellationRequested ? 0 : heldBack))
        {
            CapturedResponse response = new()
            {
                Message = messages[_next],
                UnixNanoseconds = (1_767_603_600L + _next) * 1_000_000_000,
                Server = HostAddress.FromBytes([198, 41, 0, 4]),
            };
            Assert.True(batch.TryAdd(response));
            _next++;
            return true;
        }

        _drained.TrySetResult();
        if (failure is not null) throw failure;
        if (!isLive) return false;
        Task wait = Task.Delay(Timeout.Infinite, cancellationToken);
        if (heldBack == 0) await wait;
        await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _next < messages.Count;
    }

    public CaptureReport GetReport() => new()
    {
        Packets = _next,
        Messages = _next,
        Observed = _next,
        Account = _next == 0 ? [] : [new("packets", "udp-message", _next, false), new("messages", "observed", _next, false)],
    };

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return default;
    }
}

/// <summary>Passes a store on and lets the test fail or watch each write.</summary>
internal sealed class TappedStore(IObservationStore inner, Action<ObservationBatch> beforeWrite) : IObservationStore
{
    public bool IsDisposed { get; private set; }

    public ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
    {
        beforeWrite(batch);
        return inner.WriteAsync(batch, cancellationToken);
    }

    public ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default) => inner.GetLastBatchAsync(sensor, cancellationToken);

    public IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) => inner.ReadAsync(query, cancellationToken);

    public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return inner.DisposeAsync();
    }
}

/// <summary>Responses for tests that need some, whatever they say.</summary>
internal static class Responses
{
    /// <summary>The answer of a.root-servers.net (198.41.0.4), which the root hints know, to <c>. NS</c>: header, question, one NS record a.root-servers.net or, for other numbers, b, c ...</summary>
    public static byte[] RootNs(int number)
    {
        byte letter = (byte)('a' + number % 13);
        byte[] target = [1, letter, 12, .. "root-servers"u8, 3, .. "net"u8, 0];
        return [0, 1, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 0, 1, 0, 0, 1, 0, 0, (byte)target.Length, .. target];
    }

    public static byte[][] RootNs(Range numbers) => [.. Enumerable.Range(numbers.Start.Value, numbers.End.Value - numbers.Start.Value).Select(RootNs)];
}
