namespace PassiveDns.Capture.Tests;

/// <summary>The committed list of where the decoder is meant to differ from the oracle: capture, missing, extra, reason.</summary>
internal static class DifferenceList
{
    private static readonly Dictionary<string, (int Missing, int Extra)> s_lines = File
        .ReadLines(Path.Combine(Corpus.Committed, "differences.tsv"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('\t'))
        .ToDictionary(f => f[0], f => (int.Parse(f[1]), int.Parse(f[2])));

    public static (int Missing, int Extra) For(string capture) => s_lines.GetValueOrDefault(capture);

    public static IEnumerable<string> Captures => s_lines.Keys;
}
