using System.Globalization;
using System.Text;

namespace PassiveDns.Tool.Output;

/// <summary>Text from outside made safe to show: no control characters, no line ends, no direction overrides.</summary>
internal static class Visible
{
    private const int MaxQuoted = 80;

    /// <summary>A text in single quotes, shortened if long.</summary>
    public static string Quote(string? text)
    {
        string line = OneLine(text ?? "");
        return line.Length <= MaxQuoted ? $"'{line}'" : $"'{line[..MaxQuoted]}...'";
    }

    /// <summary>The text in one line; whatever could move a cursor becomes a question mark, line ends a space.</summary>
    public static string OneLine(string text)
    {
        StringBuilder line = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is '\r' or '\n' or '\t') line.Append(' ');
            else if (IsHarmless(rune)) line.Append(rune.ToString());
            else line.Append('?');
        }

        return line.ToString().Trim();
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
