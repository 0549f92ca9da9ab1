namespace PassiveDns.Aggregation.Tests;

public class AllocationTests
{
    private static long Least(ResponseAggregator aggregator, List<TestTraffic.Item> items)
    {
        FeedAll();
        return Allocated.Least(FeedAll);

        void FeedAll()
        {
            for (int i = 0; i < 20; i++)
            {
                foreach (TestTraffic.Item item in items) aggregator.Feed(item);
            }
        }
    }

    [Fact]
    public void Ten_thousand_responses_whose_rows_are_known_allocate_nothing()
    {
        ResponseAggregator aggregator = new(new() { RootHints = TestWorld.Hints, Window = TimeSpan.FromDays(1) });
        Assert.Equal(0, Least(aggregator, TestTraffic.Make(3, 500, secondsBetween: 2, hostile: false)));
        Assert.InRange(aggregator.GetReport().VerifiedShare, 0.9, 1);
    }

    [Fact]
    public void Responses_that_are_taken_apart_before_allocate_nothing()
    {
        ResponseAggregator aggregator = new(new() { RootHints = TestWorld.Hints, Window = TimeSpan.FromDays(1) });
        DissectedResponses dissected = new(aggregator);
        List<TestTraffic.Item> items = TestTraffic.Make(3, 500, secondsBetween: 2, hostile: false);
        GivenResponses given = new([.. items]);
        Assert.Equal(0, Allocated.Least(Dissect)); // all are new to the aggregator, so that all are taken apart
        AddAll();
        aggregator.Feed(items);
        Assert.Equal(0, Allocated.Least(AddAll));

        void Dissect()
        {
            for (int i = 0; i < 20; i++) dissected.Dissect(given);
        }

        void AddAll()
        {
            for (int i = 0; i < 20; i++)
            {
                dissected.Dissect(given);
                aggregator.AddAll(dissected);
                dissected.Clear();
            }
        }
    }

    [Fact]
    public void Responses_that_wait_in_vain_allocate_nothing()
    {
        ResponseAggregator aggregator = new(new()
        {
            RootHints = RootHints.Parse(new StringReader(". NS a.elsewhere.\na.elsewhere. A 192.0.2.250")), Window = TimeSpan.FromDays(1), MaxWaiting = 300,
        });
        Assert.Equal(0, Least(aggregator, TestTraffic.Make(3, 500, secondsBetween: 2, hostile: false)));
        Assert.True(aggregator.GetReport().WaitingOverflowed > 1000);
    }
}
