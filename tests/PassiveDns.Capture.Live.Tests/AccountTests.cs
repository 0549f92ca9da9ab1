using System.Net.Sockets;

namespace PassiveDns.Capture.Live.Tests;

/// <summary>Real traffic between two hosts: every datagram sent stands in the account.</summary>
[Collection("network")]
public sealed class AccountTests
{
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Every_datagram_that_was_sent_is_accounted_for(bool immediate, bool stopByToken)
    {
        using NetworkPair hosts = NetworkPair.MakeOrSkip();
        using Socket resolver = Exchange.Udp(hosts.ResolverHost, NetworkPair.Resolver, 0), resolver6 = Exchange.Udp(hosts.ResolverHost, NetworkPair.Resolver6, 0);
        using Socket other = Exchange.Udp(hosts.ResolverHost, NetworkPair.OtherHost, 0);
        using Socket server = Exchange.Udp(hosts.ServerHost, NetworkPair.Server, 53), server6 = Exchange.Udp(hosts.ServerHost, NetworkPair.Server6, 53);
        using Socket elsewhere = Exchange.Udp(hosts.ServerHost, NetworkPair.Server, 5300);
        LiveRun run = new(LiveRun.Open(hosts.ResolverHost, LiveRun.Vantage(), options =>
        {
            options.Immediate = immediate;
            options.SnapLength = 16_384; // in immediate mode the buffer holds a packet for each so many octets, and a busy machine needs room
        }));

        int number = 0;
        for (int i = 0; i < 500; i++) Exchange.Ask(resolver, server, ++number, 40);
        for (int i = 0; i < 200; i++) Exchange.Ask(resolver6, server6, ++number, 40);
        for (int i = 0; i < 60; i++) Exchange.Ask(resolver, server, ++number, 4000); // three fragments at an MTU of 1,500
        for (int i = 0; i < 60; i++) Exchange.Ask(resolver6, server6, ++number, 4000);
        Exchange.AskOverTcp(hosts, NetworkPair.Resolver, NetworkPair.Server, Enumerable.Range(number + 1, 20), 9000);
        number += 20;
        Exchange.AskOverTcp(hosts, NetworkPair.Resolver6, NetworkPair.Server6, Enumerable.Range(number + 1, 20), 300);
        number += 20;
        for (int i = 0; i < 30; i++) Exchange.Ask(resolver, server, 10_000 + i, 40, recursionDesired: true);
        for (int i = 0; i < 30; i++) Exchange.Ask(other, server, 20_000 + i, 40);
        for (int i = 0; i < 30; i++) Exchange.Ask(resolver, elsewhere, 30_000 + i, 40); // not on port 53: the kernel's filter keeps it out

        CaptureReport report = await run.StopAsync(stopByToken);
        Assert.True(number == LiveRun.Count(report, "messages", "observed"), string.Join('\n', report.Account.Where(line => line.Count != 0)));
        Assert.Equal(number, LiveRun.Count(report, "messages", "query"));
        Assert.Equal(number, LiveRun.Count(report, "queries", "answered"));
        Assert.Equal(60, LiveRun.Count(report, "messages", "refused-recursion-desired"));
        Assert.Equal(60, LiveRun.Count(report, "messages", "refused-other-hosts"));
        Assert.Equal(2 * number + 120, report.Messages);
        Assert.Equal(2 * 120, LiveRun.Count(report, "packets", "fragment-joined"));
        Assert.Equal(2 * (number - 40) + 120, LiveRun.Count(report, "packets", "udp-message"));
        Assert.Equal(0, LiveRun.Count(report, "packets", "other-port"));
        Assert.Equal(Enumerable.Range(1, number), run.Observed.Select(message => (message[0] << 8) | message[1]).Order());
        Assert.DoesNotContain(report.Account, line => line.Stage == "frames" && line.IsDrop);
    }
}
