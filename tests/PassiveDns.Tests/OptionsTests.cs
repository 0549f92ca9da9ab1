using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

/// <summary>A host with a mistake in its options does not start, and the message names the option and the mend.</summary>
public sealed class OptionsTests
{
    [Fact]
    public Task No_store() => FailsAsync(_ => { }, b => b, "No store is chosen: name a directory in StoreDirectory", "UseMemoryStore()");

    [Fact]
    public Task A_directory_and_a_store() => FailsAsync(o => o.StoreDirectory = "somewhere", b => b.UseMemoryStore(), "StoreDirectory and UseMemoryStore both choose a store", "keep one");

    [Fact]
    public Task Two_stores() => FailsAsync(_ => { }, b => b.UseMemoryStore().UseRocksDb("somewhere"), "2 stores are chosen (UseMemoryStore, UseRocksDb)", "keep one");

    [Fact]
    public Task A_live_source_without_resolvers() =>
        FailsAsync(_ => { }, b => b.UseMemoryStore().AddCaptureSource(_ => new ListedSource([])), "Resolvers is empty", "Add their addresses or networks to Resolvers");

    [Fact]
    public Task A_live_source_beside_files() => FailsAsync(
        o => o.Resolvers.Add("192.0.2.53"),
        b => b.UseMemoryStore().AddCaptureSource(_ => new ListedSource([])).AddPcapFile(Sample.Capture),
        "AddCaptureFile and AddCaptureSource are mixed", "in a host of their own");

    [Fact]
    public Task A_file_that_is_not_there() => FailsAsync(_ => { }, b => b.UseMemoryStore().AddPcapFile("no-such.pcap"), "AddCaptureFile: there is no file 'no-such.pcap'", "give the path");

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    public Task A_sensor_that_has_no_name(string sensor) => FailsAsync(o => o.Sensor = sensor, b => b.UseMemoryStore(), "Sensor is", "give 1 to 64 letters");

    [Fact]
    public Task A_window_of_nothing() => FailsAsync(o => o.Window = TimeSpan.Zero, b => b.UseMemoryStore(), "Window is out of range", "give 1 second");

    [Fact]
    public Task Too_little_memory() => FailsAsync(o => o.MemoryBudget = 1000, b => b.UseMemoryStore(), "MemoryBudget is too small", "1048576");

    [Fact]
    public Task A_clock_that_may_be_anywhere() => FailsAsync(o => o.MaxClockAhead = TimeSpan.FromDays(9), b => b.UseMemoryStore(), "MaxClockAhead is out of range", "1.00:00:00");

    [Fact]
    public Task A_threshold_of_nobody() => FailsAsync(o => o.Publication = new(), b => b.UseMemoryStore(), "Publication: MinSensors and MinDays are both 0", "2 or more");

    [Fact]
    public Task A_pattern_that_is_none() => FailsAsync(o => o.Redaction = new() { Patterns = ["("] }, b => b.UseMemoryStore(), "Redaction: Patterns: '('", "without back references");

    [Fact]
    public Task A_spool_in_a_file() => FailsAsync(o => o.SpoolDirectory = Sample.Capture, b => b.UseMemoryStore(), "SpoolDirectory is no directory", "leave the option out");

    [Fact]
    public Task A_spool_without_room() => FailsAsync(o => o.SpoolMaxBytes = 1000, b => b.UseMemoryStore(), "SpoolMaxBytes is too small", "1048576");

    [Fact]
    public Task A_resolver_that_is_no_address() => FailsAsync(o => o.Resolvers.Add("ns.example"), b => b.UseMemoryStore(), "Resolvers: 'ns.example'", "write 192.0.2.53");

    [Fact]
    public Task All_addresses_as_resolvers() => FailsAsync(o => o.Resolvers.Add("::/0"), b => b.UseMemoryStore(), "Resolvers holds the network of all addresses", "own addresses or networks");

    [Fact]
    public Task A_resolvers_file_that_is_not_there() => FailsAsync(o => o.ResolversFile = "no-such-file", b => b.UseMemoryStore(), "ResolversFile: ", "Name a readable file");

    [Fact]
    public Task A_root_hints_file_that_holds_none() => FailsAsync(o => o.RootHintsFile = Sample.Resolvers, b => b.UseMemoryStore(), "RootHintsFile: ", "leave the option out");

    [Fact]
    public Task A_file_of_delegations_that_is_something_else() =>
        FailsAsync(o => o.DelegationsFile = Sample.Resolvers, b => b.UseMemoryStore(), "DelegationsFile: ", "pdns import --save-delegations");

    [Fact]
    public Task A_query_that_never_times_out() => FailsAsync(o => o.Vantage.QueryTimeout = TimeSpan.FromDays(1), b => b.UseMemoryStore(), "Vantage.QueryTimeout", "give a time");

    [Fact]
    public Task A_contest_that_outlasts_the_query() => FailsAsync(o => o.Vantage.ContestWindow = TimeSpan.FromMinutes(2), b => b.UseMemoryStore(), "Vantage.ContestWindow", "give 00:00:00");

    [Fact]
    public Task No_query_at_all() => FailsAsync(o => o.Vantage.MaxOutstandingQueries = 0, b => b.UseMemoryStore(), "Vantage.MaxOutstandingQueries", "give 1");

    [Fact]
    public Task A_dnstap_socket_without_a_directory() =>
        FailsAsync(_ => { }, b => b.UseMemoryStore().AddDnstapSocket("/no/such/directory/dnstap.sock"), "AddDnstapSocket: the directory", "make it");

    [Fact]
    public Task A_dnstap_listener_for_nobody() =>
        FailsAsync(o => o.DnstapListener.MaxConnections = 0, b => b.UseMemoryStore(), "DnstapListener.MaxConnections", "give 1 to 4096");

    [Fact]
    public Task Dnstap_frames_of_no_length() => FailsAsync(o => o.Vantage.Dnstap.MaxFrameLength = 0, b => b.UseMemoryStore(), "Vantage.Dnstap.MaxFrameLength", "give 1024");

    [Fact]
    public Task No_octet_held() => FailsAsync(o => o.Vantage.MaxHeldOctets = 0, b => b.UseMemoryStore(), "Vantage.MaxHeldOctets", "give 262144");

    [Fact]
    public void Without_a_host_the_store_tells_it_too()
    {
        using ServiceProvider provider = new ServiceCollection().AddPassiveDns().Services.BuildServiceProvider();
        OptionsValidationException e = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<Storage.IObservationStore>());
        Assert.Contains("No store is chosen", e.Message, StringComparison.Ordinal);
    }

    /// <summary>What our own checks accept, the rooms accept too: the limits stand in two places and must not drift apart.</summary>
    [Fact]
    public void The_limits_of_the_vantage_are_those_of_the_capture_room()
    {
        VantageOptions widest = new() { QueryTimeout = TimeSpan.FromHours(1), ContestWindow = TimeSpan.FromHours(1), MaxOutstandingQueries = 1 << 24, MaxHeldOctets = 1 << 30 };
        VantageOptions tightest = new() { QueryTimeout = TimeSpan.FromTicks(1), ContestWindow = TimeSpan.Zero, MaxOutstandingQueries = 1, MaxHeldOctets = 262_144 };
        Assert.NotNull(PcapFileSource.Open([Sample.Capture], widest));
        Assert.NotNull(PcapFileSource.Open([Sample.Capture], tightest));
        foreach (Action<VantageOptions> mistake in (Action<VantageOptions>[])
            [o => o.QueryTimeout += TimeSpan.FromTicks(1), o => o.ContestWindow += TimeSpan.FromTicks(1), o => o.MaxOutstandingQueries++, o => o.MaxHeldOctets++])
        {
            VantageOptions tooWide = new() { QueryTimeout = TimeSpan.FromHours(1), ContestWindow = TimeSpan.FromHours(1), MaxOutstandingQueries = 1 << 24, MaxHeldOctets = 1 << 30 };
            mistake(tooWide);
            Assert.ThrowsAny<ArgumentException>(() => PcapFileSource.Open([Sample.Capture], tooWide));
        }
    }

    [Fact]
    public void Simple_values_bind_from_configuration()
    {
        using TemporaryFolder folder = new();
        string learnt = Path.Combine(folder.FullPath, "learnt");
        using (FileStream file = File.Create(learnt)) DelegationSnapshot.Empty.Save(file);
        IConfiguration configuration = Configuration(new()
        {
            ["PassiveDns:Sensor"] = "amsterdam-1",
            ["PassiveDns:Window"] = "00:15:00",
            ["PassiveDns:MemoryBudget"] = "8388608",
            ["PassiveDns:KeepUnverified"] = "false",
            ["PassiveDns:ResolversFile"] = Sample.Resolvers,
            ["PassiveDns:RootHintsFile"] = Sample.RootHintsFile,
            ["PassiveDns:DelegationsFile"] = learnt,
            ["PassiveDns:Resolvers:0"] = "192.0.2.53",
            ["PassiveDns:Resolvers:1"] = "2001:db8::/64",
            ["PassiveDns:Vantage:QueryTimeout"] = "00:00:30",
        });
        ServiceCollection services = new();
        services.AddPassiveDns().UseMemoryStore();
        services.Configure<PassiveDnsOptions>(configuration.GetSection("PassiveDns"));
        using ServiceProvider provider = services.BuildServiceProvider();
        PassiveDnsOptions options = provider.GetRequiredService<IOptions<PassiveDnsOptions>>().Value;
        Assert.Equal("amsterdam-1", options.Sensor);
        Assert.Equal(TimeSpan.FromMinutes(15), options.Window);
        Assert.Equal(8_388_608, options.MemoryBudget);
        Assert.False(options.KeepUnverified);
        Assert.Equal(TimeSpan.FromSeconds(30), options.Vantage.QueryTimeout);
        Assert.Equal(learnt, options.DelegationsFile);
        Assert.Equal(
            ["192.0.2.53/32", "2001:db8::/64", "203.0.113.53/32", "2001:db8:53::53/128"],
            provider.GetRequiredService<VantageOptions>().Resolvers.Select(n => n.ToString()));
    }

    /// <summary>A configuration binder cannot read networks; what it makes of them must never let everybody pass for a resolver.</summary>
    [Fact]
    public void Networks_under_Vantage_in_configuration_never_become_all_addresses()
    {
        IConfiguration configuration = Configuration(new() { ["PassiveDns:Vantage:Resolvers:0"] = "192.0.2.53/32" });
        ServiceCollection services = new();
        services.AddPassiveDns().UseMemoryStore();
        services.Configure<PassiveDnsOptions>(configuration.GetSection("PassiveDns"));
        using ServiceProvider provider = services.BuildServiceProvider();
        Exception? refusal = Record.Exception(() => provider.GetRequiredService<VantageOptions>());
        if (refusal is not null) Assert.IsType<OptionsValidationException>(refusal);
        else Assert.DoesNotContain(provider.GetRequiredService<VantageOptions>().Resolvers, n => n.PrefixLength == 0);
    }

    [Fact]
    public async Task A_source_and_a_store_of_ones_own_are_made_with_what_their_constructors_ask_for()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(new Note());
        builder.Services.AddPassiveDns(o => o.Resolvers.Add("192.0.2.53")).AddCaptureSource<AskingSource>().UseStore<AskingStore>();
        using IHost host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<PipelineRun>().Completion;
        Assert.Equal(["store", "192.0.2.53/32"], host.Services.GetRequiredService<Note>().Lines.Order().Reverse());
    }

    private static IConfiguration Configuration(Dictionary<string, string?> values) => new ConfigurationBuilder().AddInMemoryCollection(values).Build();

    private static async Task FailsAsync(Action<PassiveDnsOptions> configure, Func<PassiveDnsBuilder, PassiveDnsBuilder> build, string problem, string mend)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        build(builder.Services.AddPassiveDns(configure));
        using IHost host = builder.Build();
        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
        Assert.Contains(mend, e.Message, StringComparison.Ordinal);
    }

    private sealed class Note
    {
        public List<string> Lines { get; } = [];
    }

    private sealed class AskingSource(VantageOptions vantage, Note note) : ICaptureSource
    {
        public string Name => "asking";

        public ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
        {
            note.Lines.Add(vantage.Resolvers[0].ToString());
            return new(false);
        }

        public CaptureReport GetReport() => new() { Account = [] };

        public ValueTask DisposeAsync() => default;
    }

    private sealed class AskingStore(Note note) : Storage.IObservationStore
    {
        private readonly MemoryObservationStore _inner = Make(note);

        public ValueTask<Storage.WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default) => _inner.WriteAsync(batch, cancellationToken);

        public ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default) => _inner.GetLastBatchAsync(sensor, cancellationToken);

        public IAsyncEnumerable<Storage.RecordPage> ReadAsync(Storage.ObservationQuery query, CancellationToken cancellationToken = default) => _inner.ReadAsync(query, cancellationToken);

        public ValueTask<Storage.StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default) => _inner.GetStatusAsync(cancellationToken);

        public ValueTask DisposeAsync() => _inner.DisposeAsync();

        private static MemoryObservationStore Make(Note note)
        {
            note.Lines.Add("store");
            return new();
        }
    }
}
