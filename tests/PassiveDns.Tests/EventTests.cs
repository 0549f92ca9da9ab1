using System.Net;
using System.Threading.Channels;
using PassiveDns.Events;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

/// <summary>What is news about a row, judged by hand for each case; and what becomes of news that nobody fetches.</summary>
public sealed class EventTests : IAsyncDisposable
{
    private const ObservationEventKinds NewHost = ObservationEventKinds.NewName | ObservationEventKinds.NewType | ObservationEventKinds.NewRecord | ObservationEventKinds.NewRrset;

    private readonly MemoryObservationStore _store = new();
    private readonly ObservationFeed _feed = new();
    private ulong _sequence;

    [Fact]
    public async Task Each_row_is_as_new_as_the_store_says()
    {
        using FeedSubscription news = _feed.Subscribe(new() { Kinds = ObservationEventKinds.AllNews | ObservationEventKinds.Sighting });
        await WriteAsync(Row("www.example.com", "A", 100, "192.0.2.1"), Row("example.com", "MX", 101, "10 mail.example.com."));
        Assert.Equal(
            [("www.example.com.", ObservationEventKinds.NewDomain | NewHost), ("example.com.", NewHost)],
            Take(news).Select(e => (e.Observation.RrName.ToString(), e.Kinds & ObservationEventKinds.AllNews)));

        await WriteAsync(
            Row("www.example.com", "A", 200, "192.0.2.1"),                       // known
            Row("www.example.com", "A", 201, "192.0.2.1", "192.0.2.2"),          // a set with one new record
            Row("www.example.com", "AAAA", 202, "2001:db8::1"),
            Row("ftp.example.com", "A", 203, "192.0.2.1"));
        Assert.Equal(
            [
                ObservationEventKinds.None,
                ObservationEventKinds.NewRecord | ObservationEventKinds.NewRrset,
                ObservationEventKinds.NewType | ObservationEventKinds.NewRecord | ObservationEventKinds.NewRrset,
                NewHost,
            ],
            Take(news).Select(e => e.Kinds & ObservationEventKinds.AllNews));

        await WriteAsync(Row("www.example.com", "A", 300, "192.0.2.2")); // the record is known, the set is not
        Assert.Equal([ObservationEventKinds.NewRrset | ObservationEventKinds.Sighting], Take(news).Select(e => e.Kinds));
        Assert.Equal(new FeedReport(7, 7, 0, 0), _feed.GetReport());
    }

    [Fact]
    public async Task What_was_written_long_ago_by_others_is_no_news()
    {
        await WriteAsync(Row("www.example.com", "A", 100, "192.0.2.1")); // nobody listens
        using FeedSubscription news = _feed.Subscribe();
        await WriteAsync(Row("www.example.com", "A", 200, "192.0.2.1"), Row("new.example.com", "A", 201, "192.0.2.1"));
        ObservationEvent happened = Assert.Single(Take(news));
        Assert.Equal((NewHost, "example.com."), (happened.Kinds & ObservationEventKinds.AllNews, happened.Domain.ToString()));
    }

    [Fact]
    public async Task A_forged_answer_does_not_make_the_true_one_old()
    {
        using FeedSubscription news = _feed.Subscribe();
        await WriteAsync(Row("www.example.com", "A", 100, Provenance.Unverified, 0, "192.0.2.66"));
        Assert.Empty(Take(news));
        await WriteAsync(Row("www.example.com", "A", 200, "192.0.2.1"));
        Assert.Equal(ObservationEventKinds.NewDomain | NewHost, Assert.Single(Take(news)).Kinds & ObservationEventKinds.AllNews);
    }

    [Fact]
    public async Task A_delegation_that_moves_and_one_that_returns_are_changes_and_late_data_is_none()
    {
        using FeedSubscription news = _feed.Subscribe(new() { Kinds = ObservationEventKinds.DelegationChanged });
        await WriteAsync(Delegation(100, "ns1.old.example."));
        await WriteAsync(Row("brand.example", "NS", 150, Provenance.VerifiedTraffic, 2, "ns9.child.example.")); // the child's own set, which is another row
        Assert.Empty(Take(news));

        await WriteAsync(Delegation(200, "ns1.new.example."));
        ObservationEvent moved = Assert.Single(Take(news));
        Assert.Equal(("ns1.old.example.", 100L, 200L), (moved.Previous!.Rdata[0].ToString(), moved.ChangedAfter, moved.ChangedBefore));
        await WriteAsync(Delegation(300, "ns1.new.example."));
        Assert.Empty(Take(news));
        await WriteAsync(Delegation(250, "ns1.old.example."));
        Assert.Empty(Take(news)); // older than what is known

        await WriteAsync(Delegation(400, "ns1.old.example."));
        ObservationEvent returned = Assert.Single(Take(news));
        Assert.False(returned.Kinds.HasFlag(ObservationEventKinds.NewRrset));
        Assert.Equal(("ns1.new.example.", 300L), (returned.Previous!.Rdata[0].ToString(), returned.ChangedAfter));

        // Both within one batch, in whatever order the batch holds them.
        await WriteAsync(Delegation(501, "ns1.new.example."), Delegation(500, "ns1.third.example."));
        Assert.Equal(["ns1.third.example.", "ns1.new.example."], Take(news).Select(e => e.Observation.Rdata[0].ToString()));
    }

    [Fact]
    public async Task A_watch_list_finds_names_subtrees_networks_and_patterns_in_owners_and_in_data()
    {
        FeedSubscription Watch(EventSelection selection) => _feed.Subscribe(selection with { Kinds = ObservationEventKinds.AllNews });
        using FeedSubscription names = Watch(new() { Names = [DomainName.Parse("ns.evil.example"), DomainName.Parse("www.example.com")] });
        using FeedSubscription subtrees = Watch(new() { Subtrees = [DomainName.Parse("evil.example")] });
        using FeedSubscription networks = Watch(new() { Networks = [IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("2001:db8::/32")] });
        using FeedSubscription patterns = Watch(new() { Patterns = ["^brand-[a-z]+\\."] });
        await WriteAsync(
            Row("www.example.com", "A", 100, "192.0.2.1"),
            Row("shop.test", "NS", 101, "ns.evil.example."),
            Row("a.evil.example", "AAAA", 102, "2001:db8::1"),
            Row("brand-login.test", "A", 103, "198.51.100.1"),
            Row("brand.test", "A", 104, "198.51.100.1"));
        Assert.Equal(["www.example.com.", "shop.test."], Owners(names));
        Assert.Equal(["shop.test.", "a.evil.example."], Owners(subtrees));
        Assert.Equal(["www.example.com.", "a.evil.example."], Owners(networks));
        Assert.Equal(["brand-login.test."], Owners(patterns));
        Assert.Contains("without back references", Assert.Throws<ArgumentException>(() => _feed.Subscribe(new() { Patterns = ["(a)\\1"] })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BoundedChannelFullMode.DropOldest, "c.example.", "d.example.")]
    [InlineData(BoundedChannelFullMode.DropNewest, "a.example.", "d.example.")]
    [InlineData(BoundedChannelFullMode.DropWrite, "a.example.", "b.example.")]
    public async Task A_full_queue_drops_as_it_was_told_and_counts(BoundedChannelFullMode mode, params string[] left)
    {
        using FeedSubscription news = _feed.Subscribe(capacity: 2, whenFull: mode);
        await WriteAsync([.. "abcd".Select((letter, i) => Row($"{letter}.example", "A", 100 + i, "192.0.2.1"))]);
        Assert.Equal(left, Owners(news));
        Assert.Equal((2, 2), (news.Dropped, _feed.GetReport().Dropped));
    }

    [Fact]
    public async Task A_subscriber_that_is_waited_for_loses_nothing_until_it_goes()
    {
        FeedSubscription news = _feed.Subscribe(capacity: 1, whenFull: BoundedChannelFullMode.Wait);
        Task writing = WriteAsync([.. "abcd".Select((letter, i) => Row($"{letter}.example", "A", 100 + i, "192.0.2.1"))]).AsTask();
        Assert.Equal("a.example.", (await news.Reader.ReadAsync(TestContext.Current.CancellationToken)).Observation.RrName.ToString());
        Assert.Equal("b.example.", (await news.Reader.ReadAsync(TestContext.Current.CancellationToken)).Observation.RrName.ToString());
        news.Dispose();
        await writing;
        Assert.Equal(4, _feed.GetReport().Delivered + _feed.GetReport().Dropped);
        Assert.InRange(_feed.GetReport().Dropped, 1, 2);
    }

    [Fact]
    public async Task A_batch_that_was_there_before_is_no_news_but_one_whose_first_attempt_failed_is()
    {
        bool fails = false;
        IObservationStore watched = _feed.Watch(new FailingAfterWrite(_store, () => fails));
        using FeedSubscription news = _feed.Subscribe();
        ObservationBatch batch = Batch(Row("www.example.com", "A", 100, "192.0.2.1"));
        fails = true;
        await Assert.ThrowsAsync<ObservationStoreException>(async () => await watched.WriteAsync(batch));
        Assert.Empty(Take(news));
        fails = false;
        Assert.Equal(WriteResult.AlreadyApplied, await watched.WriteAsync(batch));
        Assert.Single(Take(news));
        Assert.Equal(WriteResult.AlreadyApplied, await watched.WriteAsync(batch));
        Assert.Empty(Take(news));
    }

    [Fact]
    public async Task More_rows_than_may_be_read_are_undecided_and_counted()
    {
        ObservationFeed feed = new(new() { MaxRowsRead = 3 });
        IObservationStore watched = feed.Watch(_store);
        using FeedSubscription news = feed.Subscribe();
        await watched.WriteAsync(Batch([.. Enumerable.Range(1, 5).Select(i => Row("pool.example", "A", 100, $"192.0.2.{i}"))]));
        Take(news);
        await watched.WriteAsync(Batch(Row("pool.example", "A", 200, "192.0.2.9")));
        Assert.Empty(Take(news));
        Assert.Equal(1, feed.GetReport().Undecided);
    }

    [Fact]
    public async Task An_enumeration_hears_from_its_first_step_to_its_end()
    {
        using CancellationTokenSource stop = new();
        await using IAsyncEnumerator<ObservationEvent> news = _feed.ReadAllAsync(cancellationToken: stop.Token).GetAsyncEnumerator(stop.Token);
        ValueTask<bool> step = news.MoveNextAsync();
        await WriteAsync(Row("www.example.com", "A", 100, "192.0.2.1"));
        Assert.True(await step);
        Assert.Equal("www.example.com.", news.Current.Observation.RrName.ToString());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await news.MoveNextAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _feed.Dispose();
        await _store.DisposeAsync();
    }

    private static (string Name, string Type, long Time, Provenance Provenance, int Bailiwick, string[] Data) Row(string name, string type, long time, params string[] data) =>
        (name, type, time, Provenance.VerifiedTraffic, DomainName.Parse(name).LabelCount, data);

    private static (string Name, string Type, long Time, Provenance Provenance, int Bailiwick, string[] Data) Row(string name, string type, long time, Provenance provenance, int bailiwick, params string[] data) =>
        (name, type, time, provenance, bailiwick, data);

    private static (string Name, string Type, long Time, Provenance Provenance, int Bailiwick, string[] Data) Delegation(long time, string server) =>
        Row("brand.example", "NS", time, Provenance.VerifiedTraffic, 1, server);

    private ValueTask<WriteResult> WriteAsync(params (string Name, string Type, long Time, Provenance Provenance, int Bailiwick, string[] Data)[] rows) =>
        (_watched ??= _feed.Watch(_store)).WriteAsync(Batch(rows));

    private IObservationStore? _watched;

    private ObservationBatch Batch(params (string Name, string Type, long Time, Provenance Provenance, int Bailiwick, string[] Data)[] rows)
    {
        ObservationRows packed = new();
        foreach ((string name, string typeName, long time, Provenance provenance, int bailiwick, string[] data) in rows)
        {
            Assert.True(RecordTypeNames.TryParse(typeName, out RecordType type));
            using MemoryStream arena = new();
            List<(int Offset, int Length)> records = [];
            byte[] rdata = new byte[1024];
            foreach (string text in data)
            {
                Assert.True(RdataText.TryParse(type, System.Text.Encoding.UTF8.GetBytes(text), rdata, out int length));
                records.Add(((int)arena.Length, length));
                arena.Write(rdata, 0, length);
            }

            byte[] set = new byte[2048], history = new byte[SightingCodec.MaxSingleLength];
            int packedLength = RdataSet.Pack(arena.ToArray(), records.ToArray(), set);
            int historyLength = SightingCodec.Encode(new Sighting(time, time, 1, 60, 60), 1, history);
            packed.Add(new()
            {
                RrName = DomainName.Parse(name).Wire, Type = type, BailiwickLabels = (byte)bailiwick, Provenance = provenance,
                Rdata = new(set.AsSpan(0, packedLength)), History = history.AsSpan(0, historyLength),
            });
        }

        return new(new BatchId(new("sensor"), 1, ++_sequence), packed);
    }

    private static List<ObservationEvent> Take(FeedSubscription news)
    {
        List<ObservationEvent> events = [];
        while (news.Reader.TryRead(out ObservationEvent? happened)) events.Add(happened);
        return events;
    }

    private static IEnumerable<string> Owners(FeedSubscription news) => Take(news).Select(e => e.Observation.RrName.ToString());

    /// <summary>Writes, and then says that it failed: what a network between program and store does.</summary>
    private sealed class FailingAfterWrite(IObservationStore inner, Func<bool> fails) : IObservationStore
    {
        public async ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default)
        {
            WriteResult result = await inner.WriteAsync(batch, cancellationToken);
            return fails() ? throw new ObservationStoreException("test: the answer was lost", isTransient: true) : result;
        }

        public ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default) => inner.GetLastBatchAsync(sensor, cancellationToken);

        public IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) => inner.ReadAsync(query, cancellationToken);

        public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default) => inner.GetStatusAsync(cancellationToken);

        public ValueTask DisposeAsync() => default;
    }
}
