namespace PassiveDns.Analysis;

/// <summary>The syntax of domain-specs (RFC 7208 section 7.1).</summary>
internal static class SpfMacros
{
    /// <summary>Whether a text is a macro-string.</summary>
    /// <param name="text">The text.</param>
    /// <param name="endsInMacro">Whether its last part is a macro.</param>
    public static bool IsMacroString(ReadOnlySpan<char> text, out bool endsInMacro)
    {
        endsInMacro = false;
        for (int at = 0; at < text.Length;)
        {
            if (text[at] != '%')
            {
                // macro-literal = %x21-24 / %x26-7E
                if (text[at] is < '!' or > '~') return false;
                endsInMacro = false;
                at++;
                continue;
            }

            int length = MacroLength(text[at..]);
            if (length == 0) return false;
            endsInMacro = true;
            at += length;
        }

        return true;
    }

    /// <summary>Whether a text is a domain-spec: a macro-string that ends in a top label or in a macro.</summary>
    public static bool IsDomainSpec(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !IsMacroString(text, out bool endsInMacro)) return false;
        if (endsInMacro) return true;
        ReadOnlySpan<char> rest = text[^1] == '.' ? text[..^1] : text;
        int dot = rest.LastIndexOf('.');
        return dot >= 0 && IsTopLabel(rest[(dot + 1)..]);
    }

    // toplabel = ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum )
    private static bool IsTopLabel(ReadOnlySpan<char> label)
    {
        if (label.IsEmpty || !char.IsAsciiLetterOrDigit(label[0]) || !char.IsAsciiLetterOrDigit(label[^1])) return false;
        bool hasOther = false;
        foreach (char letter in label)
        {
            if (letter != '-' && !char.IsAsciiLetterOrDigit(letter)) return false;
            hasOther |= !char.IsAsciiDigit(letter);
        }

        return hasOther;
    }

    // macro-expand = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
    private static int MacroLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 2) return 0;
        if (text[1] is '%' or '_' or '-') return 2;
        if (text[1] != '{') return 0;
        int at = 2;

        // c, r and t are for explanations alone (section 7.2), which stand at another name.
        if (at >= text.Length || !"slodiphv".Contains(char.ToLowerInvariant(text[at]), StringComparison.Ordinal)) return 0;
        at++;
        int digits = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        if (at > digits && text[digits..at].TrimStart('0').IsEmpty) return 0; // section 7.3: not zero
        if (at < text.Length && text[at] is 'r' or 'R') at++;
        while (at < text.Length && text[at] is '.' or '-' or '+' or ',' or '/' or '_' or '=') at++;
        return at < text.Length && text[at] == '}' ? at + 1 : 0;
    }
}
