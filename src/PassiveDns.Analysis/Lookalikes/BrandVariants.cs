namespace PassiveDns.Analysis;

/// <summary>
/// The labels that imitate a brand by exact rules and are few enough to be written down when the matcher is compiled. What is many (typos, homoglyphs, words
/// beside the brand) is recognised instead.
/// </summary>
internal static class BrandVariants
{
    // Hosts that people have in mind before a brand; without the dot they become another name (doppelganger domains).
    private static readonly string[] s_hosts = ["www", "ww", "wwww", "w", "web", "mail", "webmail", "email", "smtp", "imap", "pop", "pop3", "mx", "ftp", "vpn", "remote", "owa", "autodiscover", "login", "m", "mobile", "http", "https"];

    private static readonly string[] s_suffixes = ["com", "net", "org"];

    private static readonly string[][] s_numbers =
    [
        ["1", "one", "won"], ["2", "two", "to", "too"], ["3", "three"], ["4", "four", "for"], ["5", "five"], ["6", "six"], ["7", "seven"], ["8", "eight", "ate"], ["9", "nine"], ["u", "you"], ["r", "are"], ["c", "see"], ["y", "why"],
    ];

    private static readonly Lazy<List<string[]>> s_homophones = new(Homophones);

    /// <summary>A variant.</summary>
    /// <param name="Brand">The brand's number.</param>
    /// <param name="Class">What it is.</param>
    /// <param name="Strength">How good an example.</param>
    /// <param name="Text">The label.</param>
    /// <param name="Detail">For people.</param>
    public sealed record Variant(int Brand, LookalikeClass Class, double Strength, int[] Text, string Detail);

    /// <summary>The variants of a brand.</summary>
    public static IEnumerable<Variant> Of(Brand brand)
    {
        foreach (Variant variant in Flips(brand).Concat(Numbers(brand)).Concat(Glued(brand)).Concat(Sounds(brand)))
        {
            // An A-label never holds what the variant of a label in ASCII could not.
            if (variant.Text.Length is > 0 and <= DomainName.MaxLabelLength && !variant.Text.AsSpan().SequenceEqual(brand.Text)) yield return variant;
        }
    }

    /// <summary>From how many letters on a class counts, and how it grows with them: a name of 3 letters has strangers all around it.</summary>
    public static double Growth(int length, int none) => length <= none ? 0 : 1 - Math.Exp((none - length) / 3.0);

    private static IEnumerable<Variant> Flips(Brand brand)
    {
        double strength = Growth(brand.Length, none: 3);
        if (strength == 0) yield break;
        for (int i = 0; i < brand.Length; i++)
        {
            for (int bit = 0; bit < 7 && brand.Text[i] < 128; bit++)
            {
                int flipped = brand.Text[i] ^ (1 << bit);
                bool isEdge = i == 0 || i == brand.Length - 1;
                if (flipped is not ((>= 'a' and <= 'z') or (>= '0' and <= '9')) && (flipped != '-' || isEdge)) continue;
                int[] text = [.. brand.Text];
                text[i] = flipped;
                yield return new(brand.Index, LookalikeClass.BitFlip, strength, text, $"{(char)brand.Text[i]} became {(char)flipped} by bit {bit}");
            }
        }
    }

    private static IEnumerable<Variant> Numbers(Brand brand)
    {
        double strength = Growth(brand.Length, none: 3);
        string name = brand.Written;
        if (strength == 0) yield break;
        List<string> forms = [name + "s", name + "es"];
        if (name.EndsWith('s')) forms.Add(name[..^1]);
        if (name.EndsWith("es", StringComparison.Ordinal)) forms.Add(name[..^2]);
        if (name.EndsWith('y')) forms.Add(name[..^1] + "ies");
        if (name.EndsWith("ies", StringComparison.Ordinal)) forms.Add(name[..^3] + "y");
        foreach (string form in forms) yield return New(brand, LookalikeClass.Plural, strength, form, form.Length > name.Length ? "plural" : "singular");
    }

    private static IEnumerable<Variant> Glued(Brand brand)
    {
        double strength = Growth(brand.Length, none: 2);
        if (strength == 0) yield break;
        string name = brand.Written;
        foreach (string host in s_hosts)
        {
            bool isWeb = host.StartsWith("ww", StringComparison.Ordinal);
            yield return New(brand, LookalikeClass.Doppelganger, isWeb ? strength : 0.8 * strength, host + name, $"no dot behind {host}");
        }

        foreach (string suffix in s_suffixes.Append(brand.Suffix.Replace(".", "", StringComparison.Ordinal)).Distinct())
            yield return New(brand, LookalikeClass.Doppelganger, 0.9 * strength, name + suffix, $"no dot before {suffix}");
    }

    private static IEnumerable<Variant> Sounds(Brand brand)
    {
        double strength = Growth(brand.Length, none: 3);
        if (strength == 0) yield break;
        string name = brand.Written;
        foreach (string[] group in s_homophones.Value.Concat(s_numbers))
        {
            foreach (string word in group)
            {
                if (word.Length == 1 && !char.IsAsciiDigit(word[0])) continue; // a letter is in every name; only whole words give way to one
                for (int at = name.IndexOf(word, StringComparison.Ordinal); at >= 0; at = name.IndexOf(word, at + 1, StringComparison.Ordinal))
                {
                    foreach (string other in group)
                    {
                        if (other != word) yield return New(brand, LookalikeClass.Homophone, strength, name[..at] + other + name[(at + word.Length)..], $"{other} for {word}");
                    }
                }
            }
        }
    }

    private static List<string[]> Homophones()
    {
        List<string[]> groups = [];
        using StreamReader reader = EmbeddedData.Open("homophones.txt");
        while (reader.ReadLine() is { } line)
        {
            string[] words = [.. line.Split(',').Select(static word => word.Trim()).Where(static word => word.Length >= 3)];
            if (words.Length > 1) groups.Add(words);
        }

        return groups;
    }

    private static Variant New(Brand brand, LookalikeClass kind, double strength, string text, string detail) =>
        new(brand.Index, kind, strength, [.. text.EnumerateRunes().Select(static rune => rune.Value)], detail);
}
