namespace PassiveDns.Capture;

/// <summary>An open pcap or pcapng file: the window over its octets, and the format that reads packets from it.</summary>
internal sealed class CaptureFile : IRecordedFile
{
    private const string DamageMend = "what came before it was read; get a whole copy of the file, or cut it there with editcap";
    private const string CutMend = "what came before it was read; the capture was interrupted, or the copy is not whole";
    private const string PackingMend = "what came before it was read; get a whole copy of the file";

    private readonly FileWindow _window;
    private readonly CaptureFormat _format;
    private long _skip;

    private CaptureFile(FileWindow window, CaptureFormat format)
    {
        _window = window;
        _format = format;
    }

    /// <inheritdoc/>
    public long BytesRead => _window.BytesRead;

    /// <inheritdoc/>
    public long? FileLength => _window.FileLength;

    /// <summary>Where and how it is damaged, once <see cref="Next"/> has returned <see cref="RecordStatus.Damaged"/>.</summary>
    public CaptureDamage? Damage { get; private set; }

    /// <summary>Packets that the capturing host says it lost before they reached the file.</summary>
    public long Lost => _format.Lost;

    /// <summary>Whether all was read, up to the last octet.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="CaptureFileException">It is missing, empty, no capture, or of a kind that is not supported.</exception>
    public static CaptureFile Open(string path) => Open(FileWindow.Open(path));

    /// <summary>Reads the header of a file that is open. It owns the window also when it throws.</summary>
    /// <exception cref="CaptureFileException">It is empty, no capture, or of a kind that is not supported.</exception>
    public static CaptureFile Open(FileWindow window)
    {
        CaptureFormat? format = CaptureFormat.Detect(window.Octets, out int start, out string problem);
        if (format is null)
        {
            window.Dispose();
            throw new CaptureFileException($"{window.Path}: {problem}.");
        }

        window.Advance(start);
        return new(window, format);
    }

    /// <summary>Takes the next record from the window.</summary>
    /// <returns><see cref="RecordStatus.NeedMore"/> if <see cref="FillAsync"/> must be called first, or <see cref="IsAtEnd"/> holds.</returns>
    public RecordStatus Next(out PacketRecord record, out ReadOnlySpan<byte> packet)
    {
        while (true)
        {
            if (_skip > 0 && !Skip())
            {
                record = default;
                packet = default;
                return _window.IsLast ? Cut(0) : RecordStatus.NeedMore;
            }

            ReadOnlySpan<byte> octets = _window.Octets;
            RecordStatus status = _format.Read(octets, out record, out long consumed);
            packet = default;
            if (status == RecordStatus.Damaged) return Fail(_format.Problem, DamageMend);
            if (status == RecordStatus.NeedMore) return _window.IsLast ? Cut(octets.Length) : status;
            packet = octets.Slice(record.Offset, record.Length);
            _skip = consumed;
            if (status != RecordStatus.Other) return status;
        }
    }

    /// <inheritdoc/>
    public long FindFirstTime()
    {
        for (RecordStatus status = RecordStatus.Other; status != RecordStatus.Damaged && !IsAtEnd;)
        {
            status = Next(out PacketRecord record, out _);
            if (status == RecordStatus.Packet && record.HasTime) return record.UnixNanoseconds;
            if (status == RecordStatus.NeedMore && !IsAtEnd) FillAsync(default).AsTask().GetAwaiter().GetResult();
        }

        return long.MaxValue;
    }

    /// <summary>Reads on until the window is full or the file ends.</summary>
    public ValueTask FillAsync(CancellationToken cancellationToken) => _window.FillAsync(cancellationToken);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _window.Dispose();

    // Goes over octets that were read, as far as the window reaches.
    private bool Skip()
    {
        int step = (int)Math.Min(_skip, _window.Octets.Length);
        _window.Advance(step);
        _skip -= step;
        return _skip == 0;
    }

    private RecordStatus Cut(int left)
    {
        if (_window.PackingProblem is { } problem) return Fail(problem, PackingMend);
        if (left == 0 && _skip == 0)
        {
            IsAtEnd = true;
            return RecordStatus.NeedMore;
        }

        return Fail("the file ends inside a record", CutMend);
    }

    private RecordStatus Fail(string problem, string mend)
    {
        Damage = new(_window.Path, _window.Offset, problem, mend);
        return RecordStatus.Damaged;
    }
}
