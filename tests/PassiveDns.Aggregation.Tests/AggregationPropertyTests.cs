using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace PassiveDns.Aggregation.Tests;

[Properties(MaxTest = 60, Replay = "(42,43)")]
public class AggregationPropertyTests
{
    private static readonly AggregationOptions s_options = new() { Sensor = new("s"), Epoch = 1, RootHints = TestWorld.Hints, Window = TimeSpan.FromDays(1) };

    private static readonly List<TestTraffic.Item> s_warmUp = TestTraffic.Make(17, 2000, secondsBetween: 1, hostile: false);

    private static SortedDictionary<string, long> Rows(ResponseAggregator aggregator)
    {
        SortedDictionary<string, long> rows = new(StringComparer.Ordinal);
        aggregator.Complete();
        while (aggregator.TryTake(out ObservationBatch? batch))
        {
            foreach (Observation row in batch.Rows.All())
            {
                string key = $"{row.RrName} {row.Type} {string.Join(' ', row.Rdata)} {row.Bailiwick} {row.Provenance}";
                rows[key] = rows.GetValueOrDefault(key) + row.History.Count;
            }
        }

        return rows;
    }

    [Property]
    public bool Once_the_delegations_are_known_the_order_inside_a_window_does_not_matter(int seed)
    {
        List<TestTraffic.Item> items = TestTraffic.Make(seed, 120, hostile: false);
        TestTraffic.Item[] shuffled = [.. items];
        new Random(seed ^ 77).Shuffle(shuffled);
        SortedDictionary<string, long> straight = Warm(items);
        return straight.SequenceEqual(Warm(shuffled));

        SortedDictionary<string, long> Warm(IEnumerable<TestTraffic.Item> then)
        {
            ResponseAggregator aggregator = new(s_options);
            aggregator.Feed(s_warmUp);
            Rows(aggregator);
            aggregator.Feed(then);
            return Rows(aggregator);
        }
    }

    [Property]
    public Property Waiting_makes_the_order_of_a_cold_start_irrelevant_for_what_is_verified(int seed)
    {
        // each zone's server serves no other zone, so the closest zone cannot depend on what was learnt first
        List<TestTraffic.Item> items = TestTraffic.Make(seed, 200, secondsBetween: 2, hostile: false);
        TestTraffic.Item[] shuffled = [.. items];
        new Random(seed ^ 99).Shuffle(shuffled);
        ResponseAggregator one = new(s_options), other = new(s_options);
        one.Feed(items);
        other.Feed(shuffled);
        return Rows(one).SequenceEqual(Rows(other)).ToProperty();
    }

    [Property(MaxTest = 400)]
    public bool Damage_never_throws_and_is_always_counted(int seed, byte[] noise)
    {
        Random random = new(seed);
        ResponseAggregator aggregator = new(s_options);
        int fed = 0;
        foreach (TestTraffic.Item item in TestTraffic.Make(seed, 20))
        {
            byte[] message = [.. item.Message];
            for (int i = random.Next(8); i > 0; i--) message[random.Next(message.Length)] = (byte)random.Next(256);
            foreach (byte b in noise) message[random.Next(2, message.Length)] ^= b;
            if (random.Next(3) == 0) message = message[..random.Next(message.Length)];
            aggregator.Feed(item with { Message = message });
            fed++;
        }

        aggregator.Feed(new TestTraffic.Item(TestWorld.Start, default, noise));
        aggregator.Complete();
        AggregationReport report = aggregator.GetReport();
        return report.Responses == fed + 1 && report.Rrsets == report.Account.Where(line => line.Stage == "rrsets").Sum(line => line.Count);
    }
}
