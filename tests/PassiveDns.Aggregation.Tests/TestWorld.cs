using System.Net;

namespace PassiveDns.Aggregation.Tests;

/// <summary>A small world with one root server at 192.0.2.1, and an aggregator that listens to it.</summary>
internal sealed class TestWorld
{
    public const string Root = "192.0.2.1";
    public const string Tld = "192.0.2.10";
    public const string Example = "192.0.2.20";
    public const string Evil = "203.0.113.66";
    public const long Start = 1_700_000_000 / 3600 * 3600;

    public static readonly RootHints Hints = RootHints.Parse(new StringReader(". 3600000 NS a.root.\na.root. 3600000 A 192.0.2.1\n"));

    private readonly List<ObservationBatch> _batches = [];

    public TestWorld(Func<AggregationOptions, AggregationOptions>? change = null)
    {
        AggregationOptions options = new() { Sensor = new("test"), Epoch = 7, RootHints = Hints };
        Aggregator = new(change?.Invoke(options) ?? options, Told.Add);
    }

    public ResponseAggregator Aggregator { get; }

    /// <summary>The fates, told one by one.</summary>
    public List<TracedFate> Told { get; } = [];

    public long Now { get; set; } = Start;

    public IReadOnlyList<ObservationBatch> Batches => _batches;

    public static byte[] TldReferral() => new TestResponse("www.example.test", RecordType.A)
        .Authority("test NS ns.nic.test").Additional($"ns.nic.test A {Tld}").Build();

    public static byte[] ExampleReferral() => new TestResponse("www.example.test", RecordType.A)
        .Authority("example.test NS ns.example.test").Additional($"ns.example.test A {Example}").Build();

    /// <summary>Lets the world learn who serves test. and example.test.</summary>
    public TestWorld WithDelegations()
    {
        Send(Root, TldReferral());
        Send(Tld, ExampleReferral());
        return this;
    }

    public void Send(string server, TestResponse response, string? queryZone = null, bool isProbe = false) => Send(server, response.Build(), queryZone, isProbe);

    public void Send(string server, byte[] message, string? queryZone = null, bool isProbe = false)
    {
        Aggregator.Add(new CapturedResponse
        {
            Message = message,
            Server = HostAddress.From(IPAddress.Parse(server)),
            UnixNanoseconds = Now * 1_000_000_000,
            QueryZone = queryZone is null ? default : DomainName.Parse(queryZone).Wire,
            IsProbe = isProbe,
        });
        Take();
    }

    /// <summary>Ends the input and gives each row as "owner type data... | bailiwick provenance count".</summary>
    public List<string> Rows()
    {
        Aggregator.Complete();
        Take();

        // Negative evidence has an account of its own beside the responses, which are told; and foldings are told as what they are foldings of.
        Assert.Equal(
            Aggregator.GetReport().Account.Where(line => line.Stage is not ("negatives" or "sightings")).Select(line => (line.Stage, line.Fate, line.IsDrop, line.Count)).Order(),
            Told.GroupBy(fate => (fate.Stage, fate.Fate, fate.IsDrop)).Select(told => (told.Key.Stage, told.Key.Fate, told.Key.IsDrop, told.LongCount())).Order());
        List<string> rows = [];
        foreach (ObservationBatch batch in _batches)
        {
            foreach (ObservationRow row in batch.Rows) rows.Add(Text(row.ToObservation()));
        }

        return rows;
    }

    public long Fate(string stage, string fate) =>
        Aggregator.GetReport().Account.Where(line => line.Stage == stage && line.Fate == fate).Sum(line => line.Count);

    public void AssertConserved(long responses)
    {
        AggregationReport report = Aggregator.GetReport();
        Assert.Equal(responses, report.Account.Where(line => line.Stage == "responses").Sum(line => line.Count));
        Assert.Equal(responses, report.Responses);
        Assert.Equal(report.Rrsets, report.Account.Where(line => line.Stage == "rrsets").Sum(line => line.Count));
    }

    private static string Text(Observation row) =>
        $"{row.RrName} {RecordTypeNames.Format(row.Type)} {string.Join(' ', row.Rdata)} | {row.Bailiwick} {row.Provenance} {row.History.Count}";

    private void Take()
    {
        while (Aggregator.TryTake(out ObservationBatch? batch)) _batches.Add(batch);
    }
}
