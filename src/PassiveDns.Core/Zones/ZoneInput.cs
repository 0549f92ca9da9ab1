using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace PassiveDns;

/// <summary>
/// One file on its way through a zone reader: a window of contiguous octets over a pipe. The octets are copied once, which costs little
/// beside reading them and spares every step after it the borders between segments. gzip is unpacked on the way.
/// </summary>
internal sealed class ZoneInput(PipeReader outer, string? file, int maxEntryLength) : IAsyncDisposable
{
    private const int ChunkLength = 256 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ChunkLength);
    private PipeReader? _unpacked;
    private WholeGzipStream? _gzip;
    private int _start;
    private int _end;
    private bool _isOpened;

    public string? File { get; } = file;

    /// <summary>The line on which <see cref="Rest"/> starts, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Whether what comes up to the end of the line is to be thrown away.</summary>
    public bool IsSkipping { get; set; }

    /// <summary>Whether nothing comes behind <see cref="Rest"/>.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether the end came early because the compressed data is damaged.</summary>
    public bool IsDamaged { get; set; }

    private PipeReader Pipe => _unpacked ?? outer;

    /// <summary>What has been read and not been consumed.</summary>
    public Span<byte> Rest
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _buffer.AsSpan(_start, _end - _start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Consume(int octets, int lines)
    {
        _start += octets;
        Line += lines;
    }

    /// <summary>Reads on until what is pending has doubled: an entry that is cut off is looked at again from its start, and so that stays linear.</summary>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (!_isOpened) await OpenAsync(cancellationToken).ConfigureAwait(false);
        int pending = _end - _start;
        int wanted = Math.Max(Math.Min(2 * pending, maxEntryLength + 1), pending + 1);
        MakeRoom(wanted);
        while (_end - _start < wanted && !IsComplete)
        {
            ReadResult read;
            try
            {
                read = await Pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDataException) when (_gzip is not null)
            {
                (IsComplete, IsDamaged) = (true, true);
                _end = _start + Rest.LastIndexOf((byte)'\n') + 1; // half a line may read as a record that nobody wrote: 192.0.2.1 for 192.0.2.123
                return;
            }

            if (read.IsCanceled) throw new OperationCanceledException("The pipe's pending read was cancelled.");
            int taken = (int)Math.Min(read.Buffer.Length, _buffer.Length - _end);
            read.Buffer.Slice(0, taken).CopyTo(_buffer.AsSpan(_end));
            _end += taken;
            IsComplete = read.IsCompleted && taken == read.Buffer.Length;
            Pipe.AdvanceTo(read.Buffer.GetPosition(taken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Pipe.CompleteAsync().ConfigureAwait(false);
        if (_gzip is not null)
        {
            await _gzip.DisposeAsync().ConfigureAwait(false);
            await outer.CompleteAsync().ConfigureAwait(false);
        }

        if (_buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_start, _end, IsComplete) = (0, 0, true);
    }

    /// <summary>Looks at the first octets without taking them: gzip (RFC 1952 section 2.3.1) or a byte order mark.</summary>
    private async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        _isOpened = true;
        (int, int, int) first = await PeekAsync(cancellationToken).ConfigureAwait(false);
        if (first is (0x1F, 0x8B, _))
        {
            _gzip = new(outer.AsStream(leaveOpen: true));
            _unpacked = PipeReader.Create(_gzip, new(bufferSize: 64 * 1024, leaveOpen: true));
            try
            {
                first = await PeekAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDataException)
            {
                (IsComplete, IsDamaged) = (true, true);
                return;
            }
        }

        if (first is not (0xEF, 0xBB, 0xBF)) return;
        ReadResult mark = await Pipe.ReadAtLeastAsync(3, cancellationToken).ConfigureAwait(false);
        Pipe.AdvanceTo(mark.Buffer.GetPosition(3));
    }

    private async ValueTask<(int First, int Second, int Third)> PeekAsync(CancellationToken cancellationToken)
    {
        ReadResult read = await Pipe.ReadAtLeastAsync(3, cancellationToken).ConfigureAwait(false);
        if (read.IsCanceled) throw new OperationCanceledException("The pipe's pending read was cancelled.");
        byte[] first = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, 3)).ToArray();
        Pipe.AdvanceTo(read.Buffer.Start);
        IsComplete = read.IsCompleted && read.Buffer.IsEmpty; // some readers must not be asked again then
        return first.Length < 3 ? default : (first[0], first[1], first[2]);
    }

    private void MakeRoom(int wanted)
    {
        int pending = _end - _start;
        byte[] larger = wanted > _buffer.Length ? ArrayPool<byte>.Shared.Rent(wanted) : _buffer;
        _buffer.AsSpan(_start, pending).CopyTo(larger);
        if (larger != _buffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        (_start, _end) = (0, pending);
    }
}
