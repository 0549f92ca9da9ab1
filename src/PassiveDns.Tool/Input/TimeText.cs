using System.Globalization;

namespace PassiveDns.Tool.Input;

/// <summary>Times as people write and read them, always UTC.</summary>
internal static class TimeText
{
    private static readonly string[] s_dates = ["yyyy-MM-dd"];

    private static readonly string[] s_moments =
    [
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK",
    ];

    /// <summary>Reads an ISO 8601 date or time (UTC unless it names an offset) or Unix seconds.</summary>
    /// <param name="text">The text.</param>
    /// <param name="endOfDay">Whether a date without a time means its last second instead of its first.</param>
    /// <param name="unixSeconds">The time.</param>
    public static bool TryParse(string text, bool endOfDay, out long unixSeconds)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out unixSeconds)) return true;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, s_dates, CultureInfo.InvariantCulture, Utc, out DateTimeOffset day))
        {
            unixSeconds = day.ToUnixTimeSeconds() + (endOfDay ? 86_399 : 0);
            return unixSeconds >= 0;
        }

        if (!DateTimeOffset.TryParseExact(text, s_moments, CultureInfo.InvariantCulture, Utc, out DateTimeOffset moment)) return false;
        unixSeconds = moment.ToUnixTimeSeconds();
        return unixSeconds >= 0;
    }

    /// <summary>Reads a length of time: a whole number and <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>, as in 90s or 1h.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The length, above zero and up to ten years.</param>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return false;
        long seconds = number * (text[^1] switch { 's' => 1L, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 });
        if (seconds is <= 0 or > 315_360_000) return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>A time as <c>2026-01-05 09:00:03</c>; what no calendar knows as plain Unix seconds.</summary>
    /// <param name="unixSeconds">The time.</param>
    public static string Format(long unixSeconds) =>
        unixSeconds is < 0 or > 253_402_300_799
            ? unixSeconds.ToString(CultureInfo.InvariantCulture)
            : DateTimeOffset.FromUnixTimeSeconds(unixSeconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
