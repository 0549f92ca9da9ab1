using System.Buffers;
using System.IO.Pipelines;

namespace PassiveDns.Storage.Cof;

/// <summary>
/// Lines from a pipe: a window of contiguous octets, which costs one copy and spares the reader the borders between segments. A line that is too long is
/// passed over without being held.
/// </summary>
internal sealed class LineInput(PipeReader pipe, int maxLength) : IAsyncDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
    private int _start;
    private int _end;
    private int _scanned; // behind _start, without a line feed
    private bool _isComplete;
    private bool _isSkipping;

    /// <summary>The number of the line taken last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Whether the pipe said that its compressed content is damaged; the part of a line before the damage is thrown away.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Whether all was read and taken.</summary>
    public bool IsAtEnd => _isComplete && _start == _end && !_isSkipping;

    /// <summary>Takes the next line that is in the window.</summary>
    /// <param name="line">The line without its line feed; empty and <paramref name="isTooLong"/> if it was not held.</param>
    /// <param name="isTooLong">Whether it is longer than the limit.</param>
    /// <returns><c>false</c> if <see cref="FillAsync"/> must be called first, or at the end.</returns>
    public bool TryTake(out ReadOnlySpan<byte> line, out bool isTooLong)
    {
        line = default;
        isTooLong = false;
        int found = _buffer.AsSpan(_start + _scanned, _end - _start - _scanned).IndexOf((byte)'\n');
        if (found < 0 && !_isComplete)
        {
            _scanned = _end - _start;
            if (_scanned <= maxLength) return false;
            _isSkipping = true;
            (_start, _end, _scanned) = (0, 0, 0);
            return false;
        }

        if (IsAtEnd) return false;
        int length = found < 0 ? _end - _start : _scanned + found;
        isTooLong = _isSkipping || length > maxLength;
        if (!isTooLong) line = _buffer.AsSpan(_start, length);
        _start += found < 0 ? length : length + 1;
        _scanned = 0;
        _isSkipping = false;
        Line++;
        return true;
    }

    /// <summary>Waits for more octets.</summary>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        ReadResult read;
        try
        {
            read = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            // A half line may read as a row that nobody wrote: 192.0.2.1 for 192.0.2.123
            (_isComplete, IsDamaged, _isSkipping) = (true, true, false);
            (_start, _end, _scanned) = (0, 0, 0);
            return;
        }

        if (read.IsCanceled) throw new OperationCanceledException("The pipe's pending read was cancelled.");
        int taken = (int)Math.Min(read.Buffer.Length, _buffer.Length - _end);
        read.Buffer.Slice(0, taken).CopyTo(_buffer.AsSpan(_end));
        _end += taken;
        _isComplete = read.IsCompleted && taken == read.Buffer.Length;
        pipe.AdvanceTo(read.Buffer.GetPosition(taken));
    }

    public async ValueTask DisposeAsync()
    {
        await pipe.CompleteAsync().ConfigureAwait(false);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_start, _end, _scanned, _isComplete, _isSkipping) = (0, 0, 0, true, false);
    }

    private void MakeRoom()
    {
        int pending = _end - _start;
        byte[] larger = pending > _buffer.Length / 2 ? ArrayPool<byte>.Shared.Rent(2 * _buffer.Length) : _buffer;
        _buffer.AsSpan(_start, pending).CopyTo(larger);
        if (larger != _buffer) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end) = (larger, 0, pending);
    }
}
