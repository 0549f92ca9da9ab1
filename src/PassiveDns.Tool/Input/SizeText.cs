using System.Globalization;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Input;

/// <summary>Sizes as people write them.</summary>
internal static class SizeText
{
    /// <summary>Reads a whole number of octets, also with <c>kB</c>, <c>MB</c> or <c>GB</c> behind it (decimal).</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ToolException">It is no such size, or zero.</exception>
    public static long Of(string option, string text)
    {
        (string digits, long unit) = text switch
        {
            _ when text.EndsWith("kB", StringComparison.OrdinalIgnoreCase) => (text[..^2], 1_000L),
            _ when text.EndsWith("MB", StringComparison.OrdinalIgnoreCase) => (text[..^2], 1_000_000L),
            _ when text.EndsWith("GB", StringComparison.OrdinalIgnoreCase) => (text[..^2], 1_000_000_000L),
            _ => (text, 1L),
        };
        return long.TryParse(digits.TrimEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 && number <= long.MaxValue / unit
            ? number * unit
            : throw ToolException.WrongUse($"{option}: {Visible.Quote(text)} is no size; write a number of octets, or one with kB, MB or GB behind it, such as 20MB");
    }
}
