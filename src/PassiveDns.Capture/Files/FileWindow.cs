using System.Buffers;

namespace PassiveDns.Capture;

/// <summary>
/// An open file of captured traffic: a large window over its octets, unpacked where it is gzip or Zstandard. Readers of all kinds of files stand on it.
/// </summary>
internal sealed class FileWindow : IDisposable
{
    /// <summary>The octets that a full window holds.</summary>
    public const int Capacity = 1 << 20;

    private readonly FileStream _file;
    private readonly Stream _content;
    private readonly string? _packing;
    private byte[] _window;
    private int _start;
    private int _end;
    private long _bytesRead;

    private FileWindow(string path, FileStream file, Stream content, string? packing, byte[] window)
    {
        Path = path;
        _file = file;
        _content = content;
        _packing = packing;
        _window = window;
        FileLength = file.CanSeek && file.Length > 0 ? file.Length : null; // devices say 0
    }

    /// <summary>The file, as it was named.</summary>
    public string Path { get; }

    /// <summary>The length of the file as it lies on the disk; <c>null</c> for a pipe or device.</summary>
    public long? FileLength { get; }

    /// <summary>The octets read and not passed by, from the current place on. They stay until the next call of <see cref="FillAsync"/>.</summary>
    public ReadOnlySpan<byte> Octets => _window.AsSpan(_start, _end - _start);

    /// <summary>Where <see cref="Octets"/> starts in the unpacked content.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether nothing comes behind <see cref="Octets"/>.</summary>
    public bool IsLast { get; private set; }

    /// <summary>Why the content ended too early, because what packs it is damaged; else <c>null</c>.</summary>
    public string? PackingProblem { get; private set; }

    /// <summary>Octets read of the file as it lies on the disk. May be asked from any thread.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Opens a file and reads its first window.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isAlone">Whether it is the only file, so that it may be a pipe, which can be read only once.</param>
    /// <exception cref="CaptureFileException">It is missing, may not be read, or is packed in a way that is not supported.</exception>
    public static FileWindow Open(string path, bool isAlone = true)
    {
        FileStream? file = null;
        try
        {
            const FileShare Share = FileShare.ReadWrite | FileShare.Delete; // the file may still be written or rotated
            file = new(path, FileMode.Open, FileAccess.Read, Share, bufferSize: 0, FileOptions.SequentialScan);
            if (!isAlone && !file.CanSeek) throw new CaptureFileException($"{path}: this is a pipe, which can be read only once; give it alone, or save it as a file first.");
            FileWindow opened = Open(path, file);
            file = null;
            return opened;
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
        }
    }

    /// <summary>Passes octets by.</summary>
    /// <param name="count">How many, at most the length of <see cref="Octets"/>.</param>
    public void Advance(int count)
    {
        _start += count;
        Offset += count;
    }

    /// <summary>Reads on until the window is full or the content ends. Octets not passed by are kept, so it does nothing when the window is full of them.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The medium failed.</exception>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Shift();
        if (_file.CanSeek)
        {
            Fill(); // a file on a disk is not waited for: another thread would only read it into the wrong processor's cache
            return;
        }

        try
        {
            while (!IsLast && _end < Capacity)
            {
                int read = await _content.ReadAsync(_window.AsMemory(_end, Capacity - _end), cancellationToken).ConfigureAwait(false);
                Take(read);
            }
        }
        catch (Exception e) when (_packing is not null && FilePacking.IsDamage(e))
        {
            End(e);
        }

        NoteProgress();
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        byte[] window = _window;
        _window = [];
        (_start, _end) = (0, 0);
        IsLast = true;
        if (window.Length > 0) ArrayPool<byte>.Shared.Return(window);
        _content.Dispose();
        _file.Dispose();
    }

    private static FileWindow Open(string path, FileStream file)
    {
        byte[] start = new byte[8];
        int length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        string? packing = FilePacking.Detect(start.AsSpan(0, length), out string? refusal);
        if (refusal is not null) throw new CaptureFileException($"{path}: {refusal}.");
        Stream whole = file;
        if (!file.CanSeek) whole = new PrefixedStream(start[..length], file);
        else file.Position = 0;
        Stream content = packing is null ? whole : FilePacking.Unpack(packing, whole);
        FileWindow opened = new(path, file, content, packing, ArrayPool<byte>.Shared.Rent(Capacity));
        try
        {
            opened.Fill();
            if (opened.PackingProblem is { } problem && opened._end == 0) throw new CaptureFileException($"{path}: {problem} at its start; get a whole copy.");
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private void Fill()
    {
        try
        {
            while (!IsLast && _end < Capacity) Take(_content.Read(_window.AsSpan(_end, Capacity - _end)));
        }
        catch (Exception e) when (_packing is not null && FilePacking.IsDamage(e))
        {
            End(e);
        }

        NoteProgress();
    }

    private void Shift()
    {
        if (_start == 0) return;
        _window.AsSpan(_start, _end - _start).CopyTo(_window);
        (_start, _end) = (0, _end - _start);
    }

    private void Take(int read)
    {
        if (read == 0) IsLast = true;
        _end += read;
    }

    private void End(Exception damage)
    {
        IsLast = true;
        PackingProblem = FilePacking.Problem(_packing!, damage);
    }

    private void NoteProgress() => Volatile.Write(ref _bytesRead, _file.CanSeek ? _file.Position : Offset + (_end - _start));
}
