using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Input;

/// <summary>File names as they are typed: plain ones, <c>-</c> for standard input, and patterns where the shell did not expand them.</summary>
internal static class FilePatterns
{
    /// <summary>What stands for standard input.</summary>
    public const string StandardInput = "-";

    private static readonly EnumerationOptions s_matching = new() { MatchType = MatchType.Simple, MatchCasing = MatchCasing.PlatformDefault, AttributesToSkip = FileAttributes.None };

    /// <summary>
    /// The files that are meant, each once, in one order whatever the order given, so that the same files are the same import. <c>*</c> and <c>?</c> in
    /// the last part of a path match files, unless a file has just that name: cmd.exe and quotes leave them to the program.
    /// </summary>
    /// <param name="typed">What was typed.</param>
    /// <exception cref="ToolException">A name is empty or given twice, or a pattern matches no file.</exception>
    public static string[] Expand(IEnumerable<string> typed)
    {
        string[] sorted = [.. typed.SelectMany(ExpandOne).Order(StringComparer.Ordinal)];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string file in sorted)
        {
            string identity = file == StandardInput ? file : Path.GetFullPath(file);
            if (!seen.Add(identity)) throw ToolException.WrongUse($"{file}: given twice; it would count twice");
        }

        return sorted;
    }

    private static IEnumerable<string> ExpandOne(string typed)
    {
        if (typed.Length == 0) throw ToolException.WrongUse("a file name is empty");
        string pattern = Path.GetFileName(typed);
        if (pattern.IndexOfAny(['*', '?']) < 0 || Path.Exists(typed)) return [typed];
        string folder = typed[..^pattern.Length];
        string[] found = Directory.Exists(folder.Length == 0 ? "." : folder)
            ? [.. Directory.EnumerateFiles(folder.Length == 0 ? "." : folder, pattern, s_matching).Select(file => folder + Path.GetFileName(file))]
            : [];
        return found.Length > 0 ? found : throw ToolException.Failed($"{Visible.OneLine(typed)}: no file matches; check the pattern and the directory");
    }
}
