using System.Collections.Immutable;
using FsCheck.Xunit;
using PassiveDns.Storage;

namespace PassiveDns.Analysis.Tests;

public class RunSweepTests
{
    private const long Gap = 2 * 86_400;

    [Fact]
    public async Task Values_that_follow_each_other_have_a_run_each_time_and_bounds_between_them()
    {
        RrsetTrack track = await TrackAsync(("192.0.2.1", 0, 10), ("192.0.2.2", 12, 20), ("192.0.2.1", 23, 30));
        Assert.Equal(["192.0.2.1", "192.0.2.2", "192.0.2.1"], track.Runs.Select(Text));
        Assert.Equal(2, track.States.Length);
        Assert.Equal([new(null, Day(0)), new(Day(10), Day(12)), new(Day(20), Day(23))], track.Runs.Select(run => run.Begin));
        Assert.Equal([new(Day(10), Day(12)), new(Day(20), Day(23)), new(Day(30), null)], track.Runs.Select(run => run.End));
    }

    [Fact]
    public async Task A_silence_of_one_value_is_a_gap_within_its_run()
    {
        RrsetTrack track = await TrackAsync(("192.0.2.1", 0, 10), ("192.0.2.1", 20, 30));
        RrsetRun run = Assert.Single(track.Runs);
        Assert.Equal(Presence.Of(Day(10) + 1, Day(20) - 1), run.Gaps);
        Assert.Equal((Day(0), Day(30)), (run.First, run.Last));
    }

    [Fact]
    public async Task A_short_value_within_a_long_one_interrupts_it_with_bounds_of_a_gap()
    {
        RrsetTrack track = await TrackAsync(("192.0.2.1", 0, 100), ("192.0.2.66", 50, 51.25));
        Assert.Equal(["192.0.2.1", "192.0.2.66", "192.0.2.1"], track.Runs.Select(Text));
        Assert.Equal(new(Day(48), Day(50)), track.Runs[0].End); // the store joins over 48 hours: it was seen in the last two days before
        Assert.Equal(new(Day(48), Day(50)), track.Runs[1].Begin);
        Assert.Equal(new(Day(51.25), Day(53.25)), track.Runs[1].End);
        Assert.Equal(new(Day(51.25), Day(53.25)), track.Runs[2].Begin);
        Assert.Equal(new(Day(100), null), track.Runs[2].End);
    }

    [Fact]
    public async Task A_value_that_lasted_longer_than_the_gap_within_another_stood_beside_it()
    {
        RrsetTrack track = await TrackAsync(("192.0.2.1", 0, 100), ("192.0.2.2", 50, 60));
        Assert.Equal([false, true], track.Runs.Select(run => run.IsBeside));
        Assert.Equal((Day(0), Day(100)), (track.Runs[0].First, track.Runs[0].Last));
    }

    [Fact]
    public async Task Of_two_interruptions_within_a_gap_the_second_followed_the_first()
    {
        RrsetTrack track = await TrackAsync(("192.0.2.1", 0, 100), ("192.0.2.66", 50, 50.5), ("192.0.2.67", 51, 51.5), ("192.0.2.68", 70, 70));
        Assert.Equal(["192.0.2.1", "192.0.2.66", "192.0.2.67", "192.0.2.1", "192.0.2.68", "192.0.2.1"], track.Runs.Select(Text));
        Assert.Equal(new(Day(50.5), Day(51)), track.Runs[2].Begin);
        Assert.Equal(new(Day(51.5), Day(53.5)), track.Runs[3].Begin);
    }

    [Fact]
    public async Task Kinds_of_provenance_are_one_value()
    {
        SmallWorld world = new SmallWorld().Add("a.example.com", "A", "192.0.2.1", 0, 10).Add("a.example.com", "A", "192.0.2.1", 11, 20, provenance: Provenance.ZoneFile);
        RrsetState state = Assert.Single((await TracksAsync(world))[0].States);
        Assert.Equal((20, 2), (state.Count, state.Evidence.Length));
        Assert.Equal(Presence.Of(Day(0), Day(20)), state.Presence); // a day of silence is joined as within one row
    }

    [Property(Replay = "(42,43)", MaxTest = 1000)]
    public void Runs_are_in_order_within_their_bounds_and_cover_every_sighting(byte[] octets)
    {
        Dictionary<byte, List<TimeStretch>> stretches = [];
        for (int i = 0; i + 2 < octets.Length; i += 3)
        {
            byte value = (byte)(octets[i] % 4);
            if (!stretches.TryGetValue(value, out List<TimeStretch>? some)) stretches.Add(value, some = []);
            some.Add(new(octets[i + 1] * 40_000L, (octets[i + 1] * 40_000L) + (octets[i + 2] * 5_000L)));
        }

        ImmutableArray<RrsetState> states = [.. stretches.OrderBy(pair => pair.Key).Select(pair => new RrsetState { Values = [], Presence = Presence.Of(pair.Value), Count = 1, Evidence = [] }).OrderBy(state => state.Presence.First)];
        ImmutableArray<RrsetRun> runs = new RunSweep(Gap).Sweep(states);
        foreach (RrsetRun run in runs)
        {
            Assert.True(run.Begin.After is null || run.Begin.After <= run.Begin.By, "a begin is upside down");
            Assert.True(run.End.By is null || run.End.After <= run.End.By, "an end is upside down");
            Assert.True(run.First <= run.Last, "a run ends before it begins");
        }

        RrsetRun[] chain = [.. runs.Where(run => !run.IsBeside)];
        for (int i = 1; i < chain.Length; i++)
        {
            Assert.True(!(chain[i - 1].Begin.After > chain[i].Last), "runs are out of order"); // where several overlap, their first sightings may cross
            Assert.NotSame(chain[i - 1].State, chain[i].State);
        }

        foreach (RrsetState state in states)
        {
            foreach (TimeStretch stretch in state.Presence.Stretches)
            {
                Assert.Contains(runs, run => ReferenceEquals(run.State, state) && run.Begin.MayBe(stretch.First) | run.First <= stretch.First && (run.Last >= stretch.First || run.End.MayBe(stretch.First)));
            }
        }
    }

    private static long Day(double day) => SmallWorld.Day(day);

    private static string Text(RrsetRun run) => Assert.Single(run.State.Values).ToString();

    private static async Task<RrsetTrack> TrackAsync(params (string Address, double From, double To)[] rows)
    {
        SmallWorld world = new();
        foreach ((string address, double from, double to) in rows) world.Add("a.example.com", "A", address, from, to);
        return Assert.Single(await TracksAsync(world));
    }

    private static async Task<ImmutableArray<RrsetTrack>> TracksAsync(SmallWorld world)
    {
        EvidenceReader evidence = new(await world.BuildAsync(), new());
        TrackReader reader = new(evidence, TimeWindow.Always, Gap);
        return await reader.ReadAsync(DomainName.Parse("a.example.com"), TypeSelection.Any, Presence.Always, TestContext.Current.CancellationToken);
    }
}
