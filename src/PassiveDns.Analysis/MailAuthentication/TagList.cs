namespace PassiveDns.Analysis;

/// <summary>A list of tags and values, <c>v=DKIM1; k=rsa; p=...</c> (RFC 6376 section 3.2), which DMARC, MTA-STS, TLS-RPT and BIMI use too.</summary>
internal sealed class TagList
{
    private const string White = " \t\r\n"; // FWS of RFC 5322 section 3.2.2 once lines are unfolded

    private readonly List<(string Tag, string Value)> _tags = [];

    private TagList()
    {
    }

    /// <summary>The tags in their order.</summary>
    public IReadOnlyList<(string Tag, string Value)> Tags => _tags;

    /// <summary>The value of a tag, or <c>null</c> if it is not there. Names of tags are compared with their case.</summary>
    public string? this[string tag] => _tags.Find(pair => pair.Tag == tag).Value;

    /// <summary>Reads a list.</summary>
    /// <param name="text">The text.</param>
    /// <param name="list">The tags; those before the fault if the result is <c>false</c>.</param>
    /// <param name="problem">What is wrong if the result is <c>false</c>.</param>
    public static bool TryParse(string text, out TagList list, out string problem)
    {
        list = new();
        problem = "";
        HashSet<string> known = [];
        string[] specs = text.Split(';');
        for (int i = 0; i < specs.Length; i++)
        {
            string spec = specs[i].Trim(White.ToCharArray());
            if (spec.Length == 0 && i == specs.Length - 1 && i > 0) continue; // the list may end in a semicolon
            int equals = spec.IndexOf('=', StringComparison.Ordinal);
            string tag = equals < 0 ? spec : spec[..equals].TrimEnd(White.ToCharArray()), value = equals < 0 ? "" : spec[(equals + 1)..].TrimStart(White.ToCharArray());
            if (equals < 0 || !IsTagName(tag)) problem = $"part {i + 1} is no tag=value (RFC 6376 section 3.2)";
            else if (value.AsSpan().ContainsAnyExcept(s_values)) problem = $"the value of {tag} holds a character that none may hold (RFC 6376 section 3.2)";
            else if (!known.Add(tag)) problem = $"{tag} is there twice (RFC 6376 section 3.2)";
            if (problem.Length > 0) return false;
            list._tags.Add((tag, value));
        }

        return true;
    }

    private static readonly System.Buffers.SearchValues<char> s_values =
        System.Buffers.SearchValues.Create(string.Concat(Enumerable.Range(0x21, 0x7F - 0x21).Select(static code => (char)code).Where(static letter => letter != ';')) + White);

    // tag-name = ALPHA *ALNUMPUNC
    private static bool IsTagName(string tag) => tag.Length > 0 && char.IsAsciiLetter(tag[0]) && tag.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
