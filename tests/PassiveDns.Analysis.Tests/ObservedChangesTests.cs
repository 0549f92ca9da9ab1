using PassiveDns.Storage;

namespace PassiveDns.Analysis.Tests;

public class ObservedChangesTests
{
    private static readonly TimeWindow s_always = TimeWindow.Always;

    [Fact]
    public async Task A_change_lies_between_the_last_of_the_old_and_the_first_of_the_new()
    {
        List<ObservedChange> changes = await ChangesAsync(new SmallWorld()
            .Add("a.example.com", "A", "192.0.2.1", 0, 10)
            .Add("a.example.com", "A", "198.51.100.1", 12, 20)
            .Add("a.example.com", "A", "198.51.100.1|203.0.113.1", 23, 30)
            .Add("a.example.com", "A", "203.0.113.1", 33, 40)
            .Add("a.example.com", "A", "192.0.2.1", 43, 50)
            .Add("b.example.com", "TXT", "\"still here\"", 0, 50));
        Assert.Equal(
            [
                (ChangeKind.NewName, new(null, Day(0))), (ChangeKind.Replaced, new(Day(10), Day(12))), (ChangeKind.Added, new(Day(20), Day(23))), (ChangeKind.Removed, new(Day(30), Day(33))),
                (ChangeKind.Reverted, new UncertainTime(Day(40), Day(43))),
            ],
            changes.Where(change => change.Name == Name("a.example.com")).Select(change => (change.Kind, change.Time)));
        Assert.Equal(["192.0.2.1"], changes[1].Before!.Values.Select(value => value.ToString()));
        Assert.Equal(["198.51.100.1"], changes[1].After!.Values.Select(value => value.ToString()));
        Assert.Equal(2, changes[1].Evidence.Count());
        Assert.Equal(1, changes[1].Confidence);
    }

    [Fact]
    public async Task A_window_takes_what_may_have_happened_in_it_and_says_how_likely_that_is()
    {
        SmallWorld world = new SmallWorld().Add("a.example.com", "A", "192.0.2.1", 0, 10).Add("a.example.com", "A", "198.51.100.1", 20, 30);
        ObservedChange change = Assert.Single(await ChangesAsync(world, new(ChangeScope.Name(Name("a.example.com")), new(Day(15), Day(17.5)))));
        Assert.Equal(0.25, change.ShareInWindow, 6);
        Assert.Empty(await ChangesAsync(new SmallWorld().Add("a.example.com", "A", "192.0.2.1", 0, 10), new(ChangeScope.Name(Name("a.example.com")), new(Day(2), Day(9)))));
    }

    [Fact]
    public async Task What_a_change_is_about_is_told()
    {
        List<ObservedChange> changes = await ChangesAsync(new SmallWorld()
            .Add("bank.com", "NS", "ns1.bank.com.", 0, 10, zone: "com").Add("bank.com", "NS", "ns1.rogue.net.", 12, 13, zone: "com")
            .Add("bank.com", "DS", "1 8 2 00", 0, 10, zone: "com").Add("bank.com", "DS", "2 8 2 00", 12, 13, zone: "com")
            .Add("ns1.bank.com", "A", "192.0.2.1", 0, 10, zone: "com").Add("ns1.bank.com", "A", "203.0.113.1", 12, 13, zone: "com")
            .Add("ns1.bank.com", "A", "192.0.2.1", 0, 10).Add("ns1.bank.com", "A", "203.0.113.1", 12, 13)
            .Add("bank.com", "TXT", "\"v=spf1 -all\"|\"other\"", 0, 10).Add("bank.com", "TXT", "\"v=spf1 +all\"|\"other\"", 12, 13).Add("bank.com", "TXT", "\"v=spf1 +all\"|\"next\"", 14, 15)
            .Add("s._domainkey.bank.com", "TXT", "\"v=DKIM1; p=AA==\"", 12, 13)
            .Add("bank.com", "SOA", "ns1.bank.com. h.bank.com. 1 2 3 4 5", 0, 10).Add("bank.com", "SOA", "ns1.bank.com. h.bank.com. 2 2 3 4 5", 12, 13).Add("bank.com", "SOA", "ns1.rogue.net. h.bank.com. 3 2 3 4 5", 14, 15));
        Assert.Equal(ChangeKind.DelegationChanged, Of("bank.com", RecordType.NS)[^1].Kind);
        Assert.Equal(UseSide.Parent, Of("bank.com", RecordType.NS)[^1].Side);
        Assert.Equal(ChangeKind.DsChanged, Of("bank.com", RecordType.DS)[^1].Kind);
        Assert.Equal([(ChangeKind.GlueChanged, "com."), (ChangeKind.Replaced, "bank.com.")], Of("ns1.bank.com", RecordType.A).Where(c => c.Effect == ChangeEffect.Replaced).Select(c => (c.Kind, c.Zone.ToString())));
        Assert.Equal([ChangeKind.MailAuthChanged, ChangeKind.MailAuthChanged, ChangeKind.Replaced], Of("bank.com", RecordType.TXT).Select(c => c.Kind));
        Assert.Equal((ChangeKind.MailAuthChanged, ChangeEffect.Appeared), (Of("s._domainkey.bank.com", RecordType.TXT)[0].Kind, Of("s._domainkey.bank.com", RecordType.TXT)[0].Effect));
        Assert.Equal(
            [(ChangeKind.NewType, ChangeNoise.None), (ChangeKind.SoaOnly, ChangeNoise.Serial), (ChangeKind.Replaced, ChangeNoise.None)],
            Of("bank.com", RecordType.SOA).OrderBy(c => c.Time.By).Select(c => (c.Kind, c.Noise)));

        List<ObservedChange> Of(string name, RecordType type) => [.. changes.Where(change => change.Name == Name(name) && change.Type == type)];
    }

    [Fact]
    public async Task A_shift_of_the_TTL_is_known_to_lie_within_the_life_of_the_set()
    {
        List<ObservedChange> changes = await ChangesAsync(new SmallWorld().Add("a.example.com", "A", "192.0.2.1", 0, 5, ttl: 3600).Add("a.example.com", "A", "192.0.2.1", 6, 7, ttl: 60));
        ObservedChange shift = Assert.Single(changes, change => change.Kind == ChangeKind.TimeToLiveShift);
        Assert.Equal(new(Day(0), Day(7)), shift.Time);
        Assert.Equal((60u, 3600u), (shift.After!.MinTimeToLive, shift.After.MaxTimeToLive));
    }

    [Fact]
    public async Task Noise_is_folded_and_counted()
    {
        SmallWorld world = new();
        for (int day = 0; day < 20; day++)
        {
            world.Add("pool.example.com", "A", $"192.0.{day % 5}.1|198.51.{(day * 2) % 5}.1", day * 3, day * 3);
            world.Add("turns.example.com", "CNAME", day % 2 == 0 ? "one.example.net." : "two.example.net.", day * 3, day * 3);
            world.Add("home.example.com", "A", $"203.0.113.{day}", day * 3, day * 3);
        }

        ChangeQuery query = new(new ChangeScope.Subtree(Name("example.com")), s_always);
        IObservationReader store = await world.BuildAsync();
        List<ObservedChange> folded = await ListAsync(store, query), all = await ListAsync(store, query with { FoldNoise = false });
        foreach ((string name, ChangeNoise noise) in ((string, ChangeNoise)[])[("pool.example.com", ChangeNoise.RoundRobin), ("turns.example.com", ChangeNoise.RoundRobin), ("home.example.com", ChangeNoise.SameOperator)])
        {
            ObservedChange one = Assert.Single(folded, change => change.Name == Name(name) && change.Noise != ChangeNoise.None);
            Assert.Equal((noise, 19), (one.Noise, one.Folded));
            Assert.Equal(19, all.Count(change => change.Name == Name(name) && change.Noise == noise));
            Assert.Equal((Day(0), Day(57)), (one.Time.After, one.Time.By));
        }
    }

    [Fact]
    public async Task Draws_from_a_pool_are_noise_but_a_set_of_strangers_in_between_is_not()
    {
        SmallWorld world = new();
        for (int i = 0; i < 12; i++) world.Add("pool.example.com", "A", $"192.{i % 4}.0.1|198.{(i * i) % 7}.0.1", i * 3, i * 3);
        world.Add("pool.example.com", "A", "203.0.113.66", 36, 36).Add("pool.example.com", "A", "192.1.0.1|198.1.0.1", 39, 39);
        List<ObservedChange> changes = await ChangesAsync(world);
        Assert.Contains(changes, change => change.Noise == ChangeNoise.PoolRotation && change.Folded > 5);
        Assert.Contains(changes, change => change is { Noise: ChangeNoise.None, Effect: ChangeEffect.Replaced } && change.After!.Values[0].ToString() == "203.0.113.66");
    }

    [Fact]
    public async Task A_set_is_gone_as_surely_as_it_was_seen_often()
    {
        SmallWorld world = new SmallWorld().Add("often.example.com", "A", "192.0.2.1", 0, 40, count: 400).Add("seldom.example.com", "A", "192.0.2.2", 0, 40, count: 3).Add("b.example.net", "A", "192.0.2.3", 0, 60);
        ObservedChange gone = Assert.Single(await ChangesAsync(world, new(new ChangeScope.Subtree(Name("example.com")), new(Day(30), Day(60)))));
        Assert.Equal((ChangeKind.Removed, "often.example.com."), (gone.Kind, gone.Name.ToString()));
        Assert.Equal(new(Day(40), null), gone.Time);
        Assert.Equal(1 - (1.0 / 41), gone.Confidence!.Value, 9); // forty silences of a day before it: less than exp(-20) tells
    }

    [Fact]
    public async Task Denials_bound_changes_and_make_removals_sure()
    {
        NegativeTable negatives = NegativeTable.Read(new StringReader(string.Join('\n', Denial("new.example.com", null, 3), Denial("gone.example.com", null, 15), Denial("gone.example.com", null, 25), Denial("type.example.com", "A", 12))));
        SmallWorld world = new SmallWorld().Add("new.example.com", "A", "192.0.2.1", 5, 9, count: 1).Add("gone.example.com", "A", "192.0.2.2", 0, 10, count: 2)
            .Add("gone.example.com", "A", "192.0.2.2", 30, 40, count: 2).Add("type.example.com", "A", "192.0.2.3", 0, 10, count: 2).Add("z.example.net", "A", "192.0.2.9", 0, 60);
        List<ObservedChange> changes = await ChangesAsync(world, new(new ChangeScope.Subtree(Name("example.com")), s_always), new() { Negatives = negatives });
        Assert.Equal(
            [
                ("gone.example.com.", ChangeKind.NewName, new(null, Day(0))), ("gone.example.com.", ChangeKind.Removed, new(Day(10), Day(15))), ("gone.example.com.", ChangeKind.Reverted, new(Day(25), Day(30))),
                ("new.example.com.", ChangeKind.NewName, new(Day(3), Day(5))),
                ("type.example.com.", ChangeKind.NewName, new(null, Day(0))), ("type.example.com.", ChangeKind.Removed, new UncertainTime(Day(10), Day(12))),
            ],
            changes.Select(change => (change.Name.ToString(), change.Kind, change.Time)));
        Assert.Equal(Day(15), Assert.Single(changes[1].Denials).First);
        Assert.InRange(changes[1].Confidence!.Value, 0.99, 1);
        Assert.Equal(Day(3), Assert.Single(changes[3].Denials).First);

        static string Denial(string name, string? type, double day) =>
            $$"""{"name":"{{name}}.",{{(type is null ? "" : $"\"type\":\"{type}\",")}}"kind":"{{(type is null ? "name-error" : "no-data")}}","zone":"example.com.","time_first":{{Day(day)}},"time_last":{{Day(day)}}}""";
    }

    [Fact]
    public async Task Scopes_take_what_belongs_to_them()
    {
        IObservationReader store = await new SmallWorld()
            .Add("a.example.com", "A", "192.0.2.1", 0, 10).Add("a.example.com", "A", "203.0.113.1", 12, 20)
            .Add("b.example.com", "A", "198.51.100.1", 0, 10).Add("b.example.com", "A", "198.51.100.2", 12, 20)
            .Add("c.example.net", "NS", "ns1.host.net.", 0, 10).Add("c.example.net", "NS", "ns2.host.net.", 12, 20)
            .Add("d.example.net", "A", "192.0.2.1", 0, 20)
            .BuildAsync();
        TimeWindow window = new(Day(9), Day(13));
        Assert.Equal(["a.example.com.", "b.example.com."], await NamesAsync(new ChangeScope.Subtree(Name("example.com"))));
        Assert.Equal(["c.example.net.", "a.example.com."], await NamesAsync(new ChangeScope.Watched([new(Name("c.example.net"), false), new(Name("a.example.com"), true), new(Name("nobody.example"), true)])));
        Assert.Equal(["a.example.com."], await NamesAsync(new ChangeScope.Addresses(HostAddress.FromBytes([192, 0, 2, 0]), HostAddress.FromBytes([192, 0, 2, 255]))));
        Assert.Equal(["c.example.net."], await NamesAsync(new ChangeScope.Server(Name("ns2.host.net"))));
        Assert.Equal(["a.example.com.", "b.example.com.", "c.example.net."], await NamesAsync(new ChangeScope.Everything()));
        AnswerStream<ObservedChange> unknown = new ObservedChanges(store).Find(new(ChangeScope.Name(Name("nobody.example")), window));
        await foreach (ObservedChange _ in unknown.WithCancellation(TestContext.Current.CancellationToken)) Assert.Fail("nothing is known");
        Assert.Equal(Completeness.Exact, unknown.Facts.Completeness);

        async Task<IEnumerable<string>> NamesAsync(ChangeScope scope) => (await ListAsync(store, new(scope, window))).Select(change => change.Name.ToString()).Distinct();
    }

    [Fact]
    public async Task A_name_of_which_the_budget_left_rows_out_is_not_told()
    {
        SmallWorld world = new SmallWorld().Add("a.example.com", "A", "192.0.2.1", 0, 10).Add("b.example.com", "A", "192.0.2.1", 0, 10).Add("b.example.com", "A", "203.0.113.1", 12, 20);
        AnswerStream<ObservedChange> answer = new ObservedChanges(await world.BuildAsync(), new() { Budget = new() { MaxRows = 2 } }).Find(new(new ChangeScope.Subtree(Name("example.com")), s_always));
        List<string> names = [];
        await foreach (ObservedChange change in answer.WithCancellation(TestContext.Current.CancellationToken)) names.Add(change.Name.ToString());
        Assert.Equal(["a.example.com."], names);
        Assert.Equal(Completeness.Truncated, answer.Facts.Completeness);
    }

    [Fact]
    public async Task Over_everything_only_names_are_read_of_which_something_changed_or_was_denied()
    {
        SmallWorld world = new();
        for (int i = 0; i < 2000; i++) world.Add($"static{i}.example.com", "A", "192.0.2.1", 0, 60);
        world.Add("moved.example.com", "A", "192.0.2.2", 0, 20).Add("moved.example.com", "A", "203.0.113.1", 22, 60).Add("www.gone.example.com", "A", "192.0.2.3", 0, 5);
        NegativeTable negatives = NegativeTable.Read(new StringReader(string.Join('\n', Denied("gone.example.com"), Denied("www.gone.example.com"), Denied("never.example.com"))));
        AnswerStream<ObservedChange> answer = new ObservedChanges(await world.BuildAsync(), new() { Negatives = negatives }).Find(new(new ChangeScope.Everything(), new(Day(19), Day(30))));
        List<string> found = [];
        await foreach (ObservedChange change in answer.WithCancellation(TestContext.Current.CancellationToken)) found.Add($"{change.Name} {change.Kind}");
        Assert.Equal(["moved.example.com. Replaced", "www.gone.example.com. Removed"], found);
        Assert.InRange(answer.Facts.RowsRead, 1, 20);

        static string Denied(string name) => $$"""{"name":"{{name}}.","kind":"name-error","zone":"example.com.","time_first":{{Day(25)}},"time_last":{{Day(25)}}}""";
    }

    [Fact]
    public async Task More_names_at_a_range_than_are_to_be_held_are_cut_and_that_is_said()
    {
        SmallWorld world = new();
        for (int i = 0; i < 9; i++) world.Add($"host{i}.example.com", "A", "192.0.2.1", 0, 10);
        ChangeQuery query = new(new ChangeScope.Addresses(HostAddress.FromBytes([192, 0, 2, 1]), HostAddress.FromBytes([192, 0, 2, 1])), s_always) { MaxNames = 4 };
        AnswerStream<ObservedChange> answer = new ObservedChanges(await world.BuildAsync()).Find(query);
        int found = 0;
        await foreach (ObservedChange _ in answer.WithCancellation(TestContext.Current.CancellationToken)) found++;
        Assert.Equal((4, Completeness.Truncated), (found, answer.Facts.Completeness));
    }

    [Fact]
    public async Task What_cannot_be_asked_is_refused()
    {
        ObservedChanges changes = new(await new SmallWorld().BuildAsync());
        Assert.Contains("earlier", Assert.Throws<ArgumentException>(() => changes.Find(new(new ChangeScope.Everything(), new(2, 1)))).Message, StringComparison.Ordinal);
        Assert.Contains("lower", Assert.Throws<ArgumentException>(() => changes.Find(new(new ChangeScope.Addresses(HostAddress.FromBytes([2, 0, 0, 0]), HostAddress.FromBytes([1, 0, 0, 0])), s_always))).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 1", Assert.Throws<ArgumentException>(() => changes.Find(new(new ChangeScope.Everything(), s_always) { MinRemovalConfidence = double.NaN })).Message, StringComparison.Ordinal);
    }

    private static long Day(double day) => SmallWorld.Day(day);

    private static DomainName Name(string text) => DomainName.Parse(text);

    private static async Task<List<ObservedChange>> ChangesAsync(SmallWorld world, ChangeQuery? query = null, AnalysisOptions? options = null) =>
        await ListAsync(await world.BuildAsync(), query ?? new(new ChangeScope.Subtree(DomainName.Root), s_always), options);

    private static async Task<List<ObservedChange>> ListAsync(IObservationReader store, ChangeQuery query, AnalysisOptions? options = null)
    {
        List<ObservedChange> changes = [];
        await foreach (ObservedChange change in new ObservedChanges(store, options).Find(query).WithCancellation(TestContext.Current.CancellationToken)) changes.Add(change);
        return changes;
    }
}
