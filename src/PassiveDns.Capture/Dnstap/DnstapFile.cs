using System.Buffers.Binary;
using System.IO.Pipelines;

namespace PassiveDns.Capture;

/// <summary>An open file of dnstap or of PowerDNS messages: a stream of frames out of a file.</summary>
internal sealed class DnstapFile : IRecordedFile
{
    private const string CutMend = "what came before it was read; the writer was interrupted, or the copy is not whole";
    private const string DamageMend = "what came before it was read; get a whole copy of the file";
    private const int PipeOctets = 1 << 17;

    private readonly FileWindow _window;
    private readonly PowerDnsReader? _powerDns; // to find the first time

    private DnstapFile(FileWindow window, TapFormat format, int maxFrameLength)
    {
        _window = window;
        _powerDns = format == TapFormat.PowerDns ? new() : null;
        FrameStreamRole role = format == TapFormat.PowerDns ? FrameStreamRole.LengthPrefixed : FrameStreamRole.File;
        Frames = new(PipeReader.Create(new FileWindowStream(window), new(bufferSize: PipeOctets)), role, maxFrameLength);
    }

    /// <summary>Its frames.</summary>
    public FrameStream Frames { get; }

    /// <summary>Whether <see cref="FrameStream.Frame"/> holds a frame that nobody has taken yet.</summary>
    public bool IsFrameWaiting { get; set; }

    /// <inheritdoc/>
    public long BytesRead => _window.BytesRead;

    /// <inheritdoc/>
    public long? FileLength => _window.FileLength;

    /// <inheritdoc/>
    public CaptureDamage? Damage
    {
        get
        {
            if (Frames.End == FrameStreamEnd.Open) return null;
            (string Problem, string Mend)? damage = Frames.End switch
            {
                _ when _window.PackingProblem is { } problem => (problem, DamageMend),
                FrameStreamEnd.Cut => ("the file ends inside a frame", CutMend),
                FrameStreamEnd.FrameTooLong => ("a frame is longer than Vantage.Dnstap.MaxFrameLength", "what came before it was read; raise the limit if the file is sound"),
                FrameStreamEnd.MalformedControl => ("a control frame is malformed or has no place there", DamageMend),
                FrameStreamEnd.OtherContent => ($"what follows is not dnstap but '{Frames.ContentType}'", "what came before it was read"),
                _ => null,
            };
            return damage is { } d ? new(_window.Path, Frames.Offset, d.Problem, d.Mend) : null;
        }
    }

    /// <summary>Whether a file of Frame Streams begins so: an escape, a length, START.</summary>
    public static bool IsStart(ReadOnlySpan<byte> start) => start.Length >= 12
        && BinaryPrimitives.ReadUInt32BigEndian(start) == 0
        && BinaryPrimitives.ReadUInt32BigEndian(start[4..]) is >= 4 and <= ControlFrame.MaxLength
        && BinaryPrimitives.ReadUInt32BigEndian(start[8..]) == (uint)ControlFrameType.Start;

    /// <summary>
    /// Whether a file of PowerDNS messages begins so. It has no mark of its own: the first message must be there as far as its length says, be read to its end, and
    /// be of a kind that PowerDNS sends.
    /// </summary>
    public static bool IsPowerDnsStart(ReadOnlySpan<byte> start)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(start, out ushort length) || start.Length - 2 < length) return false;
        return new PowerDnsReader().Read(start.Slice(2, length), out _) == FrameFate.Message;
    }

    /// <summary>Reads the start of a file that is open. It owns the window also when it throws.</summary>
    /// <exception cref="CaptureFileException">It is empty or of another kind.</exception>
    public static DnstapFile Open(FileWindow window, TapFormat format, int maxFrameLength)
    {
        DnstapFile file = new(window, format, maxFrameLength);
        try
        {
            file.Begin();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads on.</summary>
    /// <exception cref="IOException">The medium failed.</exception>
    public ValueTask FillAsync(CancellationToken cancellationToken) => Frames.FillAsync(cancellationToken);

    /// <inheritdoc/>
    public long FindFirstTime()
    {
        for (FrameStreamStatus status = IsFrameWaiting ? FrameStreamStatus.Frame : FrameStreamStatus.NeedMore; status != FrameStreamStatus.Ended; status = Frames.Next())
        {
            if (status == FrameStreamStatus.NeedMore) Fill();
            else if (ReadTime(Frames.Frame) is { } time) return time;
        }

        return long.MaxValue;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        Frames.Complete();
        _window.Dispose();
    }

    private long? ReadTime(ReadOnlySpan<byte> frame)
    {
        FrameFate fate = _powerDns is null ? DnstapMessage.Read(frame, out DnstapMessage message) : _powerDns.Read(frame, out message);
        return fate == FrameFate.Message ? message.ResponseTime ?? message.QueryTime : null;
    }

    private void Begin()
    {
        if (_powerDns is not null ? !IsPowerDnsStart(_window.Octets) : !IsStart(_window.Octets))
        {
            throw new CaptureFileException($"{_window.Path}: "
                + (_window.Octets.IsEmpty ? "the file is empty; nothing was logged, or it was not written to its end." : $"this is no {(_powerDns is null ? "dnstap file; give one that a DNS server or fstrm_capture wrote" : "file of PowerDNS messages; give what was received at the port")}."));
        }

        FrameStreamStatus status;
        while ((status = Frames.Next()) == FrameStreamStatus.NeedMore) Fill();
        IsFrameWaiting = status == FrameStreamStatus.Frame;
        if (Frames.HasStarted) return;
        throw new CaptureFileException(Frames.End == FrameStreamEnd.OtherContent
            ? $"{_window.Path}: its frames hold '{Frames.ContentType}' and not dnstap; give a file that a DNS server wrote."
            : $"{_window.Path}: the dnstap file is damaged at its start; get a whole copy.");
    }

    // The pipe stands on a window that was read when the file was opened, so this seldom waits.
    private void Fill() => FillAsync(default).AsTask().GetAwaiter().GetResult();
}
