namespace PassiveDns.Tests;

public class TallyTests
{
    private enum Small : byte { Taken, NotOurs, TooOldToKeep }

    private enum Wide : ushort { First, Second }

    private enum Usual { First, Second }

    [Fact]
    public void What_comes_in_is_the_sum_of_all_fates()
    {
        Tally<Small> tally = new();
        tally.Count(Small.Taken, 5);
        tally.Count(Small.TooOldToKeep);
        Assert.Equal(6, tally.Total);
        Assert.Equal((5, 0, 1), (tally[Small.Taken], tally[Small.NotOurs], tally[Small.TooOldToKeep]));
        Assert.Equal(
            [new StageCount("s", "taken", 5, false), new StageCount("s", "too-old-to-keep", 1, true)],
            tally.ToAccount("s", fate => fate != Small.Taken));
    }

    [Fact]
    public void Enumerations_of_every_width_are_counted()
    {
        Tally<Wide> wide = new();
        Tally<Usual> usual = new();
        for (int i = 0; i < 1000; i++)
        {
            wide.Count(Wide.Second);
            usual.Count(Usual.Second);
        }

        Assert.Equal((1000, 0), (wide[Wide.Second], wide[Wide.First]));
        Assert.Equal((1000, 0), (usual[Usual.Second], usual[Usual.First]));
    }
}
