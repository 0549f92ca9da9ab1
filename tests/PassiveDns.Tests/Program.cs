namespace PassiveDns.Tests;

/// <summary>Runs the tests; or, asked by a test, the pipeline that it kills.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (Environment.GetEnvironmentVariable(KilledPipeline.Variable) is { Length: > 0 } request)
        {
            await KilledPipeline.RunAsync(request);
            return 0;
        }

        return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
            ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
    }
}
