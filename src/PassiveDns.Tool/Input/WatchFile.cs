using PassiveDns.Analysis;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Input;

/// <summary>
/// A watch list of names: one a line, <c>*.NAME</c> for a name and everything under it. Types behind a name, as <c>pdns probe</c> takes them, are passed over; <c>#</c> starts a comment.
/// </summary>
internal static class WatchFile
{
    /// <summary>Reads a list.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">A line begins with no name, or there is none at all; the message names it.</exception>
    public static WatchedName[] Load(string path)
    {
        List<WatchedName> names = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string text = line.Split('#')[0].Trim();
            if (text.Length == 0) continue;
            string word = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0];
            if (!NamePattern.TryParse(word, out NamePattern pattern, out string problem) || pattern.Wildcard == NamePattern.Side.Right)
                throw new FormatException($"{path}: line {number}: {Visible.Quote(word)} is no name to watch: {(problem.Length > 0 ? problem : "only *.NAME is possible, not NAME.*")}");
            names.Add(new(pattern.Name, pattern.Wildcard == NamePattern.Side.Left));
        }

        return names.Count > 0 ? [.. names] : throw new FormatException($"{path}: there is no name in it; write one a line");
    }
}
