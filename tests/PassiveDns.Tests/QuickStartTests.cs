using System.Reflection;

namespace PassiveDns.Tests;

/// <summary>The sample program does what its first lines say.</summary>
public sealed class QuickStartTests
{
    [Fact]
    public void It_imports_answers_and_may_be_run_again()
    {
        using TemporaryFolder folder = new();
        string first = Run(folder.FullPath), second = Run(folder.FullPath);
        Assert.Contains("5 batches written, 0 had been written before", first, StringComparison.Ordinal);
        Assert.Contains("0 batches written, 5 had been written before", second, StringComparison.Ordinal);
        Assert.Equal(first[first.IndexOf("Who shares", StringComparison.Ordinal)..], second[second.IndexOf("Who shares", StringComparison.Ordinal)..]);
        foreach (string line in (string[])
            [
                "  www.widgets.example.                      2026-01-05 09:00:00  2026-03-20 10:30:00",
                "  garage.example.                           2026-01-05 09:00:00  2026-01-05 09:00:01",
                "  198.51.100.80                             2026-02-09 14:00:00  2026-03-20 10:30:00",
            ])
        {
            Assert.Contains(line, first, StringComparison.Ordinal);
        }
    }

    private static string Run(string directory)
    {
        TextWriter before = Console.Out;
        using StringWriter output = new();
        Console.SetOut(output);
        try
        {
            Assembly.Load("QuickStart").EntryPoint!.Invoke(null, [new[] { directory }]);
        }
        finally
        {
            Console.SetOut(before);
        }

        return output.ToString();
    }
}
