namespace PassiveDns.Aggregation.Tests;

/// <summary>Sets of rotating pools are bounded; what is known of each record stays exact.</summary>
public class PoolCapTests
{
    private const int Cap = 64;

    private static TestWorld World() => new TestWorld(options => options with { MaxSetsPerDay = Cap }).WithDelegations();

    private static TestResponse Answer(string name, IEnumerable<int> hosts) =>
        new TestResponse(name, RecordType.A).Authoritative().Answer([.. hosts.Select(host => $"{name} {100 + host % 7} A 10.0.{host >> 8}.{host & 255}")]);

    [Fact]
    public void Sets_beyond_the_cap_are_in_a_union_and_each_record_is_counted_exactly()
    {
        TestWorld world = World();
        Random random = new(3);
        Dictionary<string, (long First, long Last, long Count)> truth = [];
        for (int i = 0; i < 2_000; i++)
        {
            world.Now = (TestWorld.Start / 86_400 + 1) * 86_400 + 7 * i; // four windows of one day
            int[] hosts = [.. Enumerable.Range(0, 4).Select(_ => random.Next(300)).Distinct()];
            world.Send(TestWorld.Example, Answer("pool.example.test", hosts));
            foreach (int host in hosts)
            {
                string address = $"10.0.{host >> 8}.{host & 255}";
                truth[address] = truth.TryGetValue(address, out (long First, long Last, long Count) seen) ? (seen.First, world.Now, seen.Count + 1) : (world.Now, world.Now, 1);
            }
        }

        world.Rows();
        List<Observation> rows = [.. world.Batches.SelectMany(batch => batch.Rows.All()).Where(row => row.RrName.ToString() == "pool.example.test.")];
        List<Observation> exact = [.. rows.Where(row => row.History.Folding == SightingFolding.None)];
        List<Observation> unions = [.. rows.Where(row => row.History.Folding == SightingFolding.Sets)];
        Assert.InRange(exact.Select(row => string.Join(' ', row.Rdata)).Distinct().Count(), Cap / 2, Cap);
        Assert.InRange(unions.Count, 1, 4);
        Assert.Equal(2_000, exact.Concat(unions).Sum(row => row.History.Count));
        Assert.Equal(unions.Sum(row => row.History.Count), world.Aggregator.GetReport().FoldedSets);
        Assert.Equal(300, unions.Max(row => row.Rdata.Length));

        // What a store derives: each record of exact sets, and the rows of records.
        var records = exact.Concat(rows.Where(row => row.History.Folding == SightingFolding.Records))
            .SelectMany(row => row.Rdata.Select(data => (Address: data.ToString(), row.History)))
            .GroupBy(record => record.Address)
            .ToDictionary(same => same.Key, same => (same.Min(r => r.History.FirstSeen), same.Max(r => r.History.LastSeen), same.Sum(r => r.History.Count)));
        Assert.Equal(truth.OrderBy(t => t.Key), records.OrderBy(r => r.Key));
    }

    [Fact]
    public void Another_day_has_sets_of_its_own_and_owners_with_few_sets_are_never_folded()
    {
        TestWorld world = World();
        for (int i = 0; i < 400; i++)
        {
            world.Send(TestWorld.Example, Answer("pool.example.test", [i, i + 1]));
            world.Send(TestWorld.Example, Answer("www.example.test", [i % 40, 300]));
            world.Now += 300; // more than a day
        }

        world.Rows();
        List<Observation> rows = [.. world.Batches.SelectMany(batch => batch.Rows.All())];
        Assert.DoesNotContain(rows, row => row.RrName.ToString() == "www.example.test." && row.History.Folding != SightingFolding.None);
        Assert.InRange(rows.Count(row => row.RrName.ToString() == "pool.example.test." && row.History.Folding == SightingFolding.None), Cap + 1, 3 * Cap);
    }

    [Fact]
    public void Without_a_cap_all_sets_are_kept()
    {
        TestWorld world = new TestWorld(options => options with { MaxSetsPerDay = 0 }).WithDelegations();
        for (int i = 0; i < 300; i++) world.Send(TestWorld.Example, Answer("pool.example.test", [i, i + 1]));
        world.Rows();
        Assert.Equal(300, world.Batches.SelectMany(batch => batch.Rows.All()).Count(row => row.RrName.ToString() == "pool.example.test."));
    }
}
