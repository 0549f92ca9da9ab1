using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Input;

/// <summary>A list of brands' domains, one a line; empty lines and lines that begin with <c>#</c> are passed over.</summary>
internal static class BrandFile
{
    /// <summary>Reads a list.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">A line is no name, or there is none at all; the message names it.</exception>
    public static DomainName[] Load(string path)
    {
        List<DomainName> names = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string text = line.Trim();
            if (text.Length == 0 || text[0] == '#') continue;
            if (text.Any(char.IsWhiteSpace)) throw new FormatException($"{path}: line {number}: {Visible.Quote(text)} is more than one word; write one name a line");
            if (!NamePattern.TryParseName(text, out DomainName name, out string problem)) throw new FormatException($"{path}: line {number}: {Visible.Quote(text)} is no name: {problem}");
            names.Add(name);
        }

        return names.Count > 0 ? [.. names] : throw new FormatException($"{path}: there is no name in it; write one a line");
    }
}
