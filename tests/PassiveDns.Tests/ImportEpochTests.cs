using System.Net;
using System.Reflection;
using PassiveDns.Aggregation;
using PassiveDns.Capture;

namespace PassiveDns.Tests;

public sealed class ImportEpochTests
{
    private static readonly VantageOptions s_vantage = new();
    private static readonly AggregationOptions s_aggregation = new();

    [Fact]
    public void The_same_octets_give_the_same_epoch_whatever_the_file_is_called()
    {
        using TemporaryFolder folder = new();
        string first = folder.Write("a", [1, 2, 3]), second = folder.Write("b", [1, 2, 3]);
        Assert.Equal(ImportEpoch.Compute([first], s_vantage, s_aggregation), ImportEpoch.Compute([second], new(), new()));
    }

    [Fact]
    public void The_same_octets_under_two_names_are_refused_because_they_would_count_twice()
    {
        using TemporaryFolder folder = new();
        string first = folder.Write("a", [1, 2, 3]), second = folder.Write("b", [1, 2, 3]);
        ArgumentException e = Assert.Throws<ArgumentException>(() => ImportEpoch.Compute([first, second], s_vantage, s_aggregation));
        Assert.Contains(first, e.Message, StringComparison.Ordinal);
        Assert.Contains(second, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_octets_or_octets_divided_otherwise_give_another_epoch()
    {
        using TemporaryFolder folder = new();
        string a = folder.Write("a", [1, 2]), b = folder.Write("b", [3]), c = folder.Write("c", [1]), d = folder.Write("d", [2, 3]), none = folder.Write("e", []);
        string[][] inputs = [[a, b], [b, a], [c, d], [a], [a, none], [none, a], [none], []];
        Assert.Equal(inputs.Length, inputs.Select(paths => ImportEpoch.Compute(paths, s_vantage, s_aggregation)).Distinct().Count());
    }

    [Fact]
    public void The_order_in_which_resolvers_are_written_down_does_not_matter()
    {
        VantageOptions one = new(), other = new();
        IPNetwork[] networks = [IPNetwork.Parse("192.0.2.53/32"), IPNetwork.Parse("2001:db8::/64")];
        foreach (IPNetwork network in networks) one.Resolvers.Add(network);
        foreach (IPNetwork network in networks.Reverse()) other.Resolvers.Add(network);
        Assert.Equal(ImportEpoch.Compute([], one, s_aggregation), ImportEpoch.Compute([], other, s_aggregation));
        Assert.NotEqual(ImportEpoch.Compute([], one, s_aggregation), ImportEpoch.Compute([], s_vantage, s_aggregation));
    }

    [Fact]
    public void Sensor_and_epoch_do_not_matter()
    {
        ulong epoch = ImportEpoch.Compute([], s_vantage, s_aggregation);
        Assert.Equal(epoch, ImportEpoch.Compute([], s_vantage, s_aggregation with { Sensor = new("other"), Epoch = 7 }));
    }

    [Fact]
    public void Every_other_option_of_aggregation_matters()
    {
        AssertEveryPropertyMatters(() => new AggregationOptions(), o => ImportEpoch.Compute([], s_vantage, o), nameof(AggregationOptions.Sensor), nameof(AggregationOptions.Epoch));
    }

    [Fact]
    public void Every_option_of_the_flood_guard_matters()
    {
        AssertEveryPropertyMatters(() => new FloodGuardOptions(), o => ImportEpoch.Compute([], s_vantage, s_aggregation with { FloodGuard = o }));
        Assert.NotEqual(ImportEpoch.Compute([], s_vantage, s_aggregation), ImportEpoch.Compute([], s_vantage, s_aggregation with { FloodGuard = null }));
    }

    [Fact]
    public void Every_option_of_the_vantage_matters()
    {
        AssertEveryPropertyMatters(() => new VantageOptions(), o => ImportEpoch.Compute([], o, s_aggregation), nameof(VantageOptions.Resolvers), nameof(VantageOptions.Dnstap));
    }

    [Fact]
    public void Every_option_of_dnstap_matters()
    {
        VantageOptions vantage = new();
        AssertEveryPropertyMatters(
            () => (vantage = new()).Dnstap,
            _ => ImportEpoch.Compute([], vantage, s_aggregation));
    }

    private static DelegationSnapshot Learnt()
    {
        ResponseAggregator aggregator = new(s_aggregation);
        aggregator.Add(new() { Message = Responses.Referral(), Server = HostAddress.From(IPAddress.Parse("198.41.0.4")), UnixNanoseconds = 1 });
        DelegationSnapshot learnt = aggregator.GetDelegations();
        Assert.Equal(1, learnt.ZoneCount);
        return learnt;
    }

    // If a new option makes this fail: it shapes what comes out of an import, so it belongs into ImportEpoch.Describe.
    private static void AssertEveryPropertyMatters<T>(Func<T> create, Func<T, ulong> epoch, params string[] exceptions)
    {
        ulong before = epoch(create());
        PropertyInfo[] properties = [.. typeof(T).GetProperties().Where(p => !exceptions.Contains(p.Name))];
        Assert.NotEmpty(properties);
        foreach (PropertyInfo property in properties)
        {
            T options = create();
            if (property.GetValue(options) is IList<string> list)
            {
                list.Add("added");
                Assert.False(epoch(options) == before, $"{typeof(T).Name}.{property.Name} does not change the epoch.");
                continue;
            }

            object changed = property.GetValue(options) switch
            {
                DnstapPairing => DnstapPairing.Always,
                bool flag => !flag,
                int number => number - 1,
                long number => number - 1,
                TimeSpan time => time + TimeSpan.FromSeconds(1),
                RootHints => RootHints.Load(Sample.RootHintsFile),
                DelegationSnapshot => Learnt(),
                FloodGuardOptions floods => floods with { Names = floods.Names + 1 },
                IReadOnlyList<DomainName> names => (IReadOnlyList<DomainName>)[.. names, DomainName.Parse("added")],
                object other => throw new NotSupportedException($"{property.Name}: teach this test how to change a {other.GetType()}."),
                null => throw new NotSupportedException($"{property.Name} is null."),
            };
            property.SetValue(options, changed);
            Assert.False(epoch(options) == before, $"{typeof(T).Name}.{property.Name} does not change the epoch.");
        }
    }
}
