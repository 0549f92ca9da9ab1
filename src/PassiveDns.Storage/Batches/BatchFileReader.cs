using System.Buffers.Binary;

namespace PassiveDns.Storage.Batches;

/// <summary>
/// Reads batches from a file that <see cref="BatchFileWriter"/> wrote, from a segment of a spool, or from several of them one behind the other. Nothing in the
/// octets is trusted: whatever they are, the time is linear in their number, never more than one record is held, and what had to be passed over is told.
/// </summary>
/// <example>
/// <code>
/// while (await reader.ReadAsync() is { } batch) await store.WriteAsync(batch);
/// </code>
/// </example>
public sealed class BatchFileReader
{
    private readonly Stream _content;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private long _offset; // of what stands at _start
    private ulong _salt;
    private long _firstBatch; // those of this file begin behind so many
    private long _firstRow;
    private bool _hasFile;
    private bool _hasEnd; // a whole file was read
    private bool _isAtEnd;
    private bool _isDone;

    /// <summary>Reads from a stream.</summary>
    /// <param name="content">
    /// The octets, unpacked; the stream stays open. One that throws <see cref="InvalidDataException"/> says that what it unpacks is damaged.
    /// </param>
    /// <param name="maxKeptFaults">The most faults of which the place is kept; all are counted.</param>
    public BatchFileReader(Stream content, int maxKeptFaults = 100)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(maxKeptFaults);
        _content = content;
        Report = new(maxKeptFaults);
    }

    /// <summary>What was read and what could not be.</summary>
    public BatchFileReport Report { get; }

    /// <summary>What the writer noted on the batch read last.</summary>
    public string Note { get; private set; } = "";

    /// <summary>Whether a file begins as one that this class reads.</summary>
    /// <param name="start">Its first octets, unpacked; 8 are enough.</param>
    public static bool IsBatchFile(ReadOnlySpan<byte> start) => start.StartsWith(BatchFrame.FileMark);

    /// <summary>Reads the next batch.</summary>
    /// <param name="cancellationToken">Ends waiting for input.</param>
    /// <returns>The batch, or <c>null</c> at the end.</returns>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public async ValueTask<ObservationBatch?> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (!_isDone)
        {
            if (!_hasFile)
            {
                await ReadFileFrameAsync(cancellationToken).ConfigureAwait(false);
            }
            else if (!await FillAsync(BatchFrame.RecordLength, cancellationToken).ConfigureAwait(false))
            {
                End(BatchFileError.CutOff);
            }
            else if (!TryReadFrame(out bool isEnd, out int length, out uint checksum))
            {
                await PassOverAsync(cancellationToken).ConfigureAwait(false);
            }
            else if (!await FillAsync(BatchFrame.RecordLength + length, cancellationToken).ConfigureAwait(false))
            {
                End(BatchFileError.CutOff);
            }
            else
            {
                ObservationBatch? batch = TakeRecord(isEnd, length, checksum);
                if (batch is not null) return batch;
            }
        }

        return null;
    }

    private async ValueTask ReadFileFrameAsync(CancellationToken cancellationToken)
    {
        bool isWhole = await FillAsync(BatchFrame.FileLength, cancellationToken).ConfigureAwait(false);
        if (_end == _start && _hasEnd)
        {
            _isDone = true;
            return;
        }

        bool isNewer = false;
        if (!isWhole || !BatchFrame.TryReadFile(_buffer.AsSpan(_start, _end - _start), out _salt, out isNewer))
        {
            End(isNewer ? BatchFileError.NewerVersion : BatchFileError.NotABatchFile);
            return;
        }

        _hasFile = true;
        (_firstBatch, _firstRow) = (Report.Batches, Report.Rows);
        Skip(BatchFrame.FileLength);
    }

    private bool TryReadFrame(out bool isEnd, out int length, out uint checksum)
    {
        ReadOnlySpan<byte> frame = _buffer.AsSpan(_start, BatchFrame.RecordLength);
        isEnd = BatchFrame.TryReadRecord(frame, BatchFrame.EndMark, _salt, out length, out checksum) && length == BatchFrame.EndLength;
        return isEnd || BatchFrame.TryReadRecord(frame, BatchFrame.RecordMark, _salt, out length, out checksum);
    }

    private ObservationBatch? TakeRecord(bool isEnd, int length, uint checksum)
    {
        ReadOnlySpan<byte> body = _buffer.AsSpan(_start + BatchFrame.RecordLength, length);
        ObservationBatch? batch = null;
        if (BatchFrame.Checksum((uint)_salt, body) != checksum)
        {
            Report.Add(BatchFileError.DamagedRecord, _offset);
        }
        else if (isEnd)
        {
            bool agrees = BinaryPrimitives.ReadInt64BigEndian(body) == Report.Batches - _firstBatch && BinaryPrimitives.ReadInt64BigEndian(body[8..]) == Report.Rows - _firstRow;
            if (!agrees) Report.Add(BatchFileError.WrongTotals, _offset);
            (_hasFile, _hasEnd) = (false, true);
        }
        else if (BatchRecord.TryRead(body, out batch, out string note))
        {
            Note = note;
            Report.Batches++;
            Report.Rows += batch.Rows.Count;
        }
        else
        {
            Report.Add(BatchFileError.DamagedRecord, _offset);
        }

        Skip(BatchFrame.RecordLength + length);
        return batch;
    }

    /// <summary>Goes to the next frame whose checksum holds.</summary>
    private async ValueTask PassOverAsync(CancellationToken cancellationToken)
    {
        Report.Add(BatchFileError.DamagedFrame, _offset);
        do
        {
            Skip(1);
            int found = _buffer.AsSpan(_start, _end - _start).IndexOf(BatchFrame.RecordMark[..BatchFrame.CommonMark]);
            Skip(found >= 0 ? found : Math.Max(_end - _start - BatchFrame.CommonMark, 0));
            if (!await FillAsync(BatchFrame.RecordLength, cancellationToken).ConfigureAwait(false))
            {
                Skip(_end - _start); // nothing more can begin here: the place is the end, in whatever pieces the input came
                End(BatchFileError.CutOff);
                return;
            }
        }
        while (!TryReadFrame(out _, out _, out _));
    }

    private void End(BatchFileError error)
    {
        Report.Add(error, _offset);
        _isDone = true;
    }

    private void Skip(int octets)
    {
        _start += octets;
        _offset += octets;
    }

    /// <summary>Sees to it that so many octets stand in the window. It grows with what is there, not with what a frame claims.</summary>
    private async ValueTask<bool> FillAsync(int octets, CancellationToken cancellationToken)
    {
        while (_end - _start < octets && !_isAtEnd)
        {
            if (_end == _buffer.Length)
            {
                if (_start == 0) Array.Resize(ref _buffer, 2 * _buffer.Length);
                else _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }

            try
            {
                int read = await _content.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
                _end += read;
                _isAtEnd = read == 0;
            }
            catch (InvalidDataException)
            {
                Report.Add(BatchFileError.DamagedCompression, _offset + _end - _start);
                _isAtEnd = true;
            }
        }

        return _end - _start >= octets;
    }
}
