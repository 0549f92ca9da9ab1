using System.Globalization;
using System.Text;

namespace PassiveDns.Tool.Output;

/// <summary>Names for people: as A-labels, which is what was observed, with the U-labels next to them where there are any.</summary>
internal static class NameDisplay
{
    private static readonly IdnMapping s_idna = new() { UseStd3AsciiRules = false };

    /// <summary>The name without its final dot (the root is "."), and its Unicode form in parentheses if that differs.</summary>
    public static string Format(DomainName name)
    {
        string ascii = WithoutFinalDot(name.ToString());
        return ToUnicode(ascii) is { } unicode ? $"{ascii} ({unicode})" : ascii;
    }

    /// <summary>The Unicode form of a name in presentation form, or <c>null</c> if it has none that differs.</summary>
    public static string? ToUnicode(string ascii)
    {
        if (!ascii.Contains("xn--", StringComparison.Ordinal)) return null;
        string[] labels = ascii.Split('.');
        bool differs = false;
        for (int i = 0; i < labels.Length; i++)
        {
            if (ULabel(labels[i]) is not { } unicode) continue;
            labels[i] = unicode;
            differs = true;
        }

        return differs ? string.Join('.', labels) : null;
    }

    /// <summary>A name in presentation form without its final dot; the root stays ".".</summary>
    public static string WithoutFinalDot(string name) => name.Length > 1 ? name[..^1] : name;

    private static string? ULabel(string label)
    {
        if (!label.StartsWith("xn--", StringComparison.Ordinal)) return null;
        try
        {
            string unicode = s_idna.GetUnicode(label);
            return unicode != label && unicode.EnumerateRunes().All(IsLetter) ? unicode : null;
        }
        catch (ArgumentException)
        {
            return null; // a label that starts like an A-label but is none is legal DNS and stays as it is
        }
    }

    private static bool IsLetter(Rune rune) => rune.Value == '-' || Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
