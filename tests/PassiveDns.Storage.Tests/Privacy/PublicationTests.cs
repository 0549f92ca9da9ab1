using PassiveDns.Storage.Memory;
using PassiveDns.Storage.Privacy;

namespace PassiveDns.Storage.Tests.Privacy;

public sealed class PublicationTests
{
    private const long Day = 86_400;

    [Fact]
    public async Task A_name_is_published_when_enough_sensors_saw_it()
    {
        await using MemoryObservationStore store = new();
        await store.WriteAsync(new BatchBuilder("s1").Add("www.example.com", "A", "192.0.2.1").Add("token.example.com", "A", "192.0.2.1").Add("example.com", "NS", "ns.example.com.").Build(1));
        PublicationView view = new(store, new() { MinSensors = 2 });
        Assert.Equal(["example.com. NS ns.example.com."], (await Answer.ReadAsync(store, new QueryAnchor.OwnerName(DomainName.Parse("example.com")))).Texts);
        Assert.Empty((await Answer.ReadAsync(view, new QueryAnchor.Everything())).Texts); // the NS set points to a name that nobody else saw

        await store.WriteAsync(new BatchBuilder("s2").Add("www.example.com", "AAAA", "2001:db8::1").Add("ns.example.com", "A", "192.0.2.9").Build(1));
        await store.WriteAsync(new BatchBuilder("s3").Add("ns.example.com", "A", "192.0.2.9").Build(1));
        Assert.Equal(
            ["example.com. NS ns.example.com.", "ns.example.com. A 192.0.2.9", "www.example.com. A 192.0.2.1", "www.example.com. AAAA 2001:db8::1"],
            (await Answer.ReadAsync(view, new QueryAnchor.Everything())).Texts); // two sensors saw the name, whatever they saw of it
        Assert.Equal(["www.example.com. A 192.0.2.1"], (await Answer.ReadAsync(view, QueryAnchor.Network(System.Net.IPNetwork.Parse("192.0.2.1/32")))).Texts);
        Assert.Equal(new PublicationReport { Names = 4, NamesHeldBack = 1, Rows = 5, RowsHeldBack = 1 }, await view.MeasureAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(1, 0, 1, false)] // one day
    [InlineData(3, 0, 3, true)] // three days
    [InlineData(3, 2 * Day, 3, false)] // two days at most are sure of each stretch of three
    [InlineData(1, 5 * Day, 100, true)] // day 0 and day 5, and something in between within each gap of two days
    [InlineData(1, 5 * Day, 2, false)] // but two sightings are on two days at most
    public async Task A_name_is_published_when_enough_days_saw_it(int stretches, long length, long count, bool isPublic)
    {
        await using MemoryObservationStore store = new();
        BatchBuilder builder = new("s1");
        ulong sequence = 0;
        if (stretches == 3 && length > 0) stretches = 1;
        for (int i = 0; i < stretches; i++)
        {
            await store.WriteAsync(builder.Add("token.example.com", "A", "192.0.2.1", first: 1_000 * Day + i * 10 * Day, last: 1_000 * Day + i * 10 * Day + length, count: count).Build(++sequence));
        }

        PublicationView view = new(store, new() { MinDays = 3 });
        Assert.Equal(isPublic ? 1 : 0, (await Answer.ReadAsync(view, new QueryAnchor.Everything())).Rows.Count);
        Assert.Equal(isPublic ? 0 : 1, view.GetHeldBack());
    }

    [Fact]
    public async Task Wildcards_and_registrable_domains_are_published_and_what_points_to_a_token_is_not()
    {
        await using MemoryObservationStore store = new();
        await store.WriteAsync(new BatchBuilder("s1")
            .Add("*.example.com", "A", "192.0.2.1").Add("example.com", "A", "192.0.2.2").Add("example.co.uk", "A", "192.0.2.3").Add("example.net", "CNAME", "token.example.com.").Build(1));
        Answer answer = await Answer.ReadAsync(new PublicationView(store, new() { MinSensors = 2 }), new QueryAnchor.Everything());
        Assert.Equal(["example.com. A 192.0.2.2", "*.example.com. A 192.0.2.1"], answer.Texts); // without a list, co.uk passes for somebody's domain
    }

    [Fact]
    public async Task The_limit_counts_what_is_published_and_a_continuation_goes_on_behind_it()
    {
        await using MemoryObservationStore store = new();
        foreach (string sensor in (string[])["s1", "s2"])
        {
            BatchBuilder builder = new(sensor);
            for (int i = 0; i < 100; i++)
            {
                if (i % 5 == 0 || sensor == "s1") builder.Add($"n{i:D3}.example.com", "A", "192.0.2.1");
            }

            await store.WriteAsync(builder.Build(1));
        }

        PublicationView view = new(store, new() { MinSensors = 2 });
        List<string> all = [];
        string? continuation = null;
        do
        {
            Answer answer = await Answer.ReadAsync(view, new ObservationQuery(new QueryAnchor.Everything()) { Limit = 7, Continuation = continuation });
            Assert.True(answer.Rows.Count <= 7);
            all.AddRange(answer.Texts);
            continuation = answer.Continuation;
        }
        while (continuation is not null);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"n{i * 5:D3}.example.com. A 192.0.2.1"), all);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(9, 0)]
    [InlineData(0, 1)]
    public void Thresholds_are_checked(int sensors, int days) =>
        Assert.Throws<ArgumentException>(() => new PublicationView(new MemoryObservationStore(), new() { MinSensors = sensors, MinDays = days }));
}
