using System.Runtime.InteropServices;

namespace PassiveDns.Storage.Embedded.Files;

/// <summary>
/// Makes the entries of a directory durable: a new or renamed file is surely there after a power cut only when its directory was synced, too.
/// Windows keeps its entries in a journal of its own and has no such call.
/// </summary>
internal static partial class DurableDirectory
{
    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        int directory = Open(path, 0); // O_RDONLY
        if (directory < 0) throw new IOException($"{path} cannot be opened to make it durable (errno {Marshal.GetLastPInvokeError()}).");
        try
        {
            // some network file systems have no sync for directories and say EINVAL (22)
            if (Sync(directory) != 0 && Marshal.GetLastPInvokeError() is not 22 and int error) throw new IOException($"{path} cannot be made durable (errno {error}).");
        }
        finally
        {
            _ = Close(directory);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
