using System.Globalization;

namespace PassiveDns.Capture;

/// <summary>
/// Capture files as a source: pcap and pcapng in all their variants, also packed with gzip or Zstandard. Several files are read as one recording, in the
/// order of their first packets, so that a query at the end of one file meets its response at the start of the next.
/// </summary>
/// <remarks>It never drops: it reads only as fast as the caller takes responses.</remarks>
public sealed class PcapFileSource : ICaptureSource
{
    private readonly Recording<CaptureFile> _files;
    private readonly PacketDecoder _decoder;
    private long _lostBefore; // of files that were closed
    private long _lastTime = long.MinValue;
    private int _overlaps;
    private bool _isFirstPacket = true;
    private bool _hasEnded;
    private bool _isDisposed;

    private PcapFileSource(Recording<CaptureFile> files, VantageOptions vantage, Action<TracedFate>? trace)
    {
        _files = files;
        _decoder = new(vantage, trace);
    }

    /// <inheritdoc/>
    public string Name => _files.Name;

    /// <summary>For tests: sees every message before the vantage filter.</summary>
    internal PacketDecoder Decoder => _decoder;

    /// <summary>Opens capture files. Every file's header is checked now, so that a wrong file is told before anything is read.</summary>
    /// <param name="paths">One file or more.</param>
    /// <param name="vantage">Whose traffic may be observed; without resolvers they are inferred.</param>
    /// <param name="trace">Hears what became of each packet, message and query when it is settled; <c>null</c> costs nothing.</param>
    /// <exception cref="CaptureFileException">
    /// A file is missing, empty, no capture or of a kind that is not supported; the message is one line that says which and how to mend it.
    /// </exception>
    /// <exception cref="ArgumentException">No path was given, or an option is out of its range.</exception>
    public static PcapFileSource Open(IReadOnlyList<string> paths, VantageOptions? vantage = null, Action<TracedFate>? trace = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0) throw new ArgumentException("Give at least one capture file.", nameof(paths));
        vantage ??= new();
        vantage.Validate();
        return Open(paths, paths.Count == 1 ? FileWindow.Open(paths[0]) : null, vantage, trace);
    }

    internal static PcapFileSource Open(IReadOnlyList<string> paths, FileWindow? only, VantageOptions vantage, Action<TracedFate>? trace) =>
        new(Recording<CaptureFile>.Open(paths, only, CaptureFile.Open), vantage, trace);

    /// <inheritdoc/>
    public async ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (true)
        {
            if (!_decoder.TryDrain(batch)) return true;
            if (_hasEnded) return false;
            cancellationToken.ThrowIfCancellationRequested();
            if (_files.Advance() is not { } file)
            {
                _decoder.Complete();
                _hasEnded = true;
                continue;
            }

            switch (Pump(file, batch))
            {
                case RecordStatus.Packet:
                    return true; // the batch is full
                case RecordStatus.NeedMore when !file.IsAtEnd:
                    await file.FillAsync(cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    Close();
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public CaptureReport GetReport()
    {
        return _decoder.GetReport() with
        {
            BytesRead = _files.BytesRead,
            BytesTotal = _files.BytesTotal,
            Damage = _files.Damage,
            Notes = GetNotes(),
        };
    }

    /// <summary>Closes the files.</summary>
    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        Close();
        return ValueTask.CompletedTask;
    }

    // Decodes what the window holds: the synchronous part, between two awaits.
    private RecordStatus Pump(CaptureFile file, MessageBatch batch)
    {
        while (true)
        {
            RecordStatus status = file.Next(out PacketRecord record, out ReadOnlySpan<byte> packet);
            if (status == RecordStatus.Packet)
            {
                if (!record.HasTime)
                {
                    _decoder.CountPacket(PacketFate.NoTime);
                    continue;
                }

                if (_isFirstPacket) NoteStart(record.UnixNanoseconds);
                if (record.UnixNanoseconds > _lastTime) _lastTime = record.UnixNanoseconds;
                _decoder.Decode(record.Link, packet, record.OriginalLength, record.UnixNanoseconds);
                if (!_decoder.TryDrain(batch)) return RecordStatus.Packet;
            }
            else if (status == RecordStatus.Orphan)
            {
                _decoder.CountPacket(PacketFate.UnknownLink);
            }
            else
            {
                return status;
            }
        }
    }

    private void NoteStart(long unixNanoseconds)
    {
        _isFirstPacket = false;
        if (unixNanoseconds < _lastTime) _overlaps++;
    }

    private void Close()
    {
        if (_files.Current is { } file) Volatile.Write(ref _lostBefore, _lostBefore + file.Lost);
        _files.Close();
        _isFirstPacket = true;
    }

    private List<string> GetNotes()
    {
        List<string> notes = [.. _decoder.GetNotes()];
        long lost = Volatile.Read(ref _lostBefore) + (_files.Current?.Lost ?? 0);
        if (lost > 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"The capturing host lost {lost:N0} packets before they reached the file."));
        }

        if (_overlaps > 0) notes.Add($"{_overlaps} of {_files.Count} files start before an earlier one ends; they were read one after the other.");
        _files.AddNotes(notes);
        return notes;
    }
}
