namespace PassiveDns.Analysis;

/// <summary>Presence in whole days (UTC): two things are seldom seen in the same second, so what often counts is the days on which both were seen.</summary>
internal static class WholeDays
{
    private const long SecondsPerDay = 86_400;

    /// <summary>The days that a presence touches.</summary>
    public static Presence Of(Presence presence) =>
        Presence.Of(presence.Stretches.Select(static s => new TimeStretch(StartOfDay(s.First), StartOfDay(s.Last) + SecondsPerDay - 1)));

    /// <summary>How many days a presence of whole days has.</summary>
    public static long Count(Presence days) => days.Seconds / SecondsPerDay;

    private static long StartOfDay(long unixSeconds) => unixSeconds - (((unixSeconds % SecondsPerDay) + SecondsPerDay) % SecondsPerDay);
}
