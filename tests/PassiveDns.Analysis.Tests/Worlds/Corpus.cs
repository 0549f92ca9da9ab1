namespace PassiveDns.Analysis.Tests;

/// <summary>The test data of others that is part of the repository.</summary>
internal static class Corpus
{
    private static readonly string s_folder = Find();

    /// <summary>The lines of a file under tests/Corpus.</summary>
    public static IEnumerable<string> Lines(string path) => File.ReadLines(Path.Combine(s_folder, path));

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "tests", "Corpus");
            if (Directory.Exists(folder)) return folder;
        }

        throw new DirectoryNotFoundException("tests/Corpus is not above the test's output");
    }
}
