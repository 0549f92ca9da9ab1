using System.Buffers;
using System.IO.Pipelines;

namespace PassiveDns;

/// <summary>
/// Reads the messages of one direction of DNS over TCP, one by one. A message that lies in one segment of the pipe is handed out where it
/// stands; only one that is cut by a border between segments is copied.
/// </summary>
/// <remarks>It never holds more than one message of at most 65,535 octets beyond what the pipe holds. Used by one thread at a time.</remarks>
/// <param name="input">What was received. It is completed when the stream is disposed of.</param>
public sealed class MessageStream(PipeReader input) : IAsyncDisposable
{
    private ReadOnlySequence<byte> _received;
    private ReadOnlySequence<byte> _message;
    private byte[] _copy = [];
    private int _copied;
    private bool _isHeld; // whether _received is what the pipe gave and must be given back
    private bool _isCompleted;

    /// <summary>The current message, without its length; valid until the next read.</summary>
    public ReadOnlySpan<byte> Message => _copied > 0 ? _copy.AsSpan(0, _copied) : _message.FirstSpan;

    /// <summary>How many messages there were so far, empty ones not counted.</summary>
    public long Messages { get; private set; }

    /// <summary>How many times a length of 0 came, with which no message goes. They are skipped.</summary>
    public long EmptyMessages { get; private set; }

    /// <summary>The octets of a message that was cut off by the end of the input, its length included; known once the end was reached.</summary>
    public long TruncatedOctets { get; private set; }

    /// <summary>Moves to the next message.</summary>
    /// <param name="cancellationToken">Ends waiting for input.</param>
    /// <returns><c>false</c> at the end of the input.</returns>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default) =>
        TryTake() ? ValueTask.FromResult(true) : WaitAsync(cancellationToken);

    /// <summary>Completes the input.</summary>
    public ValueTask DisposeAsync()
    {
        (_received, _message, _copied, _isHeld, _isCompleted) = (default, default, 0, false, true);
        return input.CompleteAsync();
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (_isHeld) input.AdvanceTo(_received.Start, _received.End);
            _isHeld = false;
            if (_isCompleted) return false;
            ReadResult read = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            (_received, _isHeld) = (read.Buffer, true);
            if (read.IsCanceled) throw new OperationCanceledException("The pipe's pending read was cancelled.");
            _isCompleted = read.IsCompleted;
        }
        while (!TryTake());
        return true;
    }

    private bool TryTake()
    {
        (_message, _copied) = (default, 0);
        while (_isHeld && MessageFraming.TryRead(ref _received, out _message))
        {
            if (_message.IsEmpty)
            {
                EmptyMessages++;
                continue;
            }

            Messages++;
            if (!_message.IsSingleSegment) Copy();
            return true;
        }

        if (_isHeld && _isCompleted)
        {
            TruncatedOctets = _received.Length;
            _received = _received.Slice(_received.End); // nothing is to come that would complete it
        }

        return false;
    }

    private void Copy()
    {
        _copied = (int)_message.Length;
        if (_copy.Length < _copied) _copy = new byte[MessageFraming.MaxMessageLength];
        _message.CopyTo(_copy);
    }
}
