using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Tests.Input;

public class TimeTextTests
{
    // The right-hand sides are those of `date -u -d ... +%s`.
    [Theory]
    [InlineData("2026-01-05", false, 1767571200)]
    [InlineData("2026-01-05", true, 1767657599)]
    [InlineData("2026-01-05T09:00:03", false, 1767603603)]
    [InlineData("2026-01-05 09:00:03", true, 1767603603)]
    [InlineData("2026-01-05T09:00", false, 1767603600)]
    [InlineData("2026-01-05T09:00:03Z", false, 1767603603)]
    [InlineData("2026-01-05T10:00:03+01:00", false, 1767603603)]
    [InlineData("1767603603", true, 1767603603)]
    [InlineData("0", false, 0)]
    public void Dates_times_and_Unix_seconds_are_read(string text, bool endOfDay, long expected)
    {
        Assert.True(TimeText.TryParse(text, endOfDay, out long time));
        Assert.Equal(expected, time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("05.01.2026")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-30")]
    [InlineData("2026-1-5")]
    [InlineData("-5")]
    [InlineData("1.5")]
    [InlineData("1960-01-01")]
    [InlineData("99999999999999999999")]
    public void Anything_else_is_refused(string text) => Assert.False(TimeText.TryParse(text, false, out _));

    [Theory]
    [InlineData(1767603603, "2026-01-05 09:00:03")]
    [InlineData(0, "1970-01-01 00:00:00")]
    [InlineData(long.MaxValue, "9223372036854775807")]
    public void Times_are_shown_in_UTC_and_absurd_ones_as_numbers(long time, string expected) => Assert.Equal(expected, TimeText.Format(time));
}
