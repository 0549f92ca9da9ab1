namespace PassiveDns.Capture.Tests;

/// <summary>A response that was handed on from dnstap.</summary>
internal sealed record TappedResponse(HostAddress Server, long UnixNanoseconds, string Zone, byte[] Octets);

/// <summary>Dnstap files read to their end.</summary>
internal sealed class DnstapRun
{
    public required List<TappedResponse> Observed { get; init; }

    public required CaptureReport Report { get; init; }

    public long Count(string stage, string fate) => Conservation.Of(Report, stage, fate);

    public static DnstapRun Read(string path, VantageOptions? vantage = null) => Read([path], vantage);

    public static DnstapRun Read(IReadOnlyList<string> paths, VantageOptions? vantage = null) => Read(DnstapFileSource.Open(paths, vantage), new());

    public static DnstapRun Read(ICaptureSource source, MessageBatch batch)
    {
        List<TappedResponse> observed = [];
        bool more;
        do
        {
            batch.Clear();
            more = source.ReadAsync(batch, TestContext.Current.CancellationToken).AsTask().GetAwaiter().GetResult();
            foreach (CapturedResponse response in batch) observed.Add(Copy(response));
            Conservation.Check(source.GetReport());
        }
        while (more);
        CaptureReport report = source.GetReport();
        source.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Conservation.CheckEnd(report, report.Messages, observed.Count);
        Assert.Equal(report.Messages, Conservation.Of(report, "packets", "message"));
        return new() { Observed = observed, Report = report };
    }

    public static TappedResponse Copy(in CapturedResponse response) => new(
        response.Server, response.UnixNanoseconds, response.QueryZone.IsEmpty ? "" : Zone(response.QueryZone), response.Message.ToArray());

    private static string Zone(ReadOnlySpan<byte> wire)
    {
        Assert.True(DomainName.TryFromWire(wire, out DomainName name));
        Assert.True(name.Wire.SequenceEqual(wire), "a zone is canonical");
        return name.ToString();
    }
}
