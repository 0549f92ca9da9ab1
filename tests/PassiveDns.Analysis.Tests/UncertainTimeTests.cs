namespace PassiveDns.Analysis.Tests;

public class UncertainTimeTests
{
    [Theory]
    [InlineData(10, 20, 15, 30, true, 0.5)]
    [InlineData(10, 20, 0, 100, true, 1)]
    [InlineData(10, 20, 12, 14, true, 0.2)]
    [InlineData(10, 20, 20, 30, true, 0)] // at its last moment: possible, as good as never
    [InlineData(10, 20, 21, 30, false, 0)]
    [InlineData(10, 20, 0, 9, false, 0)]
    [InlineData(15, 15, 15, 20, true, 1)]
    [InlineData(15, 15, 16, 20, false, 0)]
    [InlineData(null, 20, 15, 25, true, 1)] // of a first sighting only that counts
    [InlineData(null, 20, 0, 19, false, 0)]
    [InlineData(10, null, 5, 15, true, 1)]
    [InlineData(10, null, 11, 15, false, 0)]
    [InlineData(null, null, 0, 100, false, 0)]
    public void A_window_takes_what_may_have_happened_in_it(int? after, int? by, long from, long to, bool mayBe, double share)
    {
        UncertainTime time = new(after, by);
        Assert.Equal(mayBe, time.MayBe(new TimeWindow(from, to)));
        Assert.Equal(share, time.ShareWithin(new(from, to)), 12);
    }

    [Theory]
    [InlineData(10, 20, 10, true)]
    [InlineData(10, 20, 20, true)]
    [InlineData(10, 20, 9, false)]
    [InlineData(null, 20, -5, true)]
    [InlineData(10, null, 500, true)]
    public void A_moment_is_possible_within_the_bounds(int? after, int? by, long moment, bool mayBe) => Assert.Equal(mayBe, new UncertainTime(after, by).MayBe(moment));
}
