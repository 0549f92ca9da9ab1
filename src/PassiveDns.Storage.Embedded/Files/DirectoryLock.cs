using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PassiveDns.Storage.Embedded.Files;

/// <summary>One process at a time writes a store. The system lets go of the lock when the process ends, however it ends.</summary>
internal static partial class DirectoryLock
{
    public static FileStream Take(StoreFiles files)
    {
        FileStream file;
        try
        {
            file = new(files.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException failure) when (failure is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new ObservationStoreException(
                $"{files.Directory} is in use by {Owner(files.Lock)}: wait until that ends, or open the store for reading only.", true, failure);
        }

        file.SetLength(0);
        file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}\n")));
        file.Flush();
        return file;
    }

    private static string Owner(string path)
    {
        try
        {
            using FileStream file = OpenLocked(path);
            Span<byte> octets = stackalloc byte[128];
            string owner = Encoding.UTF8.GetString(octets[..file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false)]).Trim();
            return owner.Length > 0 ? owner : "another process";
        }
        catch (IOException)
        {
            return "another process"; // Windows lets nobody read a locked file
        }
    }

    /// <summary>The framework takes a shared lock of each file that it opens, which the owner's lock forbids; the system itself lets everybody read.</summary>
    private static FileStream OpenLocked(string path)
    {
        if (OperatingSystem.IsWindows()) return new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        int descriptor = Open(path, 0); // O_RDONLY
        if (descriptor < 0) throw new IOException($"{path} cannot be read (errno {Marshal.GetLastPInvokeError()}).");
        return new(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read, bufferSize: 1);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);
}
