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

    /// <summary>How many columns of a terminal a text takes: marks take none, East Asian letters two.</summary>
    public static int Width(string text)
    {
        if (Ascii.IsValid(text)) return text.Length;
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark) continue;
            width += IsWide(rune.Value) ? 2 : 1;
        }

        return width;
    }

    private static bool IsWide(int rune) =>
        rune is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF or >= 0xFF00 and <= 0xFF60 or >= 0x20000;

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
