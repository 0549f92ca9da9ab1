using System.Globalization;
using System.Text;

namespace PassiveDns.Storage.Embedded.Files;

/// <summary>One process at a time writes a store. The system lets go of the lock when the process ends, however it ends.</summary>
internal static class DirectoryLock
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
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> octets = stackalloc byte[128];
            string owner = Encoding.UTF8.GetString(octets[..file.ReadAtLeast(octets, octets.Length, throwOnEndOfStream: false)]).Trim();
            return owner.Length > 0 ? owner : "another process";
        }
        catch (IOException)
        {
            return "another process"; // Windows lets nobody read a locked file
        }
    }
}
