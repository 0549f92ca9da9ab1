using System.Buffers;
using System.IO.Compression;

namespace PassiveDns.Capture;

/// <summary>An open capture file: a large window over its octets (unpacked where it is gzip), and the format that reads them.</summary>
internal sealed class CaptureFile : IAsyncDisposable
{
    public const int WindowLength = 1 << 20;

    private const string DamageMend = "what came before it was read; get a whole copy of the file, or cut it there with editcap";
    private const string CutMend = "what came before it was read; the capture was interrupted, or the copy is not whole";
    private const string PackingMend = "what came before it was read; get a whole copy of the file";

    private readonly FileStream _file;
    private readonly Stream _content;
    private readonly CaptureFormat _format;
    private byte[] _window;
    private int _start;
    private int _end;
    private long _skip;
    private bool _atEnd;
    private string? _packingProblem;
    private long _bytesRead;

    private CaptureFile(string path, FileStream file, Stream content, byte[] window, int length, CaptureFormat format, int start, bool atEnd)
    {
        Path = path;
        _file = file;
        _content = content;
        _window = window;
        _end = length;
        _format = format;
        _start = start;
        _atEnd = atEnd;
        Offset = start;
        NoteProgress();
    }

    public string Path { get; }

    /// <summary>Where the window starts in the unpacked content.</summary>
    public long Offset { get; private set; }

    /// <summary>Octets read of the file as it lies on the disk.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Where and how it is damaged, once <see cref="Next"/> has returned <see cref="RecordStatus.Damaged"/>.</summary>
    public CaptureDamage? Damage { get; private set; }

    /// <summary>Packets that the capturing host says it lost before they reached the file.</summary>
    public long Lost => _format.Lost;

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="CaptureFileException">It is missing, empty, no capture, or of a kind that is not supported.</exception>
    public static CaptureFile Open(string path)
    {
        FileStream? file = null;
        byte[] window = ArrayPool<byte>.Shared.Rent(WindowLength);
        try
        {
            const FileShare Share = FileShare.ReadWrite | FileShare.Delete; // the file may still be written or rotated
            file = new(path, FileMode.Open, FileAccess.Read, Share, bufferSize: 0, FileOptions.SequentialScan);
            int length = Fill(file, window, 0);
            CompressionRefusal(path, window.AsSpan(0, length));
            Stream content = file;
            if (length >= 2 && window[0] == 0x1F && window[1] == 0x8B)
            {
                // GZipStream reads from a stream, so the octets that were looked at go in front again.
                Stream packed = file.CanSeek ? Rewound(file) : new PrefixedStream(window.AsSpan(0, length).ToArray(), file);
                content = new GZipStream(packed, CompressionMode.Decompress);
                length = Fill(content, window, 0);
            }

            CaptureFormat? format = CaptureFormat.Detect(window.AsSpan(0, length), out int start, out string problem);
            if (format is null) throw new CaptureFileException($"{path}: {problem}.");
            CaptureFile opened = new(path, file, content, window, length, format, start, atEnd: length < window.Length);
            (file, window) = (null, []);
            return opened;
        }
        catch (InvalidDataException e)
        {
            throw new CaptureFileException($"{path}: the gzip data is damaged at its start; get a whole copy.", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CaptureFileException($"{path}: there is no such file; check the path.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            string problem = Directory.Exists(path)
                ? "this is a directory; give the capture files in it"
                : "it may not be read; give this user the right to read it";
            throw new CaptureFileException($"{path}: {problem}.", e);
        }
        catch (IOException e) when (e is not CaptureFileException)
        {
            throw new CaptureFileException($"{path}: it cannot be read ({e.Message}).", e);
        }
        finally
        {
            file?.Dispose();
            if (window.Length > 0) ArrayPool<byte>.Shared.Return(window);
        }
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
                return _atEnd ? Cut(0) : RecordStatus.NeedMore;
            }

            ReadOnlySpan<byte> window = _window.AsSpan(_start, _end - _start);
            RecordStatus status = _format.Read(window, out record, out long consumed);
            packet = default;
            if (status == RecordStatus.Damaged) return Fail(_format.Problem, DamageMend);
            if (status == RecordStatus.NeedMore) return _atEnd ? Cut(window.Length) : status;
            packet = window.Slice(record.Offset, record.Length);
            _skip = consumed;
            if (status != RecordStatus.Other) return status;
        }
    }

    /// <summary>Whether all was read, up to the last octet.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Reads on until the window is full or the file ends.</summary>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _window.AsSpan(_start, _end - _start).CopyTo(_window);
        (_start, _end) = (0, _end - _start);
        try
        {
            while (_end < _window.Length)
            {
                int read = await _content.ReadAsync(_window.AsMemory(_end), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    _atEnd = true;
                    break;
                }

                _end += read;
            }
        }
        catch (InvalidDataException)
        {
            _atEnd = true;
            _packingProblem = "the gzip data is damaged";
        }

        NoteProgress();
    }

    /// <summary>Closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        byte[] window = _window;
        _window = [];
        (_start, _end) = (0, 0);
        if (window.Length > 0) ArrayPool<byte>.Shared.Return(window);
        await _content.DisposeAsync().ConfigureAwait(false);
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    private static FileStream Rewound(FileStream file)
    {
        file.Position = 0;
        return file;
    }

    private static int Fill(Stream stream, byte[] window, int length)
    {
        while (length < window.Length)
        {
            int read = stream.Read(window, length, window.Length - length);
            if (read == 0) break;
            length += read;
        }

        return length;
    }

    private static void CompressionRefusal(string path, ReadOnlySpan<byte> start)
    {
        string? how = start switch
        {
            [0x28, 0xB5, 0x2F, 0xFD, ..] => "Zstandard; decompress it first: zstd -d FILE",
            [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, ..] => "xz; decompress it first: xz -dk FILE",
            [0x04, 0x22, 0x4D, 0x18, ..] or [0x02, 0x21, 0x4C, 0x18, ..] => "lz4; decompress it first: lz4 -d FILE",
            [0x42, 0x5A, 0x68, ..] => "bzip2; decompress it first: bzip2 -dk FILE",
            _ => null,
        };
        if (how is null) return;
        throw new CaptureFileException($"{path}: the file is compressed with {how}. Of the compressed files only gzip is read as it is.");
    }

    // Goes over octets that were read, as far as the window reaches.
    private bool Skip()
    {
        int step = (int)Math.Min(_skip, _end - _start);
        _start += step;
        _skip -= step;
        Offset += step;
        return _skip == 0;
    }

    private RecordStatus Cut(int left)
    {
        if (_packingProblem is not null) return Fail(_packingProblem, PackingMend);
        if (left == 0 && _skip == 0)
        {
            IsAtEnd = true;
            return RecordStatus.NeedMore;
        }

        return Fail("the file ends inside a record", CutMend);
    }

    private RecordStatus Fail(string problem, string mend)
    {
        Damage = new(System.IO.Path.GetFileName(Path), Offset, problem, mend);
        return RecordStatus.Damaged;
    }

    private void NoteProgress() => Volatile.Write(ref _bytesRead, _file.CanSeek ? _file.Position : Offset);
}
