using System.Threading.Channels;

namespace PassiveDns.Capture;

/// <summary>
/// Responses between many writers and one reader: a fixed number of buffers that go round, so that nothing is allocated and memory is bounded.
/// A writer fills a buffer of its own and hands it on whole.
/// </summary>
internal sealed class ResponseQueue(int octets)
{
    private const int BufferOctets = 1 << 18;
    private const int BufferMessages = 1 << 10;

    private readonly Channel<MessageBatch> _empty = Channel.CreateUnbounded<MessageBatch>();
    private readonly Channel<MessageBatch> _filled = Channel.CreateUnbounded<MessageBatch>(new() { SingleReader = true });
    private readonly int _most = Math.Max(octets / BufferOctets, 2);
    private int _made;
    private MessageBatch? _current;
    private int _taken; // of _current
    private long _handedOn;

    /// <summary>Responses that the reader has taken.</summary>
    public long HandedOn => Volatile.Read(ref _handedOn);

    /// <summary>An empty buffer, if there is one now.</summary>
    public MessageBatch? TryRent()
    {
        if (_empty.Reader.TryRead(out MessageBatch? buffer)) return buffer;
        if (Volatile.Read(ref _made) < _most && Interlocked.Increment(ref _made) <= _most) return new(BufferOctets, BufferMessages);
        return null;
    }

    /// <summary>An empty buffer, as soon as there is one.</summary>
    public ValueTask<MessageBatch> RentAsync(CancellationToken cancellationToken) => _empty.Reader.ReadAsync(cancellationToken);

    /// <summary>Hands a buffer on, or back if it is empty.</summary>
    public void Enqueue(MessageBatch buffer) => (buffer.Count == 0 ? _empty : _filled).Writer.TryWrite(buffer);

    /// <summary>Nothing more will be handed on.</summary>
    public void Complete() => _filled.Writer.TryComplete();

    /// <summary>Moves what is here into the reader's batch.</summary>
    /// <returns><c>false</c> if the batch is full and there is more.</returns>
    public bool TryDrain(MessageBatch batch)
    {
        while (_current is not null || _filled.Reader.TryRead(out _current))
        {
            while (_taken < _current.Count)
            {
                if (!batch.TryAdd(_current[_taken])) return false;
                _taken++;
                Volatile.Write(ref _handedOn, _handedOn + 1);
            }

            _current.Clear();
            _empty.Writer.TryWrite(_current);
            (_current, _taken) = (null, 0);
        }

        return true;
    }

    /// <summary>Waits until there is something.</summary>
    /// <returns><c>false</c> if nothing will come.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _filled.Reader.WaitToReadAsync(cancellationToken);
}
