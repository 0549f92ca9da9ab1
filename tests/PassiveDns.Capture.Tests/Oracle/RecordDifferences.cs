namespace PassiveDns.Capture.Tests;

/// <summary>The committed list of captures with messages that the reader is meant to take otherwise than dnspython: capture, messages, reason.</summary>
internal static class RecordDifferences
{
    private static readonly Dictionary<string, int> s_lines = File
        .ReadLines(Path.Combine(Corpus.Committed, "record-differences.tsv"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('\t'))
        .ToDictionary(f => f[0], f => int.Parse(f[1]));

    public static int For(string capture) => s_lines.GetValueOrDefault(capture);
}
