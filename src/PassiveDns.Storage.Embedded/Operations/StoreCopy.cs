using System.Runtime.InteropServices;
using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Operations;

/// <summary>The directory of a copy on its way: what is not finished is taken away again.</summary>
/// <param name="files">The copy's files.</param>
/// <param name="options">Links or copies, and progress.</param>
/// <param name="total">Octets in all.</param>
internal sealed partial class StoreCopy(StoreFiles files, BackupOptions options, long total) : IDisposable
{
    private const int BufferLength = 1 << 20;

    private readonly List<string> _made = [];
    private bool _isFinished;

    public int LinkedFiles { get; private set; }

    public long Bytes { get; private set; }

    public int FileCount => _made.Count;

    /// <summary>Notes a file that somebody else makes in the copy.</summary>
    public string Making(string path)
    {
        _made.Add(path);
        return path;
    }

    /// <summary>Links a table into the copy, or copies it. The table is held open, so it can be copied even when the store has cleared its file away.</summary>
    public void Add(FileTable table, string path, CancellationToken cancellationToken)
    {
        Making(path);
        if (options.AllowLinks && TryLink(table.Path, path)) LinkedFiles++;
        else Copy(table, path, cancellationToken);
        Count(table.Octets);
    }

    public void Count(long octets)
    {
        Bytes += octets;
        options.Progress?.Report(new(Bytes, Math.Max(Bytes, total)));
    }

    public void Finish()
    {
        DurableDirectory.Sync(files.Directory);
        _isFinished = true;
    }

    public void Dispose()
    {
        if (_isFinished) return;
        foreach (string path in _made) File.Delete(path);
    }

    private static void Copy(FileTable table, string path, CancellationToken cancellationToken)
    {
        using FileStream copy = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] buffer = new byte[BufferLength];
        for (long at = 0; at < table.Octets;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int part = (int)Math.Min(buffer.Length, table.Octets - at);
            table.ReadRaw(buffer.AsSpan(0, part), at);
            copy.Write(buffer, 0, part);
            at += part;
        }

        copy.Flush(flushToDisk: true);
    }

    /// <returns><c>false</c> if the file system cannot: another disk, no links, or the file is not there any more.</returns>
    private static bool TryLink(string from, string to) => OperatingSystem.IsWindows() ? CreateHardLink(to, from, 0) : Link(from, to) == 0;

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string from, string to);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string to, string from, nint security);
}
