using Microsoft.Extensions.Time.Testing;
using PassiveDns.Storage;

namespace PassiveDns.Analysis.Tests;

public class EvidenceReaderTests
{
    private static readonly ObservationQuery s_all = new(new QueryAnchor.Everything());

    [Fact]
    public async Task Without_a_bound_an_answer_is_exact_and_says_what_it_covers()
    {
        EvidenceReader reader = new(await World(), new());
        Assert.Equal(20, await CountAsync(reader));
        AnswerFacts facts = await reader.GetFactsAsync(TestContext.Current.CancellationToken);
        Assert.Equal((Completeness.Exact, 20), (facts.Completeness, facts.RowsRead));
        Assert.Equal((SmallWorld.Day(0), SmallWorld.Day(3), 1), (facts.Coverage.FirstSeen, facts.Coverage.LastSeen, facts.Coverage.Sensors));
        Assert.Equal(SmallWorld.Day(3), facts.AsOf);
    }

    [Fact]
    public async Task All_queries_of_an_answer_share_its_rows()
    {
        EvidenceReader reader = new(await World(), new() { Budget = new() { MaxRows = 30 } });
        Assert.Equal((20, 10, 0), (await CountAsync(reader), await CountAsync(reader), await CountAsync(reader)));
        Assert.Equal(Completeness.Truncated, (await reader.GetFactsAsync(TestContext.Current.CancellationToken)).Completeness);
    }

    [Fact]
    public async Task A_budget_that_just_suffices_cuts_nothing()
    {
        EvidenceReader reader = new(await World(), new() { Budget = new() { MaxRows = 20 } });
        Assert.Equal(20, await CountAsync(reader));
        Assert.Equal(Completeness.Exact, (await reader.GetFactsAsync(TestContext.Current.CancellationToken)).Completeness);
    }

    [Fact]
    public async Task When_the_time_is_over_the_answer_ends_with_what_it_has()
    {
        FakeTimeProvider clock = new();
        EvidenceReader reader = new(await World(), new() { Budget = new() { MaxTime = TimeSpan.FromSeconds(5) }, Time = clock });
        Assert.Equal(20, await CountAsync(reader));
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, await CountAsync(reader));
        Assert.True(reader.IsTruncated);
    }

    private static async Task<IObservationReader> World()
    {
        SmallWorld world = new();
        for (int i = 0; i < 20; i++) world.Add($"host{i}.example.com", "A", $"192.0.2.{i}", 0, 3);
        return await world.BuildAsync();
    }

    private static async Task<int> CountAsync(EvidenceReader reader)
    {
        int rows = 0;
        await foreach (Observation _ in reader.ReadAsync(s_all, TestContext.Current.CancellationToken)) rows++;
        return rows;
    }
}
