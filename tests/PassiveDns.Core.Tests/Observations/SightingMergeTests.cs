using FsCheck.Xunit;

namespace PassiveDns.Tests;

[Properties(Arbitrary = [typeof(Arbitraries)], MaxTest = 1500)]
public class SightingMergeTests
{
    private static readonly TimeSpan s_gap = SightingHistory.DefaultIntervalGap;

    [Property(Replay = "7,9")]
    public void Merging_is_commutative(SightingHistory a, SightingHistory b) => Assert.Equal(a.MergedWith(b, s_gap), b.MergedWith(a, s_gap));

    [Property(Replay = "7,11")]
    public void Merging_is_associative(SightingHistory a, SightingHistory b, SightingHistory c) =>
        Assert.Equal(a.MergedWith(b, s_gap).MergedWith(c, s_gap), a.MergedWith(b.MergedWith(c, s_gap), s_gap));

    [Property(Replay = "7,13")]
    public void Counts_are_summed_and_bounds_kept(SightingHistory a, SightingHistory b)
    {
        SightingHistory merged = a.MergedWith(b, s_gap);
        Assert.Equal(a.Count + b.Count, merged.Count);
        Assert.Equal(Math.Min(a.FirstSeen, b.FirstSeen), merged.FirstSeen);
        Assert.Equal(Math.Max(a.LastSeen, b.LastSeen), merged.LastSeen);
        for (int i = 1; i < merged.Intervals.Length; i++)
        {
            Assert.True(merged.Intervals[i].First - merged.Intervals[i - 1].Last > s_gap.TotalSeconds);
        }
    }

    [Property(Replay = "7,15")]
    public void Each_moment_of_presence_stays_one(SightingHistory a, SightingHistory b)
    {
        SightingHistory merged = a.MergedWith(b, s_gap);
        foreach (SightingInterval seen in a.Intervals.Concat(b.Intervals))
        {
            Assert.Single(merged.Intervals, interval => interval.First <= seen.First && seen.Last <= interval.Last);
        }
    }

    [Property(Replay = "7,17")]
    public void Witnesses_and_lifetimes_are_idempotent(SightingHistory a, SightingHistory b)
    {
        SightingHistory once = a.MergedWith(b, s_gap);
        SightingHistory twice = once.MergedWith(b, s_gap);
        Assert.Equal(once.Witnesses.AsEnumerable(), twice.Witnesses);
        Assert.Equal(once.MinTimeToLive, twice.MinTimeToLive);
        Assert.Equal(once.MaxTimeToLive, twice.MaxTimeToLive);
        Assert.Equal(once.Intervals.Select(i => (i.First, i.Last)), twice.Intervals.Select(i => (i.First, i.Last)));
        Assert.Equal(a.Witnesses.Concat(b.Witnesses).Distinct().Order().Take(SightingHistory.MaxWitnesses), once.Witnesses);
        Assert.Equal(Lowest(a, b), once.MinTimeToLive);
    }

    [Property(Replay = "7,19")]
    public void What_was_folded_is_united_and_idempotent(SightingHistory a, SightingHistory b)
    {
        SightingHistory once = a.MergedWith(b, s_gap);
        SightingHistory twice = once.MergedWith(b, s_gap);
        Assert.Equal(a.Folding | b.Folding, once.Folding);
        Assert.Equal(once.Folding, twice.Folding);
        Assert.Equal(once.PackedNames.AsEnumerable(), twice.PackedNames);
        Assert.InRange(once.DistinctNames, Math.Max(a.DistinctNames, b.DistinctNames), long.MaxValue);
    }

    [Fact]
    public void A_silence_of_exactly_the_gap_joins_and_a_second_more_separates()
    {
        long gap = (long)s_gap.TotalSeconds;
        Assert.Single(At(1000).MergedWith(At(1000 + gap), s_gap).Intervals);
        Assert.Equal(2, At(1000).MergedWith(At(1001 + gap), s_gap).Intervals.Length);
    }

    [Fact]
    public void Beyond_1024_intervals_the_closest_two_are_joined_and_the_row_says_so()
    {
        long gap = (long)s_gap.TotalSeconds;
        SightingHistory all = new() { Intervals = [.. Enumerable.Range(0, 1024).Select(i => new SightingInterval(i * 2 * gap, i * 2 * gap, 1))] };
        SightingHistory more = all.MergedWith(At(1024 * 2 * gap - 5), s_gap);
        Assert.True(more.IsCoarsened);
        Assert.Equal(1024, more.Intervals.Length);
        Assert.Equal(1025, more.Count);
        Assert.Equal(2, more.Intervals[^1].Count); // 2 * gap - 5 is the shortest silence
    }

    [Fact]
    public void Counts_saturate()
    {
        SightingHistory most = new() { Intervals = [new(1, 2, long.MaxValue)] };
        Assert.Equal(long.MaxValue, most.MergedWith(most, s_gap).Count);
    }

    private static uint? Lowest(SightingHistory a, SightingHistory b) =>
        a.MinTimeToLive is { } x && b.MinTimeToLive is { } y ? Math.Min(x, y) : a.MinTimeToLive ?? b.MinTimeToLive;

    private static SightingHistory At(long time) => new() { Intervals = [new(time, time, 1)] };
}
