using System.Globalization;

namespace PassiveDns.Capture;

/// <summary>
/// One recording in one file or in many of one format: opens one after the other, in the order of their first times, and adds up what was read of them and
/// where they are damaged. What stands in a file is its reader's affair.
/// </summary>
/// <typeparam name="TFile">An open file.</typeparam>
internal sealed class Recording<TFile> : IDisposable
    where TFile : class, IRecordedFile
{
    private readonly IReadOnlyList<string> _paths;
    private readonly Func<FileWindow, TFile> _open;
    private TFile? _current;
    private int _next; // of _paths
    private long _bytesBefore; // of files that were closed
    private CaptureDamage? _damage;
    private int _damagedFiles;

    private Recording(IReadOnlyList<string> paths, Func<FileWindow, TFile> open, TFile? first, long? bytesTotal)
    {
        _paths = paths;
        _open = open;
        _current = first;
        _next = first is null ? 0 : 1;
        BytesTotal = bytesTotal;
        string name = Path.GetFileName(paths[0]);
        Name = paths.Count == 1 ? name : $"{name} and {paths.Count - 1} more";
    }

    /// <summary>The first file's name, and how many more there are.</summary>
    public string Name { get; }

    /// <summary>How many files there are.</summary>
    public int Count => _paths.Count;

    /// <summary>The file that is open, or <c>null</c>. May be asked from any thread.</summary>
    public TFile? Current => Volatile.Read(ref _current);

    /// <summary>Octets read so far of the files as they lie on the disk. May be asked from any thread.</summary>
    public long BytesRead => Volatile.Read(ref _bytesBefore) + (Current?.BytesRead ?? 0);

    /// <summary>Octets that there are to read, or <c>null</c> for a pipe.</summary>
    public long? BytesTotal { get; }

    /// <summary>The damage of the first file that has any. May be asked from any thread.</summary>
    public CaptureDamage? Damage => Volatile.Read(ref _damage);

    /// <summary>Opens files. Every file's start is checked now, so that a wrong file is told before anything is read.</summary>
    /// <param name="paths">One file or more.</param>
    /// <param name="only">The window of the only file, which the recording owns from now on, or <c>null</c> if there are several.</param>
    /// <param name="open">Reads the start of a file; it owns the window also when it throws.</param>
    /// <exception cref="CaptureFileException">A file cannot be read.</exception>
    public static Recording<TFile> Open(IReadOnlyList<string> paths, FileWindow? only, Func<FileWindow, TFile> open)
    {
        if (only is not null)
        {
            TFile file = open(only);
            return new(paths, open, file, file.FileLength);
        }

        List<(long Time, string Path)> order = [];
        long total = 0;
        foreach (string path in paths)
        {
            using TFile file = open(FileWindow.Open(path));
            order.Add((file.FindFirstTime(), path));
            total += file.FileLength ?? 0;
        }

        return new([.. order.OrderBy(file => file.Time).Select(file => file.Path)], open, null, total);
    }

    /// <summary>Opens the next file, unless one is open.</summary>
    /// <returns>The open file, or <c>null</c> if all were read.</returns>
    /// <exception cref="CaptureFileException">It cannot be read any more.</exception>
    public TFile? Advance()
    {
        if (_current is null && _next < _paths.Count) Volatile.Write(ref _current, _open(FileWindow.Open(_paths[_next++])));
        return _current;
    }

    /// <summary>Closes the open file, if there is one.</summary>
    public void Close()
    {
        if (_current is not { } file) return;
        if (file.Damage is { } damage)
        {
            if (_damage is null) Volatile.Write(ref _damage, damage);
            _damagedFiles++;
        }

        Volatile.Write(ref _bytesBefore, _bytesBefore + file.BytesRead);
        Volatile.Write(ref _current, null);
        file.Dispose();
    }

    /// <summary>Tells of files that are damaged beside the one that <see cref="Damage"/> names.</summary>
    public void AddNotes(List<string> notes)
    {
        if (_damagedFiles > 1) notes.Add(string.Create(CultureInfo.InvariantCulture, $"{_damagedFiles:N0} files are damaged; the first one is named."));
    }

    /// <inheritdoc/>
    public void Dispose() => Close();
}
