using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

/// <summary>Several pipelines in one host, each with its own options, sources, vantage, store and account.</summary>
public sealed class NamedPipelineTests
{
    [Fact]
    public async Task Two_pipelines_of_one_host_share_nothing()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddPassiveDns("file", o =>
        {
            o.ResolversFile = Sample.Resolvers;
            o.RootHintsFile = Sample.RootHintsFile;
            o.Sensor = "file-1";
        }).AddPcapFile(Sample.Capture).UseMemoryStore();
        builder.Services.AddPassiveDns("live", o => o.Resolvers.Add("192.0.2.53")).AddCaptureSource<AskingSource>(isLive: false).UseStore<AskingStore>();
        using IHost host = builder.Build();
        await host.StartAsync();
        PipelineRun file = host.Services.GetRequiredKeyedService<PipelineRun>("file"), live = host.Services.GetRequiredKeyedService<PipelineRun>("live");
        Assert.Equal(("file", "live"), (file.Name, live.Name));
        Assert.Equal(462, (await file.Completion).Observed);
        Assert.Equal(1, (await live.Completion).Observed);
        Assert.Empty((await file.Completion).FindImbalances());

        MemoryObservationStore expected = new();
        await Sample.ImportAsync(expected);
        Assert.Equal(
            (await Sample.ReadAllAsync(expected)).Select(row => (row.RrName, row.Type)),
            (await Sample.ReadAllAsync(host.Services.GetRequiredKeyedService<IObservationReader>("file"))).Select(row => (row.RrName, row.Type)));
        AskingStore store = Assert.IsType<AskingStore>(host.Services.GetRequiredKeyedService<IObservationStore>("live"));
        Assert.Equal(RecordType.NS, Assert.Single(await Sample.ReadAllAsync(store)).Type);

        // A source and a store of one's own, and what they ask for, are those of their pipeline; nothing answers without its name.
        Assert.Equal([IPNetwork.Parse("192.0.2.53/32")], store.Vantage.Resolvers);
        Assert.Null(host.Services.GetService<IObservationReader>());
        await host.StopAsync();
    }

    [Fact]
    public async Task A_second_call_with_a_name_adds_to_the_same_pipeline()
    {
        ServiceCollection services = new();
        services.AddPassiveDns("edge", o => o.Sensor = "first").UseMemoryStore();
        services.AddPassiveDns("edge", o => o.Window = TimeSpan.FromMinutes(5));
        services.AddPassiveDns().UseMemoryStore();
        await using ServiceProvider provider = services.BuildServiceProvider();
        IOptionsMonitor<PassiveDnsOptions> options = provider.GetRequiredService<IOptionsMonitor<PassiveDnsOptions>>();
        Assert.Equal(("first", TimeSpan.FromMinutes(5)), (options.Get("edge").Sensor, options.Get("edge").Window));
        Assert.Equal("unnamed", options.CurrentValue.Sensor);
        Assert.Equal(2, provider.GetServices<IHostedService>().Count());
        Assert.NotSame(provider.GetRequiredService<IObservationStore>(), provider.GetRequiredKeyedService<IObservationStore>("edge"));
    }

    [Fact]
    public async Task A_mistake_in_one_pipeline_fails_the_start_and_says_in_which()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddPassiveDns().UseMemoryStore();
        builder.Services.AddPassiveDns("edge", o => o.Health.SilentPackets = 0).UseMemoryStore();
        using IHost host = builder.Build();
        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal("edge", e.OptionsName);
        Assert.Contains("Health.SilentPackets is too small: give 1 or more.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_binds_every_kind_of_option()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sensor"] = "amsterdam-1",
            ["Window"] = "00:15:00",
            ["SpoolWhenFull"] = "DropNewest",
            ["Resolvers:0"] = "192.0.2.53",
            ["Vantage:QueryTimeout"] = "00:00:30",
            ["DnstapListener:MaxConnections"] = "7",
            ["Health:Patience"] = "00:01:00",
            ["Redaction:MinHexDigits"] = "40",
            ["Publication:MinDays"] = "2",
        }).Build();
        ServiceCollection services = new();
        services.AddPassiveDns("edge", configuration).UseMemoryStore();
        await using ServiceProvider provider = services.BuildServiceProvider();
        PassiveDnsOptions options = provider.GetRequiredService<IOptionsMonitor<PassiveDnsOptions>>().Get("edge");
        Assert.Equal("amsterdam-1", options.Sensor);
        Assert.Equal(TimeSpan.FromMinutes(15), options.Window);
        Assert.Equal(Storage.Spooling.SpoolFullMode.DropNewest, options.SpoolWhenFull);
        Assert.Equal(TimeSpan.FromSeconds(30), options.Vantage.QueryTimeout);
        Assert.Equal(7, options.DnstapListener.MaxConnections);
        Assert.Equal(TimeSpan.FromMinutes(1), options.Health.Patience);
        Assert.Equal(40, options.Redaction!.MinHexDigits);
        Assert.Equal(2, options.Publication!.MinDays);
        Assert.Equal("192.0.2.53/32", provider.GetRequiredKeyedService<VantageOptions>("edge").Resolvers.Single().ToString());
    }

    [Fact]
    public void A_word_that_is_no_option_is_refused()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Senor"] = "amsterdam-1" }).Build();
        using ServiceProvider provider = new ServiceCollection().AddPassiveDns(configuration).UseMemoryStore().Services.BuildServiceProvider();
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IOptions<PassiveDnsOptions>>().Value);
        Assert.Contains("'Senor'", e.Message, StringComparison.Ordinal);
    }

    private sealed class AskingSource(VantageOptions vantage) : ICaptureSource
    {
        private readonly ListedSource _list = new(Responses.RootNs(0..vantage.Resolvers.Count));

        public string Name => "asking";

        public ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default) => _list.ReadAsync(batch, cancellationToken);

        public CaptureReport GetReport() => _list.GetReport();

        public ValueTask DisposeAsync() => _list.DisposeAsync();
    }

    private sealed class AskingStore(VantageOptions vantage) : IObservationStore
    {
        private readonly MemoryObservationStore _inner = new();

        public VantageOptions Vantage => vantage;

        public ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default) => _inner.WriteAsync(batch, cancellationToken);

        public ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default) => _inner.GetLastBatchAsync(sensor, cancellationToken);

        public IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) => _inner.ReadAsync(query, cancellationToken);

        public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default) => _inner.GetStatusAsync(cancellationToken);

        public ValueTask DisposeAsync() => _inner.DisposeAsync();
    }
}
