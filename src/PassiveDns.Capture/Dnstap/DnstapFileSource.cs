using System.Globalization;

namespace PassiveDns.Capture;

/// <summary>
/// Files of dnstap in Frame Streams, or of PowerDNS messages, as a source, also packed. Several files are read as one recording, in the order of their first times, so that a
/// query at the end of one file meets its response at the start of the next.
/// </summary>
/// <remarks>It never drops: it reads only as fast as the caller takes responses.</remarks>
public sealed class DnstapFileSource : ICaptureSource
{
    private readonly IReadOnlyList<string> _paths;
    private readonly DnstapDecoder _decoder;
    private readonly DnstapCounters _closed = new(); // control frames of files that were closed
    private readonly TapFormat _format;
    private readonly int _maxFrameLength;
    private readonly long? _bytesTotal;
    private DnstapFile? _current;
    private int _next; // of _paths
    private long _bytesBefore; // of files that were closed
    private int _notStopped;
    private bool _hasEnded;
    private bool _isDisposed;
    private CaptureDamage? _damage;
    private int _damagedFiles;

    private DnstapFileSource(IReadOnlyList<string> paths, TapFormat format, VantageOptions vantage, Action<TracedFate>? trace, DnstapFile? first, long? bytesTotal)
    {
        _paths = paths;
        _decoder = new(vantage, format, trace);
        _format = format;
        _maxFrameLength = vantage.Dnstap.MaxFrameLength;
        _current = first;
        _next = first is null ? 0 : 1;
        _bytesTotal = bytesTotal;
        string name = Path.GetFileName(paths[0]);
        Name = paths.Count == 1 ? name : $"{name} and {paths.Count - 1} more";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Opens dnstap files. Every file's start is checked now, so that a wrong file is told before anything is read.</summary>
    /// <param name="paths">One file or more.</param>
    /// <param name="vantage">What may be observed; see <see cref="VantageOptions.Dnstap"/>.</param>
    /// <exception cref="CaptureFileException">
    /// A file is missing, empty, no dnstap or packed in a way that is not supported; the message is one line that says which and how to mend it.
    /// </exception>
    /// <exception cref="ArgumentException">No path was given, or an option is out of its range.</exception>
    public static DnstapFileSource Open(IReadOnlyList<string> paths, VantageOptions? vantage = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0) throw new ArgumentException("Give at least one dnstap file.", nameof(paths));
        vantage ??= new();
        vantage.Validate();
        return Open(paths, paths.Count == 1 ? FileWindow.Open(paths[0]) : null, TapFormat.Dnstap, vantage, null);
    }

    internal static DnstapFileSource Open(IReadOnlyList<string> paths, FileWindow? only, TapFormat format, VantageOptions vantage, Action<TracedFate>? trace)
    {
        if (only is not null)
        {
            DnstapFile file = DnstapFile.Open(only, format, vantage.Dnstap.MaxFrameLength);
            return new(paths, format, vantage, trace, file, file.FileLength);
        }

        List<(long Time, string Path)> order = [];
        long total = 0;
        foreach (string path in paths)
        {
            using DnstapFile file = DnstapFile.Open(FileWindow.Open(path), format, vantage.Dnstap.MaxFrameLength);
            order.Add((file.FindFirstTime(), path));
            total += file.FileLength ?? 0;
        }

        return new([.. order.OrderBy(file => file.Time).Select(file => file.Path)], format, vantage, trace, null, total);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (!_hasEnded)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_current is null)
            {
                if (_next == _paths.Count)
                {
                    _decoder.Complete();
                    _hasEnded = true;
                    break;
                }

                _current = DnstapFile.Open(FileWindow.Open(_paths[_next++]), _format, _maxFrameLength);
            }

            switch (Pump(_current, batch))
            {
                case FrameStreamStatus.Frame:
                    return true; // the batch is full
                case FrameStreamStatus.NeedMore:
                    await _current.FillAsync(cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    Close();
                    break;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public CaptureReport GetReport()
    {
        DnstapCounters counters = new();
        counters.Add(_decoder.Counters);
        counters.Add(_closed.Controls);
        if (Volatile.Read(ref _current) is { } file) counters.Add(file.Frames.Controls);
        List<string> notes = counters.ToNotes();
        if (_notStopped > 0) notes.Add(string.Create(CultureInfo.InvariantCulture, $"{_notStopped:N0} files end without a STOP frame, as they do when the writer was ended by force."));
        if (_damagedFiles > 1) notes.Add(string.Create(CultureInfo.InvariantCulture, $"{_damagedFiles:N0} files are damaged; the first one is named."));
        return new()
        {
            BytesRead = Volatile.Read(ref _bytesBefore) + (Volatile.Read(ref _current)?.BytesRead ?? 0),
            BytesTotal = _bytesTotal,
            Packets = counters.Frames.Total,
            Messages = counters.Messages.Total,
            Observed = counters.Messages[DnstapFate.Observed],
            Account = counters.ToAccount(),
            Damage = Volatile.Read(ref _damage),
            Notes = notes,
        };
    }

    /// <summary>Closes the files.</summary>
    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        Close();
        return ValueTask.CompletedTask;
    }

    // Takes what the pipe holds: the synchronous part, between two awaits.
    private FrameStreamStatus Pump(DnstapFile file, MessageBatch batch)
    {
        FrameStream frames = file.Frames;
        while (true)
        {
            FrameStreamStatus status = file.IsFrameWaiting ? FrameStreamStatus.Frame : frames.Next();
            if (status != FrameStreamStatus.Frame) return status;
            file.IsFrameWaiting = !_decoder.TryTake(frames.Frame, null, batch);
            if (file.IsFrameWaiting) return status;
        }
    }

    private void Close()
    {
        if (_current is null) return;
        DnstapFile file = _current;
        if (file.Frames.End == FrameStreamEnd.FrameTooLong) _decoder.CountBroken(FrameFate.TooLong);
        if (file.Frames is { End: FrameStreamEnd.Cut, IsInsideFrame: true }) _decoder.CountBroken(FrameFate.Cut);
        if (file.Frames.End == FrameStreamEnd.NotStopped) _notStopped++;
        if (file.FindDamage() is { } damage)
        {
            _damage ??= damage;
            _damagedFiles++;
        }

        Volatile.Write(ref _bytesBefore, _bytesBefore + file.BytesRead);
        _closed.Add(file.Frames.Controls);
        _current = null;
        file.Dispose();
    }
}
