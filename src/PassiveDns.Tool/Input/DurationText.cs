using System.Globalization;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Input;

/// <summary>Lengths of time as people write them.</summary>
internal static class DurationText
{
    /// <summary>Reads a whole number with its unit: <c>90s</c>, <c>15m</c>, <c>24h</c>, <c>7d</c>.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="text">The text, or <c>null</c> if the option was not given.</param>
    /// <returns>The time, above zero and up to 366 days; <c>null</c> if the option was not given.</returns>
    /// <exception cref="ToolException">It is no such length.</exception>
    public static TimeSpan? Of(string option, string? text)
    {
        if (text is null) return null;
        long unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        const long Most = 366 * 86_400;
        return unit > 0 && long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count > 0 && count <= Most / unit
            ? TimeSpan.FromSeconds(count * unit)
            : throw ToolException.WrongUse($"{option}: {Visible.Quote(text)} is no length of time; write a number with s, m, h or d behind it, such as 15m, up to 366d");
    }
}
