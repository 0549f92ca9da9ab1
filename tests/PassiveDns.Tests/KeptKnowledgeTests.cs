using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

/// <summary>What a sensor keeps beside its observations: what it has learnt of zones, and what it rejected.</summary>
public sealed class KeptKnowledgeTests
{
    [Fact]
    public async Task A_restarted_sensor_knows_what_it_has_learnt()
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.FullPath, "delegations");
        PipelineReport cold = await RunAsync(o => (o.DelegationsFile, o.KeepDelegations) = (file, true));
        using (FileStream learnt = File.OpenRead(file)) Assert.InRange(DelegationSnapshot.Load(learnt).ZoneCount, 3, 1000);
        Assert.False(File.Exists(file + ".part"));

        // The second half of the capture alone: its delegations were seen in the first one.
        PipelineReport warm = await RunAsync(o => (o.DelegationsFile, o.KeepDelegations) = (file, true), skip: 300);
        PipelineReport again = await RunAsync(_ => { }, skip: 300);
        Assert.InRange(warm.Aggregation.VerifiedShare, again.Aggregation.VerifiedShare + 0.01, 1);
        Assert.True(cold.Aggregation.Verified > 0);
    }

    [Fact]
    public async Task A_damaged_or_missing_file_fails_the_start_and_an_import_leaves_it_as_it_is()
    {
        using TemporaryFolder folder = new();
        string damaged = folder.Write("damaged", [1, 2, 3]), missing = Path.Combine(folder.FullPath, "missing");
        await Assert.ThrowsAsync<OptionsValidationException>(() => RunAsync(o => (o.DelegationsFile, o.KeepDelegations) = (damaged, true)));
        await Assert.ThrowsAsync<OptionsValidationException>(() => RunAsync(o => o.DelegationsFile = missing));
        await Assert.ThrowsAsync<OptionsValidationException>(() => RunAsync(o => o.KeepDelegations = true));

        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddPassiveDns(o => (o.ResolversFile, o.RootHintsFile, o.DelegationsFile, o.KeepDelegations) = (Sample.Resolvers, Sample.RootHintsFile, missing, true))
            .AddPcapFile(Sample.Capture).UseMemoryStore();
        using IHost host = builder.Build();
        await host.StartAsync();
        Assert.True((await host.Services.GetRequiredService<PipelineRun>().Completion).IsComplete);
        Assert.False(File.Exists(missing)); // its batch ids depend on what it started from
    }

    [Fact]
    public async Task What_is_rejected_goes_to_a_store_of_its_own_with_the_worst_servers_told()
    {
        MemoryObservationStore chaff = new(); // the host disposes it
        List<Observation> rejected = [];
        PipelineReport report = await RunAsync(_ => { }, skip: 300, chaff: chaff, afterwards: async () => rejected = await Sample.ReadAllAsync(chaff));
        Assert.NotEmpty(rejected);
        Assert.All(rejected, row => Assert.Equal(Provenance.Unverified, row.Provenance));
        Assert.Equal(report.Aggregation.ChaffRows, rejected.Count);
        Assert.NotEmpty(report.Aggregation.RejectedByServer);
    }

    [Fact]
    public void A_second_chaff_store_is_refused() => Assert.Throws<InvalidOperationException>(() =>
        new ServiceCollection().AddPassiveDns().UseChaffStore("a").UseChaffStore("b"));

    private static async Task<PipelineReport> RunAsync(Action<PassiveDnsOptions> configure, int skip = 0, IObservationStore? chaff = null, Func<Task>? afterwards = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        PassiveDnsBuilder passiveDns = builder.Services.AddPassiveDns(o =>
        {
            (o.ResolversFile, o.RootHintsFile) = (Sample.Resolvers, Sample.RootHintsFile);
            configure(o);
        }).AddCaptureSource(s => new LateSource(PcapFileSource.Open([Sample.Capture], s.GetRequiredService<VantageOptions>()), skip), isLive: false).UseMemoryStore();
        if (chaff is not null) passiveDns.UseChaffStore(_ => chaff);
        using IHost host = builder.Build();
        await host.StartAsync();
        PipelineReport report = await host.Services.GetRequiredService<PipelineRun>().Completion;
        if (chaff is not null) Assert.Same(chaff, host.Services.GetRequiredKeyedService<IObservationStore>(PassiveDnsBuilder.ChaffStore));
        if (afterwards is not null) await afterwards();
        return report;
    }

    /// <summary>A source that comes late: the first responses are missed.</summary>
    private sealed class LateSource(ICaptureSource inner, int missed) : ICaptureSource
    {
        private readonly MessageBatch _all = new();
        private int _seen;

        public string Name => inner.Name;

        public async ValueTask<bool> ReadAsync(MessageBatch batch, CancellationToken cancellationToken = default)
        {
            _all.Clear();
            bool isMore = await inner.ReadAsync(_all, cancellationToken);
            foreach (CapturedResponse response in _all)
            {
                if (_seen++ >= missed) Assert.True(batch.TryAdd(response));
            }

            return isMore;
        }

        public CaptureReport GetReport() => inner.GetReport();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
