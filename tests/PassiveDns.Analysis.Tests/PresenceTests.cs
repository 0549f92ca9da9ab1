using FsCheck.Xunit;

namespace PassiveDns.Analysis.Tests;

public class PresenceTests
{
    [Property(Replay = "(42,43)")]
    public void Moments_of_unions_and_intersections_are_those_of_sets(byte[] mine, byte[] theirs)
    {
        (Presence a, HashSet<long> setA) = Make(mine);
        (Presence b, HashSet<long> setB) = Make(theirs);
        Check(a.Unite(b), [.. setA.Union(setB)]);
        Check(a.Intersect(b), [.. setA.Intersect(setB)]);
        Assert.Equal(a.Intersect(b), b.Intersect(a));
        Assert.Equal(a, a.Intersect(Presence.Always));
    }

    [Fact]
    public void A_presence_holds_both_ends_of_its_stretches_and_nothing_between_them()
    {
        Presence presence = Presence.Of([new(30, 40), new(10, 20)]);
        Assert.Equal([new(10, 20), new(30, 40)], presence.Stretches);
        Assert.Equal((10, 40, 22), (presence.First, presence.Last, presence.Seconds));
        Assert.True(presence.Contains(20) && presence.Contains(30) && presence.Overlaps(21, 30));
        Assert.False(presence.Contains(21) || presence.Overlaps(21, 29));
    }

    // Two octets make a stretch: where it begins and how long it is.
    private static (Presence, HashSet<long>) Make(byte[] octets)
    {
        List<TimeStretch> stretches = [];
        HashSet<long> moments = [];
        for (int i = 0; i + 1 < octets.Length; i += 2)
        {
            TimeStretch stretch = new(octets[i], octets[i] + (octets[i + 1] % 9));
            stretches.Add(stretch);
            for (long at = stretch.First; at <= stretch.Last; at++) moments.Add(at);
        }

        return (Presence.Of(stretches), moments);
    }

    private static void Check(Presence presence, HashSet<long> moments)
    {
        Assert.Equal(moments.Count, presence.Seconds);
        Assert.Equal(moments.Order(), presence.Stretches.SelectMany(s => Enumerable.Range((int)s.First, (int)s.Seconds)).Select(at => (long)at));
        Assert.All(presence.Stretches.Zip(presence.Stretches.Skip(1)), pair => Assert.True(pair.First.Last + 1 < pair.Second.First));
    }
}
