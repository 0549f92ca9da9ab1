namespace PassiveDns.Capture.Live.Tests;

/// <summary>A capture that goes on in the background until it is stopped.</summary>
internal sealed class LiveRun
{
    private readonly LiveCaptureSource _source;
    private readonly Task _reading;
    private readonly CancellationTokenSource _stop = new();

    public LiveRun(LiveCaptureSource source, TimeSpan? readerPause = null)
    {
        _source = source;
        _reading = Task.Run(() => ReadAsync(readerPause));
    }

    /// <summary>The messages handed on, in order.</summary>
    public List<byte[]> Observed { get; } = [];

    /// <summary>Stops and reads the rest.</summary>
    public async Task<CaptureReport> StopAsync(bool byToken)
    {
        if (byToken) await _stop.CancelAsync();
        else _source.Stop();
        await _reading.WaitAsync(TimeSpan.FromSeconds(60));
        CaptureReport report = _source.GetReport();
        await _source.DisposeAsync();
        Assert.Equal(report.Packets, report.Account.Where(line => line.Stage == "packets").Sum(line => line.Count));
        Assert.Equal(report.Packets, Count(report, "frames", "read"));
        Assert.Equal(Observed.Count, Count(report, "messages", "observed"));
        return report;
    }

    public static LiveCaptureSource Open(string host, VantageOptions vantage, Action<LiveCaptureOptions>? configure = null, string name = NetworkPair.ResolverInterface) =>
        NetworkPair.Inside(host, () =>
        {
            LiveCaptureOptions options = new();
            options.Interfaces.Add(name);
            configure?.Invoke(options);
            return LiveCaptureSource.Open(options, vantage);
        });

    /// <summary>The pair's resolvers. Nothing computes checksums on virtual interfaces, so they are not verified.</summary>
    public static VantageOptions Vantage()
    {
        VantageOptions vantage = new() { VerifyUdpChecksums = false };
        vantage.Resolvers.Add(new(NetworkPair.Resolver, 32));
        vantage.Resolvers.Add(new(NetworkPair.Resolver6, 128));
        return vantage;
    }

    public static long Count(CaptureReport report, string stage, string fate) => report.Account.FirstOrDefault(line => line.Stage == stage && line.Fate == fate).Count;

    private async Task ReadAsync(TimeSpan? pause)
    {
        MessageBatch batch = new();
        bool more;
        do
        {
            batch.Clear();
            more = await _source.ReadAsync(batch, _stop.Token);
            foreach (CapturedResponse response in batch) Observed.Add(response.Message.ToArray());
            if (pause is { } time) await Task.Delay(time);
        }
        while (more);
    }
}
