namespace PassiveDns.Capture.Tests;

/// <summary>The sum laws that hold at every moment, and those that hold at the end.</summary>
internal static class Conservation
{
    public static void Check(CaptureReport report)
    {
        Assert.All(report.Account, line => Assert.True(line.Count > 0, line.ToString()));
        Assert.Equal(Sum(report, "packets"), report.Packets);
        Assert.Equal(Sum(report, "messages"), report.Messages);
        Assert.Equal(Sum(report, "queries"), Of(report, "messages", "query"));
    }

    public static void CheckEnd(CaptureReport report, long found, long observed)
    {
        Check(report);
        Assert.Equal(found, report.Messages);
        Assert.Equal(observed, report.Observed);
        Assert.Equal(0, Of(report, "messages", "held"));
        Assert.Equal(0, Of(report, "packets", "fragment-waiting"));
        Assert.Equal(0, Of(report, "queries", "waiting"));
    }

    public static long Of(CaptureReport report, string stage, string fate) =>
        report.Account.FirstOrDefault(line => line.Stage == stage && line.Fate == fate).Count;

    private static long Sum(CaptureReport report, string stage) => report.Account.Where(line => line.Stage == stage).Sum(line => line.Count);
}
