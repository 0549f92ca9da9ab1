using SharpFuzz;

namespace PassiveDns.Fuzz;

/// <summary>With the name of a target: fuzzes it, or runs it over files. Without: runs the corpus tests.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args.Length > 0 && Target.All.TryGetValue(args[0], out Target? target)) return RunTarget(target, args[1..]);
        return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
            ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
    }

    private static int RunTarget(Target target, string[] paths)
    {
        if (paths.Length == 0)
        {
            // As a child of afl-fuzz this serves input after input; otherwise it takes one from the standard input.
            using MemoryStream copy = new();
            Fuzzer.Run(input =>
            {
                copy.SetLength(0);
                input.CopyTo(copy);
                target.Run(copy.GetBuffer().AsSpan(0, (int)copy.Length));
            });
            return 0;
        }

        foreach (string path in paths)
        {
            foreach (string file in Directory.Exists(path) ? Directory.GetFiles(path).Order().ToArray() : [path])
            {
                Console.WriteLine(file);
                target.Run(File.ReadAllBytes(file));
            }
        }

        return 0;
    }
}
