using System.Text.Json;
using PassiveDns.Aggregation;

namespace PassiveDns.Benchmarks.Pipeline;

/// <summary>
/// The cold start: which share of the RRsets that are decided in each tenth of a capture's responses is verified, first for a verifier that knows the root
/// alone, then for one that gets what the first has learnt.
/// </summary>
internal static class QuickVerification
{
    private const int Parts = 10;

    public static async Task RunAsync(BenchmarkOptions options)
    {
        string path = options.Capture ?? SampleCapture.Find();
        DelegationSnapshot learnt = await MeasureAsync("cold", path, options.Hints, DelegationSnapshot.Empty).ConfigureAwait(false);
        await MeasureAsync("warm", path, options.Hints, learnt).ConfigureAwait(false);
    }

    private static async Task<DelegationSnapshot> MeasureAsync(string start, string path, string? hints, DelegationSnapshot known)
    {
        ImportRun run = new(path, hints) { Known = known };
        List<AggregationReport> reports = [];
        await run.RunAsync(static _ => { }, reports.Add).ConfigureAwait(false);
        double[] shares = new double[Parts];
        AggregationReport before = reports[0];
        for (int part = 1; part <= Parts; part++)
        {
            AggregationReport after = reports.First(report => report.Responses >= run.Aggregation.Responses * part / Parts);
            if (part == Parts) after = run.Aggregation; // all that waited is decided
            long decided = after.Rrsets - after.Waiting - before.Rrsets + before.Waiting;
            shares[part - 1] = decided == 0 ? 0 : Math.Round((double)(after.Verified - before.Verified) / decided, 3);
            before = after;
        }

        Console.WriteLine(JsonSerializer.Serialize(new
        {
            pipeline = "verification",
            start,
            capture = Path.GetFileName(path),
            verified = shares, // by tenth of the responses
            whole = Math.Round((double)run.Aggregation.Verified / run.Aggregation.Rrsets, 3),
            zones = run.Learnt.ZoneCount,
        }));
        return run.Learnt;
    }
}
