namespace PassiveDns.Analysis.Tests;

/// <summary>The test data of others that is part of the repository.</summary>
internal static class Corpus
{
    /// <summary>The lines of a file under tests/Corpus.</summary>
    public static IEnumerable<string> Lines(string path) => File.ReadLines(Path.Combine(Checkout.Folder, "tests", "Corpus", path));
}
