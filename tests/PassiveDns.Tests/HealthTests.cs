using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

/// <summary>What the health check calls ill, and what it does not. Time passes only when the test says so.</summary>
public sealed class HealthTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Packets_without_a_response_for_too_long_are_an_ailment_and_a_response_heals_it()
    {
        SilentSource source = new();
        using IHost host = await StartAsync(b => b.AddCaptureSource(_ => source), new MemoryObservationStore());
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);

        source.Report = source.Report with { Packets = 5000, Messages = 5000, Account = [new("packets", "udp-message", 5000, false), new("messages", "refused-client-side", 5000, true)] };
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status); // not for long enough
        _time.Advance(TimeSpan.FromMinutes(6));
        HealthReportEntry ill = await CheckAsync(host);
        Assert.Equal(HealthStatus.Unhealthy, ill.Status);
        Assert.Contains("5000 packets have arrived since the last response was observed; most are dropped as messages/refused-client-side", ill.Description, StringComparison.Ordinal);
        Assert.Equal(5000L, ill.Data["packets"]);

        source.Report = source.Report with { Packets = 5001, Observed = 1 };
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status); // no packets either: a quiet night
        await host.StopAsync();
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_an_ailment()
    {
        bool isDown = false;
        using IHost host = await StartAsync(b => b, new UnsteadyStore(() => isDown));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
        isDown = true;
        HealthReportEntry ill = await CheckAsync(host);
        Assert.Equal((HealthStatus.Unhealthy, "the store does not answer"), (ill.Status, ill.Description));
        Assert.IsType<ObservationStoreException>(ill.Exception);
        isDown = false;
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
    }

    [Fact]
    public async Task A_store_that_takes_nothing_and_a_spool_that_grows_are_ailments()
    {
        using TemporaryFolder folder = new();
        bool isDown = true;
        MemoryObservationStore inner = new();
        TappedStore store = new(inner, _ =>
        {
            if (isDown) throw new ObservationStoreException("test: down", isTransient: true);
        });
        using IHost host = await StartAsync(b => b.AddCaptureSource(_ => new ListedSource(Responses.RootNs(0..9))), store, o => o.SpoolDirectory = folder.FullPath);
        PipelineRun run = host.Services.GetRequiredKeyedService<PipelineRun>("edge");
        await WaitAsync(() => run.GetReport() is { WriteRetries: > 0, Spool.PendingBatches: > 0 });
        Assert.Contains("the store failed at the last attempt to write", (await CheckAsync(host)).Description, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(6));
        HealthReportEntry ill = await CheckAsync(host);
        Assert.Equal(HealthStatus.Unhealthy, ill.Status);
        Assert.Contains("1 batches wait in the spool and do not get fewer", ill.Description, StringComparison.Ordinal);

        isDown = false;
        await WaitAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(20)); // the next attempt
            return run.GetReport() is { IsStoreFailing: false, Spool.PendingBatches: 0 };
        });
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_pipeline_that_has_failed_is_ill_and_one_that_has_ended_is_not()
    {
        using IHost failed = await StartAsync(b => b.AddCaptureSource(_ => new ListedSource([], new IOException("test: gone")), isLive: false), new MemoryObservationStore(), failureStatus: HealthStatus.Degraded);
        await Assert.ThrowsAsync<IOException>(() => failed.Services.GetRequiredKeyedService<PipelineRun>("edge").Completion);
        HealthReportEntry ill = await CheckAsync(failed);
        Assert.Equal((HealthStatus.Degraded, "the pipeline has ended with a failure: see the log"), (ill.Status, ill.Description));
        Assert.IsType<IOException>(ill.Exception);

        using IHost ended = await StartAsync(b => b.AddCaptureSource(_ => new ListedSource(Responses.RootNs(0..1)), isLive: false), new MemoryObservationStore());
        await ended.Services.GetRequiredKeyedService<PipelineRun>("edge").Completion;
        Assert.Equal("all sources have ended", (await CheckAsync(ended)).Description);
    }

    private async Task<IHost> StartAsync(Func<PassiveDnsBuilder, PassiveDnsBuilder> build, IObservationStore store, Action<PassiveDnsOptions>? configure = null, HealthStatus? failureStatus = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.Configure<HostOptions>(o => o.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddHealthChecks().AddPassiveDns("edge", failureStatus);
        PassiveDnsBuilder pipeline = builder.Services.AddPassiveDns("edge", o =>
        {
            o.Resolvers.Add("192.0.2.53");
            configure?.Invoke(o);
        });
        build(pipeline).UseStore(_ => store);
        IHost host = builder.Build();
        await host.StartAsync();
        PipelineRun run = host.Services.GetRequiredKeyedService<PipelineRun>("edge");
        await WaitAsync(() => run.GetReport() is not null || run.Completion.IsCompleted);
        return host;
    }

    private static async Task<HealthReportEntry> CheckAsync(IHost host)
    {
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return report.Entries["passivedns-edge"];
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    /// <summary>Live traffic of which the test says what it was.</summary>
    private sealed class SilentSource : ICaptureSource
    {
        public CaptureReport Report { get; set; } = new() { Account = [] };

        public string Name => "silent";

        public async ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }

        public CaptureReport GetReport() => Report;

        public ValueTask DisposeAsync() => default;
    }

    private sealed class UnsteadyStore(Func<bool> isDown) : IObservationStore
    {
        private readonly MemoryObservationStore _inner = new();

        public ValueTask<WriteResult> WriteAsync(ObservationBatch batch, CancellationToken cancellationToken = default) => _inner.WriteAsync(batch, cancellationToken);

        public ValueTask<BatchId?> GetLastBatchAsync(SensorId sensor, CancellationToken cancellationToken = default) => _inner.GetLastBatchAsync(sensor, cancellationToken);

        public IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, CancellationToken cancellationToken = default) =>
            isDown() ? throw new ObservationStoreException("test: down", isTransient: true) : _inner.ReadAsync(query, cancellationToken);

        public ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default) => _inner.GetStatusAsync(cancellationToken);

        public ValueTask DisposeAsync() => _inner.DisposeAsync();
    }
}
