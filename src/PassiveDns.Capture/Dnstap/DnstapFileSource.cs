using System.Globalization;

namespace PassiveDns.Capture;

/// <summary>
/// Files of dnstap in Frame Streams, or of PowerDNS messages, as a source, also packed. Several files are read as one recording, in the order of their first times, so that a
/// query at the end of one file meets its response at the start of the next.
/// </summary>
/// <remarks>It never drops: it reads only as fast as the caller takes responses.</remarks>
public sealed class DnstapFileSource : ICaptureSource
{
    private readonly Recording<DnstapFile> _files;
    private readonly DnstapDecoder _decoder;
    private readonly DnstapCounters _closed = new(); // control frames of files that were closed
    private int _notStopped;
    private bool _hasEnded;
    private bool _isDisposed;

    private DnstapFileSource(Recording<DnstapFile> files, DnstapDecoder decoder)
    {
        _files = files;
        _decoder = decoder;
    }

    /// <inheritdoc/>
    public string Name => _files.Name;

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
        int maxFrameLength = vantage.Dnstap.MaxFrameLength;
        return new(Recording<DnstapFile>.Open(paths, only, window => DnstapFile.Open(window, format, maxFrameLength)), new(vantage, format, trace));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (!_hasEnded)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_files.Advance() is not { } file)
            {
                _decoder.Complete();
                _hasEnded = true;
                break;
            }

            switch (Pump(file, batch))
            {
                case FrameStreamStatus.Frame:
                    return true; // the batch is full
                case FrameStreamStatus.NeedMore:
                    await file.FillAsync(cancellationToken).ConfigureAwait(false);
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
        if (_files.Current is { } file) counters.Add(file.Frames.Controls);
        List<string> notes = counters.ToNotes();
        if (_notStopped > 0) notes.Add(string.Create(CultureInfo.InvariantCulture, $"{_notStopped:N0} files end without a STOP frame, as they do when the writer was ended by force."));
        _files.AddNotes(notes);
        return new()
        {
            BytesRead = _files.BytesRead,
            BytesTotal = _files.BytesTotal,
            Packets = counters.Frames.Total,
            Messages = counters.Messages.Total,
            Observed = counters.Messages[DnstapFate.Observed],
            Account = counters.ToAccount(),
            Damage = _files.Damage,
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
        if (_files.Current is not { } file) return;
        if (file.Frames.End == FrameStreamEnd.FrameTooLong) _decoder.CountBroken(FrameFate.TooLong);
        if (file.Frames is { End: FrameStreamEnd.Cut, IsInsideFrame: true }) _decoder.CountBroken(FrameFate.Cut);
        if (file.Frames.End == FrameStreamEnd.NotStopped) _notStopped++;
        Tally<ControlFate> controls = file.Frames.Controls;
        _files.Close();
        _closed.Add(controls);
    }
}
