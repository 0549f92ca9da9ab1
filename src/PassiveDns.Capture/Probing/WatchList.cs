namespace PassiveDns.Capture;

/// <summary>Lists of names to probe as people write them: <c>NAME [TYPE[,TYPE...]]</c>, without types A and AAAA.</summary>
public static class WatchList
{
    private static readonly char[] s_blanks = [' ', '\t'];

    /// <summary>Reads a file with one entry a line; <c>#</c> starts a comment.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line has another form; the message names it.</exception>
    public static IReadOnlyList<WatchedName> Load(string path)
    {
        List<WatchedName> names = [];
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            int comment = line.IndexOf('#', StringComparison.Ordinal);
            string entry = (comment < 0 ? line : line[..comment]).Trim();
            if (entry.Length == 0) continue;
            try
            {
                names.AddRange(Parse(entry));
            }
            catch (FormatException e)
            {
                throw new FormatException($"{path}, line {number}: {e.Message}", e);
            }
        }

        return names;
    }

    /// <summary>Reads one entry.</summary>
    /// <param name="text">A name, and types if others than A and AAAA are wanted, as in <c>example.com MX,TXT</c>.</param>
    /// <returns>One question for each type.</returns>
    /// <exception cref="FormatException">The text is no such entry.</exception>
    public static IReadOnlyList<WatchedName> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] fields = text.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is 0 or > 2 || !DomainName.TryParse(fields[0], out DomainName name)) throw Bad(text);
        if (fields.Length == 1) return [new(name, RecordType.A), new(name, RecordType.AAAA)];
        List<WatchedName> names = [];
        foreach (string word in fields[1].Split(','))
        {
            // questions for meta types ask for something else than data (RFC 6895 section 3.1)
            if (!RecordTypeNames.TryParse(word, out RecordType type) || type is RecordType.None or RecordType.OPT or (>= (RecordType)128 and <= (RecordType)255)) throw Bad(text);
            names.Add(new(name, type));
        }

        return names;
    }

    private static FormatException Bad(string text)
    {
        string shown = new([.. text.Take(80).Select(c => char.IsControl(c) ? '?' : c)]);
        return new($"'{shown}' is no name to watch; write www.example.com, or example.com MX,TXT.");
    }
}
