using System.Diagnostics;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>A file system of a few megabytes in memory, mounted for a test: it can be full, grow, and be made read-only.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("passivedns-disk-");

    private SmallDisk()
    {
    }

    public string Path => _directory.FullName;

    /// <summary>Mounts one, or skips the test by name.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root on Linux can mount a small file system");
        SmallDisk disk = new();
        (int code, string error) = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path);
        if (code != 0) disk._directory.Delete();
        Assert.SkipUnless(code == 0, $"no file system can be mounted here: {error}");
        return disk;
    }

    public void Remount(string options)
    {
        (int code, string error) = Run("mount", "-o", $"remount,{options}", Path);
        Assert.True(code == 0, error);
    }

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _directory.Delete();
    }

    private static (int Code, string Error) Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
