using System.Runtime.CompilerServices;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>What the test program does in place of its tests when one of them has started it again, with a variable that says for what.</summary>
internal static class StartedAgain
{
    [ModuleInitializer]
#pragma warning disable CA2255 // the entry point belongs to the test framework; this runs before it
    internal static void RunIfAsked()
#pragma warning restore CA2255
    {
        RunIfAsked(MemoryWriter.Variable, MemoryWriter.Run);
        RunIfAsked(MemoryReader.Variable, MemoryReader.Run);
    }

    private static void RunIfAsked(string variable, Func<string, string> run)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } path) return;
        Console.WriteLine(run(path));
        Environment.Exit(0);
    }
}
