using System.Net;

namespace PassiveDns.Capture.Tests;

/// <summary>Resolvers as Debian has them, set up as docs/sensors.md says, resolve from NSD: as many queries, as many observed responses.</summary>
public sealed class RealResolverTests : IDisposable
{
    private const int Queries = 200;

    private readonly string _folder = Directory.CreateTempSubdirectory("pdns-tap-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("/usr/sbin/unbound")]
    [InlineData("/usr/sbin/named")]
    [InlineData("/usr/sbin/pdns_recursor")]
    public async Task As_many_queries_resolved_as_responses_observed(string program)
    {
        string? missing = RealResolver.Missing(program);
        Assert.SkipUnless(missing is null, missing ?? "");
        string path = Path.Combine(_folder, "tap.sock");
        await using DnstapSocketSource source = DnstapSocketSource.ListenUnix(path);
        using RealResolver resolver = new(program, path);
        await CheckAsync(source, resolver);
    }

    /// <summary>It logs what lies between its clients and itself, and nothing else: all of it is refused and counted.</summary>
    [Fact]
    public async Task Nothing_is_observed_of_Knot_Resolver()
    {
        const string KnotResolver = "/usr/sbin/kresd";
        string? missing = RealResolver.Missing(KnotResolver);
        Assert.SkipUnless(missing is null, missing ?? "");
        string path = Path.Combine(_folder, "tap.sock");
        await using DnstapSocketSource source = DnstapSocketSource.ListenUnix(path);
        using RealResolver resolver = new(KnotResolver, path);
        for (int i = 0; i < 20; i++) await resolver.AskAsync(i, $"n{i}.a.example.org");
        while (Conservation.Of(source.GetReport(), "messages", "refused-client-side") < 2 * 20) await Task.Delay(50, TestContext.Current.CancellationToken);
        CaptureReport report = source.GetReport();
        Assert.Equal(report.Messages, Conservation.Of(report, "messages", "refused-client-side"));
        Assert.Equal(0, report.Observed);
        Conservation.Check(report);
    }

    /// <summary>It sends what its clients ask too, and none of that may be observed.</summary>
    [Fact]
    public async Task The_same_of_the_messages_of_PowerDNS()
    {
        const string Recursor = "/usr/sbin/pdns_recursor";
        string? missing = RealResolver.Missing(Recursor);
        Assert.SkipUnless(missing is null, missing ?? "");
        await using PowerDnsSource source = PowerDnsSource.Listen(new(IPAddress.Loopback, 0));
        using RealResolver resolver = new(Recursor, source.LocalEndPoint.ToString());
        await CheckAsync(source, resolver);
        Assert.True(Conservation.Of(source.GetReport(), "messages", "refused-client-side") > Queries);
    }

    private static async Task CheckAsync(ICaptureSource source, RealResolver resolver)
    {
        await resolver.AskAsync(1, "first.a.example.org");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async worker =>
        {
            for (int i = worker; i < Queries; i += 10) await resolver.AskAsync(i, $"n{i}.a.example.org");
        }));

        HashSet<string> names = [];
        MessageBatch batch = new();
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (names.Count < Queries && !patience.IsCancellationRequested)
        {
            batch.Clear();
            await source.ReadAsync(batch, patience.Token);
            foreach (CapturedResponse response in batch)
            {
                Assert.Equal("127.0.53.7", response.Server.ToString());
                Assert.Equal(DnsError.None, WireName.Read(response.Message, DnsHeader.Length, out WireName name, out _));
                string asked = name.ToDomainName().ToString();
                if (asked.StartsWith('n') && asked.EndsWith(".a.example.org.", StringComparison.Ordinal)) names.Add(asked);
            }
        }

        CaptureReport report = source.GetReport();
        string account = string.Join('\n', report.Account) + string.Join('\n', report.Notes);
        Assert.True(names.Count == Queries, $"{names.Count} of {Queries}\n{account}");
        Assert.True(Conservation.Of(report, "messages", "observed") >= Queries, account);
        Assert.Equal(0, Conservation.Of(report, "messages", "unsolicited"));
        Conservation.Check(report);
    }
}
