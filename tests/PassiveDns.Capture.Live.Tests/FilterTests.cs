using System.Diagnostics;
using PassiveDns.Capture.Tests;

namespace PassiveDns.Capture.Live.Tests;

/// <summary>What the default filter lets through, on a real interface: the kernel strips VLAN tags there, and libpcap puts them back.</summary>
[Collection("network")]
public sealed class FilterTests
{
    public static TheoryData<string, int[]> Tags => new()
    {
        { "none", [] },
        { "VLAN", [0x8100] },
        { "VLAN in VLAN", [0x8100, 0x8100] },
        { "QinQ", [0x88A8, 0x8100] },
    };

    [Theory]
    [MemberData(nameof(Tags))]
    public async Task Tagged_and_plain_traffic_arrives_and_other_traffic_does_not(string kind, int[] tags)
    {
        using NetworkPair hosts = NetworkPair.MakeOrSkip();
        using RawFrames frames = new(hosts.ServerHost, NetworkPair.ServerInterface);
        VantageOptions vantage = new();
        vantage.Resolvers.Add(new(System.Net.IPAddress.Parse(Wire.Resolver), 32));
        vantage.Resolvers.Add(new(System.Net.IPAddress.Parse(Wire.Resolver6), 128));
        LiveRun run = new(LiveRun.Open(hosts.ResolverHost, vantage));
        int id = 0;
        for (int round = 0; round < 20; round++)
        {
            foreach ((string resolver, string server) in new[] { (Wire.Resolver, Wire.Server), (Wire.Resolver6, Wire.Server6) })
            {
                Send(Wire.Query(++id, "example.org", from: resolver, to: server));
                Send(Wire.Response(id, "example.org", from: server, to: resolver));
                Send(Wire.Query(++id, "example.org", from: resolver, to: server));
                byte[] datagram = Wire.Udp(server, resolver, 53, 4000, Wire.Message(id, "example.org", true, padding: 1600));
                Send(Wire.Ip(server, resolver, 17, datagram.AsSpan(0, 800), 0, more: true, id: (uint)id));
                Send(Wire.Ip(server, resolver, 17, datagram.AsSpan(800), 800, id: (uint)id));
                Send(Wire.UdpPacket(server, resolver, 123, 4000, [1, 2, 3]));
                Send(Wire.Ip(server, resolver, 6, Wire.Tcp(443, 4000, 1, [1, 2, 3])));
            }
        }

        Assert.False(string.IsNullOrEmpty(kind));
        CaptureReport report = await run.StopAsync(byToken: true);
        Assert.Equal(id, LiveRun.Count(report, "messages", "observed"));
        Assert.Equal(id, LiveRun.Count(report, "messages", "query"));
        Assert.Equal(5 * id / 2, LiveRun.Count(report, "frames", "read"));

        void Send(byte[] packet) => frames.Send(Wire.Ethernet(packet, tags));
    }

    [Fact]
    public async Task A_query_on_one_interface_meets_its_response_on_another()
    {
        using NetworkPair hosts = NetworkPair.MakeOrSkip();
        using RawFrames up = new(hosts.ServerHost, NetworkPair.ServerInterface), down = new(hosts.ServerHost, NetworkPair.ServerTap);
        VantageOptions vantage = new();
        vantage.Resolvers.Add(new(System.Net.IPAddress.Parse(Wire.Resolver), 32));
        LiveRun run = new(LiveRun.Open(hosts.ResolverHost, vantage, options => options.Interfaces.Add(NetworkPair.ResolverTap)));
        for (int id = 1; id <= 2000; id++)
        {
            up.Send(Wire.Ethernet(Wire.Query(id, "example.org")));
            down.Send(Wire.Ethernet(Wire.Response(id, "example.org")));
            if (id % 500 == 0) await Task.Delay(300, TestContext.Current.CancellationToken); // longer than the kernel collects packets
        }

        CaptureReport report = await run.StopAsync(byToken: false);
        Assert.Equal(2000, LiveRun.Count(report, "messages", "observed"));
        Assert.Equal(4000, LiveRun.Count(report, "frames", "read"));
    }

    [Theory]
    [InlineData(FullBuffer.Block)]
    [InlineData(FullBuffer.DropNewest)]
    public async Task What_a_slow_reader_costs_is_counted(FullBuffer policy)
    {
        using NetworkPair hosts = NetworkPair.MakeOrSkip();
        using RawFrames frames = new(hosts.ServerHost, NetworkPair.ServerInterface);
        VantageOptions vantage = new() { ContestWindow = TimeSpan.Zero };
        vantage.Resolvers.Add(new(System.Net.IPAddress.Parse(Wire.Resolver), 32));
        LiveCaptureSource source = LiveRun.Open(hosts.ResolverHost, vantage, options =>
        {
            options.WhenFull = policy;
            options.BufferOctets = 4 << 20;
            options.KernelBufferOctets = 1 << 20;
        });
        byte[] query = Wire.Ethernet(Wire.Query(1, "example.org")), filler = Wire.Ethernet(Wire.Response(2, new string('x', 60) + ".org", answer: 1, flags: 0));
        Array.Resize(ref filler, 1400); // padding behind the packet
        const int Sent = 12_000;
        for (int i = 0; i < Sent; i++) frames.Send(i == 0 ? query : filler); // nobody reads meanwhile, and no buffer holds 16 MB

        Stopwatch waited = Stopwatch.StartNew();
        while (Lost(source.GetReport()) == 0 && waited.Elapsed < TimeSpan.FromSeconds(20)) await Task.Delay(50, TestContext.Current.CancellationToken);
        CaptureReport report = await new LiveRun(source).StopAsync(byToken: false);
        Assert.Equal(Sent, LiveRun.Count(report, "frames", "read") + Lost(report));
        Assert.InRange(LiveRun.Count(report, "frames", policy == FullBuffer.Block ? "dropped-kernel" : "dropped-buffer"), 1, Sent);
        Assert.Contains(report.Notes, note => note.Contains("packets", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_listened_to_is_told_in_one_line()
    {
        using NetworkPair hosts = NetworkPair.MakeOrSkip();
        Assert.Contains("no such interface", Refusal(hosts, "nosuch0", null));
        Assert.Contains("the filter is wrong", Refusal(hosts, NetworkPair.ResolverInterface, "port fifty-three"));
        NetworkPair.Ip("-n", hosts.ResolverHost, "link", "set", NetworkPair.ResolverTap, "down");
        Assert.Contains("ip link set", Refusal(hosts, NetworkPair.ResolverTap, null));
        ArgumentException e = Assert.Throws<ArgumentException>(() => LiveCaptureSource.Open(new() { Interfaces = { "lo" } }, new()));
        Assert.Contains("Vantage.Resolvers is empty", e.Message);
    }

    [Fact]
    public async Task An_interface_that_goes_away_ends_the_run_with_its_name()
    {
        using NetworkPair hosts = NetworkPair.MakeOrSkip();
        LiveCaptureSource source = LiveRun.Open(hosts.ResolverHost, LiveRun.Vantage(), options => options.Interfaces.Add(NetworkPair.ResolverTap));
        ValueTask<bool> reading = source.ReadAsync(new(), TestContext.Current.CancellationToken);
        NetworkPair.Ip("-n", hosts.ResolverHost, "link", "del", NetworkPair.ResolverTap);
        LiveCaptureException e = await Assert.ThrowsAsync<LiveCaptureException>(() => reading.AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains(NetworkPair.ResolverTap, e.Message, StringComparison.Ordinal);
        await source.DisposeAsync();
    }

    private static long Lost(CaptureReport report) => report.Account.Where(line => line is { Stage: "frames", IsDrop: true }).Sum(line => line.Count);

    private static string Refusal(NetworkPair hosts, string name, string? filter)
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => LiveRun.Open(hosts.ResolverHost, LiveRun.Vantage(), options => options.Filter = filter, name));
        Assert.IsType<LiveCaptureException>(e.InnerException);
        Assert.DoesNotContain('\n', e.Message);
        return e.Message;
    }
}
