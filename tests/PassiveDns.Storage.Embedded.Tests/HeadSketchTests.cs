using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>Sketches count different heads about right, however often each comes and in whatever tables.</summary>
public sealed class HeadSketchTests
{
    private static ulong Head(int number) => KeyHead.Hash(System.Text.Encoding.ASCII.GetBytes($"\u0001\u0007example\0h{number}\0\0"));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(3_000)]
    [InlineData(200_000)]
    public void The_estimate_is_near(int heads)
    {
        HeadSketch one = new(), other = new();
        for (int i = 0; i < heads; i++)
        {
            if (i % 3 != 0) one.Add(Head(i));
            if (i % 3 != 1) other.Add(Head(i));
            one.Add(Head(1));
        }

        one.Unite(other);
        Assert.InRange(one.Estimate(), heads * 0.88 - 2, heads * 1.12 + 2); // four times the standard error
        Assert.Equal(one.Estimate(), new HeadSketch(one.Ranks.ToArray()).Estimate());
    }

    [Fact]
    public void A_filter_of_an_expected_size_holds_all_and_little_else()
    {
        const int Heads = 50_000;
        HeadFilter.Builder builder = new(Heads);
        for (int i = 0; i < Heads; i++) builder.Add(Head(i));
        HeadFilter filter = builder.ToFilter();
        Assert.All(Enumerable.Range(0, Heads), i => Assert.True(filter.MayHold(Head(i))));
        Assert.InRange(Enumerable.Range(Heads, Heads).Count(i => filter.MayHold(Head(i))), 0, Heads / 40);
    }
}
