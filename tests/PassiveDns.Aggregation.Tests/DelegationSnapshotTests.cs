using System.Security.Cryptography;

namespace PassiveDns.Aggregation.Tests;

/// <summary>What the verifier has learnt outlives it; a file that is no such thing is refused in one line.</summary>
public class DelegationSnapshotTests
{
    private static TestResponse Answer() => new TestResponse("www.example.test", RecordType.A).Authoritative().Answer("www.example.test A 198.51.100.1");

    private static byte[] Saved(DelegationSnapshot snapshot)
    {
        using MemoryStream stream = new();
        snapshot.Save(stream);
        return stream.ToArray();
    }

    private static DelegationSnapshot Load(byte[] octets) => DelegationSnapshot.Load(new MemoryStream(octets));

    private static byte[] Sealed(byte[] content) => [.. content, .. SHA256.HashData(content)];

    [Fact]
    public void A_verifier_that_gets_it_verifies_from_the_start()
    {
        byte[] saved = Saved(new TestWorld().WithDelegations().Aggregator.GetDelegations());
        DelegationSnapshot loaded = Load(saved);
        Assert.Equal((2, 3), (loaded.ZoneCount, loaded.ServerCount)); // the root's server has no links of its own, but its name is one
        TestWorld warm = new(options => options with { Delegations = loaded }) { Now = TestWorld.Start + 60 };
        warm.Send(TestWorld.Example, Answer());
        Assert.Contains("www.example.test. A 198.51.100.1 | example.test. VerifiedTraffic 1", warm.Rows());
        Assert.Equal(saved, Saved(Load(saved)));
    }

    [Fact]
    public void Old_knowledge_has_lost_its_force_in_the_time_of_the_data()
    {
        DelegationSnapshot old = new TestWorld().WithDelegations().Aggregator.GetDelegations();
        TestWorld world = new(options => options with { Delegations = old }) { Now = TestWorld.Start + 8 * 86_400 };
        world.Send(TestWorld.Example, Answer());
        Assert.DoesNotContain(world.Rows(), row => row.Contains("VerifiedTraffic", StringComparison.Ordinal));
    }

    [Fact]
    public void An_import_cut_in_two_verifies_as_much_as_the_whole()
    {
        List<TestTraffic.Item> items = TestTraffic.Make(6, 3000, hostile: false);
        AggregationOptions options = new() { RootHints = TestWorld.Hints, WaitingTime = TimeSpan.Zero };
        ResponseAggregator whole = new(options), first = new(options);
        whole.Feed(items);
        first.Feed(items.Take(1500));
        ResponseAggregator second = new(options with { Delegations = Load(Saved(first.GetDelegations())) });
        second.Feed(items.Skip(1500));
        ResponseAggregator cold = new(options);
        cold.Feed(items.Skip(1500));
        Assert.Equal(whole.GetReport().Verified, first.GetReport().Verified + second.GetReport().Verified);
        Assert.True(cold.GetReport().Verified < second.GetReport().Verified);
    }

    [Fact]
    public void More_than_fits_is_left_out_and_counted()
    {
        ResponseAggregator large = new(new() { RootHints = TestWorld.Hints });
        TestWorld world = new TestWorld().WithDelegations();
        for (int i = 0; i < 2000; i++)
        {
            world.Send(TestWorld.Tld, new TestResponse($"z{i}.test", RecordType.A).Authority($"z{i}.test NS ns.z{i}.test").Additional($"ns.z{i}.test A 192.0.2.99"));
        }

        DelegationSnapshot snapshot = world.Aggregator.GetDelegations();
        Assert.Equal(2002, snapshot.ZoneCount);
        ResponseAggregator small = new(new() { RootHints = TestWorld.Hints, MaxDelegationNames = 1024, Delegations = snapshot });
        Assert.InRange(small.GetReport().DelegationNames, 900, 1024);
        Assert.True(small.GetReport().DelegationNamesForgotten > 2000);
        Assert.Equal(0, large.GetReport().DelegationNamesForgotten);
    }

    [Fact]
    public void Whatever_is_changed_or_missing_is_refused_in_one_line()
    {
        byte[] saved = Saved(new TestWorld().WithDelegations().Aggregator.GetDelegations());
        for (int length = 0; length < saved.Length; length++) AssertRefused(saved[..length]);
        for (int at = 0; at < saved.Length; at++)
        {
            byte[] changed = [.. saved];
            changed[at] ^= 0x41;
            AssertRefused(changed);
        }

        AssertRefused([.. saved, 0]);
        AssertRefused("<html>"u8.ToArray());
    }

    [Fact]
    public void A_right_checksum_over_wrong_content_makes_no_difference()
    {
        byte[] content = Saved(new TestWorld().WithDelegations().Aggregator.GetDelegations())[..^32];
        int refused = 0;
        for (int at = 9; at < content.Length; at++)
        {
            foreach (byte value in (ReadOnlySpan<byte>)[0, 1, 4, 63, 64, 127, 255])
            {
                byte[] changed = [.. content];
                changed[at] = value;
                try
                {
                    DelegationSnapshot snapshot = Load(Sealed(changed)); // malice may be well-formed; then it must be usable
                    TestWorld world = new(options => options with { Delegations = snapshot });
                    world.Send(TestWorld.Example, Answer());
                    Assert.NotEmpty(world.Rows());
                }
                catch (FormatException)
                {
                    refused++;
                }
            }
        }

        Assert.True(refused > content.Length);
        AssertRefused(Sealed([.. content[..9], 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]));
    }

    private static void AssertRefused(byte[] octets)
    {
        string message = Assert.Throws<FormatException>(() => Load(octets)).Message;
        Assert.DoesNotContain('\n', message);
        Assert.Contains("Leave it out", message, StringComparison.Ordinal);
    }
}
