using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PassiveDns.Storage;
using PassiveDns.Storage.Embedded;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

public sealed class HostingTests
{
    [Theory]
    [InlineData("memory")]
    [InlineData("embedded")]
    [InlineData("rocksdb")]
    public async Task A_host_imports_the_sample_and_answers(string store)
    {
        bool inMemory = store == "memory";
        using TemporaryFolder folder = new();
        await using MemoryObservationStore expected = new();
        await Sample.ImportAsync(expected);
        PipelineReport[] reports = new PipelineReport[2];
        for (int run = 0; run < 2; run++)
        {
            HostApplicationBuilder builder = CreateBuilder();
            PassiveDnsBuilder passiveDns = AddSample(builder.Services);
            string path = Path.Combine(folder.FullPath, "store");
            if (inMemory) passiveDns.UseMemoryStore();
            else if (store == "rocksdb") passiveDns.UseRocksDb(path);
            else builder.Services.Configure<PassiveDnsOptions>(options => options.StoreDirectory = path); // the default store
            using IHost host = builder.Build();
            await host.StartAsync();
            reports[run] = await host.Services.GetRequiredService<PipelineRun>().Completion;
            Assert.True(reports[run].IsComplete);
            Assert.Empty(reports[run].FindImbalances());
            Assert.Equal(await Sample.ReadAllAsync(expected), await Sample.ReadAllAsync(host.Services.GetRequiredService<IObservationReader>()));
            await host.StopAsync();
        }

        // Once more into the same store: the epoch is the content's, so that everything had been applied before.
        Assert.Equal(inMemory ? reports[0].BatchesApplied : 0, reports[1].BatchesApplied);
        Assert.Equal(inMemory ? 0 : reports[0].BatchesApplied, reports[1].BatchesAlreadyApplied);
    }

    [Fact]
    public async Task A_shutdown_drains_live_sources()
    {
        ListedSource source = new(Responses.RootNs(0..7), isLive: true);
        MemoryObservationStore store = new();
        HostApplicationBuilder builder = CreateBuilder();
        builder.Services.AddPassiveDns(o => o.Resolvers.Add("192.0.2.53")).AddCaptureSource(_ => source).UseStore(_ => store);
        using IHost host = builder.Build();
        await host.StartAsync();
        await source.Drained.WaitAsync(TimeSpan.FromSeconds(30));
        PipelineRun run = host.Services.GetRequiredService<PipelineRun>();
        Assert.False(run.Completion.IsCompleted);
        await host.StopAsync();

        Assert.True(run.Completion.IsCompletedSuccessfully);
        PipelineReport report = await run.Completion;
        Assert.False(report.IsComplete);
        Assert.Equal(7, report.Observed);
        Assert.Empty(report.FindImbalances());
        Assert.Equal(7, (await Sample.ReadAllAsync(store)).Count);
        Assert.True(source.IsDisposed);
    }

    /// <summary>The store is down, and the pipeline would wait an hour for it; the host does not.</summary>
    [Fact]
    public async Task What_the_store_does_not_take_within_the_hosts_patience_stays_in_the_spool()
    {
        using TemporaryFolder folder = new();
        for (int run = 0; run < 2; run++)
        {
            bool isDown = run == 0;
            MemoryObservationStore store = new(); // the host disposes it
            ListedSource source = new(Responses.RootNs(0..7), isLive: true);
            HostApplicationBuilder builder = CreateBuilder();
            builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = isDown ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(5));
            builder.Services.AddPassiveDns(o =>
            {
                o.Resolvers.Add("192.0.2.53");
                o.SpoolDirectory = folder.FullPath;
                o.DrainTime = TimeSpan.FromHours(1);
            }).AddCaptureSource(_ => source).UseStore(_ => new TappedStore(store, _ =>
            {
                if (isDown) throw new ObservationStoreException("test: down", isTransient: true);
            }));
            using IHost host = builder.Build();
            await host.StartAsync();
            await source.Drained.WaitAsync(TimeSpan.FromSeconds(60));
            await Record.ExceptionAsync(() => host.StopAsync()); // a host says so when its patience ended first
            PipelineReport report = await host.Services.GetRequiredService<PipelineRun>().Completion;
            Assert.Equal((7, isDown ? 1 : 0), (report.Observed, report.Spool!.PendingBatches));
            Assert.Equal(isDown ? 0 : 2, report.BatchesApplied);
            Assert.Empty(report.FindImbalances());
            Assert.Equal(isDown ? 0 : 14, (await Sample.ReadAllAsync(store)).Sum(row => row.History.Count));
        }
    }

    [Fact]
    public async Task A_host_that_is_disposed_without_a_stop_drains_before_the_store_goes()
    {
        ListedSource source = new(Responses.RootNs(0..3), isLive: true);
        TappedStore? store = null;
        int writtenAfterDisposal = 0, written = 0;
        store = new(new MemoryObservationStore(), _ =>
        {
            written++;
            if (store!.IsDisposed) writtenAfterDisposal++;
        });
        HostApplicationBuilder builder = CreateBuilder();
        builder.Services.AddPassiveDns(o => o.Resolvers.Add("192.0.2.53")).AddCaptureSource(_ => source).UseStore(_ => store);
        using (IHost host = builder.Build())
        {
            await host.StartAsync();
            await source.Drained.WaitAsync(TimeSpan.FromSeconds(30));
        }

        Assert.True(store.IsDisposed);
        Assert.Equal((1, 0), (written, writtenAfterDisposal));
    }

    [Fact]
    public async Task The_epoch_of_live_traffic_is_the_time_of_the_start()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
        ListedSource source = new(Responses.RootNs(0..1));
        MemoryObservationStore store = new();
        HostApplicationBuilder builder = CreateBuilder();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddPassiveDns(o => o.Sensor = "amsterdam-1").AddCaptureSource(_ => source, isLive: false).UseStore(_ => store);
        using IHost host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<PipelineRun>().Completion;
        Assert.Equal(new BatchId(new("amsterdam-1"), 17_676_036_000_000_000, 1), await store.GetLastBatchAsync(new("amsterdam-1")));
    }

    [Fact]
    public async Task A_program_without_a_host_runs_it_itself()
    {
        ServiceCollection services = new();
        AddSample(services).UseMemoryStore();
        await using ServiceProvider provider = services.BuildServiceProvider();
        PipelineRun run = provider.GetRequiredService<PipelineRun>();
        Assert.Null(run.GetReport());
        PipelineReport report = await run.RunAsync();
        Assert.True(report.IsComplete);
        Assert.Same(report, await run.Completion);
        await Assert.ThrowsAsync<InvalidOperationException>(() => run.RunAsync());
    }

    [Fact]
    public async Task A_host_without_sources_serves_questions()
    {
        HostApplicationBuilder builder = CreateBuilder();
        builder.Services.AddPassiveDns().UseMemoryStore();
        using IHost host = builder.Build();
        await host.StartAsync();
        Assert.True((await host.Services.GetRequiredService<PipelineRun>().Completion).IsComplete);
        Assert.Empty(await Sample.ReadAllAsync(host.Services.GetRequiredService<IObservationReader>()));
    }

    [Fact]
    public async Task A_store_that_cannot_be_opened_fails_the_start()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("store", "no directory");
        HostApplicationBuilder builder = CreateBuilder();
        AddSample(builder.Services).UseEmbeddedStore(file);
        using IHost host = builder.Build();
        ObservationStoreException e = await Assert.ThrowsAsync<ObservationStoreException>(() => host.StartAsync());
        Assert.Contains(file, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_behind_which_a_store_goes_on_is_logged()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.FullPath, "store");
        for (ulong batch = 1; batch <= 4; batch++)
        {
            byte[] history = new byte[SightingCodec.MaxSingleLength];
            int length = SightingCodec.Encode(new Sighting((long)batch, (long)batch, 1, 300, 300), 1, history);
            ObservationRows rows = new();
            rows.Add(new()
            {
                RrName = DomainName.Parse("example.com").Wire,
                Type = RecordType.A,
                BailiwickLabels = 2,
                Provenance = Provenance.VerifiedTraffic,
                Rdata = new([0, 4, 192, 0, 2, 1]),
                History = history.AsSpan(0, length),
            });
            await using (EmbeddedObservationStore filling = EmbeddedObservationStore.Open(path)) await filling.WriteAsync(new(new(new("test"), 1, batch), rows));
            if (batch > 1) continue;
            string table = Assert.Single(Directory.GetFiles(path, "*.table"));
            byte[] octets = await File.ReadAllBytesAsync(table, TestContext.Current.CancellationToken);
            octets[20] ^= 1; // in its first block, which only a merge reads
            await File.WriteAllBytesAsync(table, octets, TestContext.Current.CancellationToken);
        }

        LogLines lines = new();
        HostApplicationBuilder builder = CreateBuilder();
        builder.Logging.AddProvider(lines);
        builder.Services.AddPassiveDns().AddCaptureSource(_ => new ListedSource([]), isLive: false).UseEmbeddedStore(path);
        using IHost host = builder.Build();
        await host.StartAsync();
        string? damage = null;
        for (int tries = 0; damage is null && tries < 600; tries++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken); // the merge begins by itself
            lock (lines.Written) damage = lines.Written.Find(line => line.StartsWith("PassiveDns.Storage Error", StringComparison.Ordinal));
        }

        Assert.Contains(".table is damaged at offset ", damage, StringComparison.Ordinal);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_failure_reaches_who_awaits_the_end()
    {
        HostApplicationBuilder builder = CreateBuilder();
        builder.Services.Configure<HostOptions>(o => o.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore);
        builder.Services.AddPassiveDns().AddCaptureSource(_ => new ListedSource([], new IOException("test: gone")), isLive: false).UseMemoryStore();
        using IHost host = builder.Build();
        await host.StartAsync();
        IOException e = await Assert.ThrowsAsync<IOException>(() => host.Services.GetRequiredService<PipelineRun>().Completion.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("test: gone", e.Message);
    }

    [Fact]
    public async Task The_log_tells_the_account_and_no_name_or_address()
    {
        LogLines lines = new();
        HostApplicationBuilder builder = CreateBuilder();
        builder.Logging.AddProvider(lines).SetMinimumLevel(LogLevel.Trace);
        AddSample(builder.Services).UseMemoryStore();
        using IHost host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<PipelineRun>().Completion;
        await host.StopAsync();

        List<string> ours = [.. lines.Written.Where(line => line.StartsWith("PassiveDns.", StringComparison.Ordinal))];
        Assert.Contains(ours, line => line.Contains("1439 packets, 462 responses observed", StringComparison.Ordinal));
        Assert.Contains(ours, line => line.Contains("Dropped 20 responses: rcode-refused", StringComparison.Ordinal));
        Assert.DoesNotContain(ours, line => line.Contains("example", StringComparison.Ordinal) || line.Contains("203.0.113", StringComparison.Ordinal)
            || line.Contains("10.53", StringComparison.Ordinal) || line.Contains("2001:db8", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_calls_describe_one_pipeline()
    {
        ServiceCollection services = new();
        services.AddPassiveDns(o => o.Sensor = "first").UseMemoryStore();
        int count = services.Count;
        services.AddPassiveDns(o => o.Window = TimeSpan.FromMinutes(5)).AddCaptureSource(_ => new ListedSource([]), isLive: false);
        using ServiceProvider provider = services.BuildServiceProvider();
        PassiveDnsOptions options = provider.GetRequiredService<IOptions<PassiveDnsOptions>>().Value;
        Assert.Equal(("first", TimeSpan.FromMinutes(5)), (options.Sensor, options.Window));
        Assert.Single(provider.GetServices<IHostedService>());
        Assert.True(services.Count <= count + 1);
    }

    private static HostApplicationBuilder CreateBuilder() => Host.CreateEmptyApplicationBuilder(new());

    private static PassiveDnsBuilder AddSample(IServiceCollection services) => services.AddPassiveDns(o =>
    {
        o.ResolversFile = Sample.Resolvers;
        o.RootHintsFile = Sample.RootHintsFile;
        o.Sensor = Sample.Sensor.Value;
    }).AddPcapFile(Sample.Capture);

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        private string _category = "";

        public List<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => new LogLines(Written) { _category = categoryName };

        public LogLines()
        {
        }

        private LogLines(List<string> written) => Written = written;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Written) Written.Add($"{_category} {logLevel} {eventId.Id} {formatter(state, exception)}");
        }

        public void Dispose()
        {
        }
    }
}
