namespace PassiveDns.Capture.Tests;

/// <summary>A live source read until enough has come.</summary>
internal sealed class Reading
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public long Observed { get; private set; }

    public long LastTime { get; private set; }

    public required CaptureReport Report { get; set; }

    public long Conservation(string stage, string fate) => Tests.Conservation.Of(Report, stage, fate);

    /// <param name="source">The source.</param>
    /// <param name="enough">When to end; then the report is taken once the senders are gone.</param>
    /// <param name="pause">How long to rest after each batch.</param>
    public static async Task<Reading> StartAsync(ICaptureSource source, Func<Reading, bool> enough, TimeSpan pause = default)
    {
        Reading reading = new() { Report = source.GetReport() };
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        MessageBatch batch = new();
        while (true)
        {
            reading.Report = source.GetReport();
            if (enough(reading)) break;
            batch.Clear();
            bool more = await source.ReadAsync(batch, patience.Token);
            foreach (CapturedResponse response in batch)
            {
                reading.Observed++;
                reading.LastTime = response.UnixNanoseconds;
            }

            if (!more || patience.IsCancellationRequested) break;
            if (pause > TimeSpan.Zero) await Task.Delay(pause, TestContext.Current.CancellationToken);
        }

        await WaitAsync(() => Tests.Conservation.Of(source.GetReport(), "queries", "waiting") == 0);
        reading.Report = source.GetReport();
        return reading;
    }

    public static async Task WaitAsync(Func<bool> condition)
    {
        for (DateTimeOffset end = DateTimeOffset.UtcNow + s_patience; !condition(); await Task.Delay(10, TestContext.Current.CancellationToken))
        {
            Assert.True(DateTimeOffset.UtcNow < end, "it takes too long");
        }
    }
}
