using System.Globalization;

namespace PassiveDns.Capture;

/// <summary>
/// Capture files as a source: pcap and pcapng in all their variants, also packed with gzip or Zstandard. Several files are read as one recording, in the
/// order of their first packets, so that a query at the end of one file meets its response at the start of the next.
/// </summary>
/// <remarks>It never drops: it reads only as fast as the caller takes responses.</remarks>
public sealed class PcapFileSource : ICaptureSource
{
    private readonly IReadOnlyList<string> _paths;
    private readonly PacketDecoder _decoder;
    private readonly long? _bytesTotal;
    private CaptureFile? _current;
    private int _next; // of _paths
    private long _bytesBefore; // of files that were closed
    private long _lostBefore; // the same
    private long _lastTime = long.MinValue;
    private int _overlaps;
    private bool _isFirstPacket;
    private bool _hasEnded;
    private bool _isDisposed;
    private CaptureDamage? _damage;
    private int _damagedFiles;

    private PcapFileSource(IReadOnlyList<string> paths, VantageOptions vantage, CaptureFile? first, long? bytesTotal)
    {
        _paths = paths;
        _decoder = new(vantage);
        _current = first;
        _next = first is null ? 0 : 1;
        _isFirstPacket = true;
        _bytesTotal = bytesTotal;
        string name = Path.GetFileName(paths[0]);
        Name = paths.Count == 1 ? name : $"{name} and {paths.Count - 1} more";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>For tests: sees every message before the vantage filter.</summary>
    internal PacketDecoder Decoder => _decoder;

    /// <summary>Opens capture files. Every file's header is checked now, so that a wrong file is told before anything is read.</summary>
    /// <param name="paths">One file or more.</param>
    /// <param name="vantage">Whose traffic may be observed; without resolvers they are inferred.</param>
    /// <exception cref="CaptureFileException">
    /// A file is missing, empty, no capture or of a kind that is not supported; the message is one line that says which and how to mend it.
    /// </exception>
    /// <exception cref="ArgumentException">No path was given, or an option is out of its range.</exception>
    public static PcapFileSource Open(IReadOnlyList<string> paths, VantageOptions? vantage = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0) throw new ArgumentException("Give at least one capture file.", nameof(paths));
        vantage ??= new();
        vantage.Validate();
        return Open(paths, paths.Count == 1 ? FileWindow.Open(paths[0]) : null, vantage);
    }

    internal static PcapFileSource Open(IReadOnlyList<string> paths, FileWindow? only, VantageOptions vantage)
    {
        if (only is not null)
        {
            CaptureFile file = CaptureFile.Open(only);
            return new(paths, vantage, file, file.FileLength);
        }

        List<(long Time, string Path)> order = [];
        long total = 0;
        foreach (string path in paths)
        {
            order.Add((FirstTime(path, out long length), path));
            total += length;
        }

        return new([.. order.OrderBy(file => file.Time).Select(file => file.Path)], vantage, null, total);
    }

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
            if (_current is null)
            {
                if (_next == _paths.Count)
                {
                    _decoder.Complete();
                    _hasEnded = true;
                    continue;
                }

                _current = CaptureFile.Open(_paths[_next++]);
                _isFirstPacket = true;
            }

            switch (Pump(_current, batch))
            {
                case RecordStatus.Packet:
                    return true; // the batch is full
                case RecordStatus.NeedMore when !_current.IsAtEnd:
                    await _current.FillAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case RecordStatus.Damaged:
                    _damage ??= _current.Damage;
                    _damagedFiles++;
                    Close();
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
            BytesRead = Volatile.Read(ref _bytesBefore) + (Volatile.Read(ref _current)?.BytesRead ?? 0),
            BytesTotal = _bytesTotal,
            Damage = Volatile.Read(ref _damage),
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

    private static long FirstTime(string path, out long length)
    {
        using CaptureFile file = CaptureFile.Open(path);
        length = file.FileLength ?? 0;
        for (RecordStatus status = RecordStatus.Other; status != RecordStatus.Damaged && !file.IsAtEnd;)
        {
            status = file.Next(out PacketRecord record, out _);
            if (status == RecordStatus.Packet && record.HasTime) return record.UnixNanoseconds;
            if (status == RecordStatus.NeedMore && !file.IsAtEnd) file.FillAsync(default).AsTask().GetAwaiter().GetResult();
        }

        return long.MaxValue;
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
        if (_current is null) return;
        CaptureFile file = _current;
        Volatile.Write(ref _bytesBefore, _bytesBefore + file.BytesRead);
        Volatile.Write(ref _lostBefore, _lostBefore + file.Lost);
        _current = null;
        file.Dispose();
    }

    private List<string> GetNotes()
    {
        List<string> notes = [.. _decoder.GetNotes()];
        long lost = Volatile.Read(ref _lostBefore) + (Volatile.Read(ref _current)?.Lost ?? 0);
        if (lost > 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"The capturing host lost {lost:N0} packets before they reached the file."));
        }

        if (_overlaps > 0) notes.Add($"{_overlaps} of {_paths.Count} files start before an earlier one ends; they were read one after the other.");
        if (_damagedFiles > 1) notes.Add($"{_damagedFiles} files are damaged; the first one is named.");
        return notes;
    }
}
