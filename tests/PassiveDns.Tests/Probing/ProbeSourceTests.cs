using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using PassiveDns.Capture;
using PassiveDns.Storage;

namespace PassiveDns.Tests.Probing;

/// <summary>Questions of our own, from the root down, at real servers and at servers that lie.</summary>
public sealed class ProbeSourceTests(ProbeWorld world) : IClassFixture<ProbeWorld>
{
    [Fact]
    public async Task A_name_is_asked_for_from_the_root_down_and_each_answer_is_kept_in_the_zone_of_its_server()
    {
        (PipelineReport report, List<Observation> rows) = await world.ProbeAsync("www.shop.test A");
        Assert.Equal(
            [
                "ns.nic.test. A 127.0.71.2 in .", "ns1.shop.test. A 127.0.71.3 in test.", "shop.test. NS ns1.shop.test. in test.", "test. NS ns.nic.test. in .",
                "www.shop.test. A 192.0.2.80 in shop.test.",
            ],
            Texts(rows));
        Assert.All(rows, row => Assert.Equal(Provenance.Probe, row.Provenance));
        Assert.Equal(1, Line(report, "probe-walks", "answered"));
        Assert.Equal(3, Line(report, "probe-questions", "answered"));
        Assert.Equal(3, Line(report, "messages", "observed"));
    }

    [Fact]
    public async Task An_answer_that_was_cut_is_asked_for_over_tcp()
    {
        (PipelineReport report, List<Observation> rows) = await world.ProbeAsync("big.shop.test TXT");
        Assert.Equal(1, Line(report, "messages", "truncated"));
        Assert.Equal(1, Line(report, "probe-questions", "asked-again-over-tcp"));
        Assert.Contains($"\"{new string('h', 240)}\"", Assert.Single(rows, row => row.Type == RecordType.TXT).Rdata[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aliases_and_servers_without_glue_are_followed()
    {
        (PipelineReport report, List<Observation> rows) = await world.ProbeAsync("abroad.shop.test A", "nothing.shop.test A");
        Assert.Contains("abroad.shop.test. CNAME www.far.test. in shop.test.", Texts(rows));
        Assert.Contains("www.far.test. A 192.0.2.81 in far.test.", Texts(rows));
        Assert.Equal(2, Line(report, "probe-walks", "answered"));
    }

    [Fact]
    public async Task Lame_and_silent_servers_and_delegations_in_a_circle_end_the_walk()
    {
        using ScriptedServer? silent = ProbeWorld.IsPossible ? new(ProbeWorld.Silent, world.Port, _ => []) : null;
        (PipelineReport report, List<Observation> rows) = await world.ProbeAsync("www.lame.test A", "www.silent.test A", "www.loop1.test A");
        Assert.Equal(2, Line(report, "probe-walks", "no-server-answered"));
        Assert.Equal(1, Line(report, "probe-walks", "no-address-of-servers"));
        Assert.True(Line(report, "probe-questions", "lame") >= 1);
        Assert.Equal(2, Line(report, "probe-questions", "timeout"));
        Assert.Equal(2, silent!.Questions);
        Assert.DoesNotContain(rows, row => row.RrName.ToString().StartsWith("www.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_has_another_id_or_another_question_is_refused_and_the_true_answer_taken()
    {
        using ScriptedServer? liar = ProbeWorld.IsPossible
            ? new(ProbeWorld.Spoofed, world.Port, question =>
            {
                byte[] otherId = ScriptedServer.Answer(question, "192.0.2.66"), otherName = ScriptedServer.Answer(question, "192.0.2.66");
                otherId[0] ^= 0x55;
                otherName[13] ^= 1;
                return [otherId, otherName, ScriptedServer.Answer(question, "192.0.2.99")];
            })
            : null;
        (PipelineReport report, List<Observation> rows) = await world.ProbeAsync("www.spoof.test A");
        Assert.Equal(2, Line(report, "messages", "refused-foreign"));
        Assert.Contains("www.spoof.test. A 192.0.2.99 in spoof.test.", Texts(rows));
        Assert.DoesNotContain(Texts(rows), row => row.Contains("192.0.2.66", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_in_other_letters_than_the_question_is_not_believed_over_udp()
    {
        using ScriptedServer? careless = ProbeWorld.IsPossible
            ? new(ProbeWorld.Lower, world.Port, question =>
            {
                byte[] answer = ScriptedServer.Answer(question, "192.0.2.66");
                for (int i = 13; answer[i] != 0; i++) answer[i] = answer[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(answer[i] | 0x20) : answer[i];
                return [answer];
            })
            : null;
        (PipelineReport report, List<Observation> rows) = await world.ProbeAsync("a-name-with-many-letters-in-it.lower.test A");
        Assert.Equal(1, Line(report, "messages", "refused-letter-case"));
        Assert.DoesNotContain(Texts(rows), row => row.Contains("192.0.2.66", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_server_gets_more_than_its_rate()
    {
        using ScriptedServer root = new("127.0.0.1", 0, question => [ScriptedServer.Answer(question, null)]);
        FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch.AddYears(55));
        ProbeOptions options = new()
        {
            Port = root.Port,
            Duration = TimeSpan.Zero,
            ServerQuestionsPerSecond = 1,
            Burst = 2,
            Timeout = TimeSpan.FromMinutes(1),
            RootServers = { HostAddress.From(System.Net.IPAddress.Loopback) },
        };
        for (int i = 0; i < 6; i++) options.Names.Add($"name{i} A");
        await using ProbeSource source = new(options, clock);
        DateTimeOffset start = clock.GetUtcNow();
        MessageBatch batch = new();
        bool more = true;
        while (more)
        {
            batch.Clear();
            Task<bool> reading = source.ReadAsync(batch, TestContext.Current.CancellationToken).AsTask();
            while (!reading.IsCompleted)
            {
                Assert.True(root.Questions <= 2 + (clock.GetUtcNow() - start).TotalSeconds, "more questions than the rate allows");
                await Task.WhenAny(reading, Task.Delay(20, TestContext.Current.CancellationToken));
                if (!reading.IsCompleted) clock.Advance(TimeSpan.FromMilliseconds(100));
            }

            more = await reading;
        }

        Assert.Equal(6, root.Questions);
        Assert.True(clock.GetUtcNow() - start >= TimeSpan.FromSeconds(4));
        Assert.Equal(6, source.GetReport().Observed);
    }

    [Fact]
    public async Task Names_are_asked_for_again_after_their_interval_until_the_time_is_over()
    {
        using ScriptedServer root = new("127.0.0.1", 0, question => [ScriptedServer.Answer(question, null)]);
        FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch.AddYears(55));
        ProbeOptions options = new()
        {
            Port = root.Port,
            Interval = TimeSpan.FromMinutes(10),
            Duration = TimeSpan.FromMinutes(35),
            Timeout = TimeSpan.FromMinutes(1),
            RootServers = { HostAddress.From(System.Net.IPAddress.Loopback) },
            Names = { "name A" },
        };
        await using ProbeSource source = new(options, clock);
        MessageBatch batch = new();
        Task<bool> reading = source.ReadAsync(batch, TestContext.Current.CancellationToken).AsTask();
        while (true)
        {
            if (await Task.WhenAny(reading, Task.Delay(20, TestContext.Current.CancellationToken)) != reading)
            {
                clock.Advance(TimeSpan.FromSeconds(root.Questions > source.GetReport().Observed ? 1 : 30)); // slowly while an answer is on its way
                continue;
            }

            if (!await reading) break;
            batch.Clear();
            reading = source.ReadAsync(batch, TestContext.Current.CancellationToken).AsTask();
        }

        Assert.InRange(source.GetReport().Observed, 2, 5); // at 0, about 10, 20 and 30 minutes
    }

    [Fact]
    public async Task A_host_probes_only_when_told_to_and_queries_leave_probes_out()
    {
        Assert.SkipUnless(ProbeWorld.IsPossible, "knotd of Debian's package knot is not here");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddPassiveDns().UseMemoryStore().AddProbing(o =>
        {
            foreach (HostAddress server in world.Hints.RootServers) o.RootServers.Add(server);
            o.Names.Add("www.shop.test A");
            o.Duration = TimeSpan.Zero;
            o.Port = world.Port;
        });
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        PipelineReport report = await host.Services.GetRequiredService<PipelineRun>().Completion;
        Assert.True(report.IsComplete);
        IObservationReader reader = host.Services.GetRequiredService<IObservationReader>();
        Assert.Contains("www.shop.test. A 192.0.2.80 in shop.test.", Texts(await ProbeWorld.RowsAsync(reader)));
        await foreach (Observation row in reader.FindAsync(new ObservationQuery(new QueryAnchor.Everything()))) Assert.Fail($"{row.RrName} is a probe");
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("Names", "is empty")]
    [InlineData("Interval", "one second")]
    [InlineData("Timeout", "00:01:00")]
    [InlineData("Burst", "1 to 1000")]
    [InlineData("ServerQuestionsPerSecond", "up to 1000")]
    [InlineData("WatchListFile", "Name a readable file")]
    public async Task Options_out_of_range_keep_the_host_from_starting(string option, string mend)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddPassiveDns().UseMemoryStore().AddProbing(o =>
        {
            if (option != "Names") o.Names.Add("www.example A");
            if (option == "Interval") o.Interval = TimeSpan.Zero;
            if (option == "Timeout") o.Timeout = TimeSpan.Zero;
            if (option == "Burst") o.Burst = 0;
            if (option == "ServerQuestionsPerSecond") o.ServerQuestionsPerSecond = double.NaN;
            if (option == "WatchListFile") o.WatchListFile = "no-such-file";
        });
        using IHost host = builder.Build();
        Exception e = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Probing." + option, e.Message, StringComparison.Ordinal);
        Assert.Contains(mend, e.Message, StringComparison.Ordinal);
    }

    private static string[] Texts(List<Observation> rows) =>
        [.. rows.Select(row => $"{row.RrName} {RecordTypeNames.Format(row.Type)} {string.Join(", ", row.Rdata)} in {row.Bailiwick}").Order(StringComparer.Ordinal)];

    private static long Line(PipelineReport report, string stage, string fate) =>
        report.Account.Where(line => line.Stage == stage && line.Fate == fate).Sum(line => line.Count);
}
