using System.Diagnostics;
using System.Text;

namespace PassiveDns.Tests.Differential;

/// <summary>Programs of others. A test that needs one which is not installed is skipped by its name.</summary>
internal static class ExternalTool
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>The path of a program; skips the test if there is none.</summary>
    public static string Require(string program, string package)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(["/usr/sbin", "/sbin"])
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{program} is not installed; it is in the Debian package {package}.");
        return path!;
    }

    /// <summary>Runs a program to its end; its output as one character an octet.</summary>
    public static (int Code, string Output, string Errors) Run(string path, params string[] arguments)
    {
        using Process process = Start(path, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (process.WaitForExit(s_patience)) return (process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
        process.Kill();
        throw new TimeoutException($"{path} {string.Join(' ', arguments)} takes more than {s_patience.TotalSeconds} seconds.");
    }

    public static Process Start(string path, params string[] arguments) => Process.Start(new ProcessStartInfo(path, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardOutputEncoding = Encoding.Latin1,
        StandardErrorEncoding = Encoding.Latin1,
    })!;
}
