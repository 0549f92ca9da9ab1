using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Storage.Privacy;
using PassiveDns.Storage.Spooling;

namespace PassiveDns;

/// <summary>Makes what a pipeline is built of from <see cref="PassiveDnsOptions"/>.</summary>
internal static class PipelineParts
{
    /// <summary>The vantage with all resolvers in it, however they were written down. For the one call that makes the singleton.</summary>
    internal static VantageOptions Vantage(PassiveDnsOptions options)
    {
        IEnumerable<IPNetwork> written = options.Resolvers
            .Select(ResolverList.Parse)
            .Concat(options.ResolversFile is { } path ? ResolverList.Load(path) : []);
        foreach (IPNetwork network in written)
        {
            if (!options.Vantage.Resolvers.Contains(network)) options.Vantage.Resolvers.Add(network);
        }

        return options.Vantage;
    }

    /// <summary>The probes of <c>AddProbing()</c>, from the same root as verification unless they have one of their own.</summary>
    internal static ICaptureSource Probes(IServiceProvider services)
    {
        ProbeOptions options = services.GetRequiredService<IOptions<ProbeOptions>>().Value;
        if (options.RootServers.Count == 0)
        {
            RootHints hints = Aggregation(services.GetRequiredService<IOptions<PassiveDnsOptions>>().Value).RootHints;
            foreach (HostAddress address in hints.RootServers) options.RootServers.Add(address);
        }

        return new ProbeSource(options, services.GetRequiredService<TimeProvider>());
    }

    internal static AggregationOptions Aggregation(PassiveDnsOptions options) => new()
    {
        Sensor = new(options.Sensor),
        Window = options.Window,
        MemoryBudget = options.MemoryBudget,
        KeepUnverified = options.KeepUnverified,
        FloodGuard = Floods(options),
        MaxSetsPerDay = options.MaxSetsPerDay,
        StrictCompression = options.StrictCompression,
        Delegations = DelegationFile.IsThere(options) ? DelegationFile.Load(options.DelegationsFile!) : DelegationSnapshot.Empty,
        RootHints = options.RootHintsFile is { } path ? RootHints.Load(path) : RootHints.Default,
    };

    /// <summary>The thresholds of the flood guard, or <c>null</c> if nothing shall be folded.</summary>
    internal static FloodGuardOptions? Floods(PassiveDnsOptions options)
    {
        if (!options.FoldFloods) return null;
        FloodGuardOptions floods = new() { NamesWithSameData = options.FloodNamesWithSameData, Names = options.FloodNames };
        return floods with { Exempt = [.. floods.Exempt, .. options.NeverFold.Select(DomainName.Parse)] };
    }

    /// <summary>What others may see of the store.</summary>
    internal static IObservationReader Reader(IServiceProvider services)
    {
        IObservationStore store = services.GetRequiredService<IObservationStore>();
        return services.GetRequiredService<IOptions<PassiveDnsOptions>>().Value.Publication is { } publication ? new PublicationView(store, publication) : store;
    }

    /// <summary>How the pipeline delivers.</summary>
    internal static PipelineOptions Pipeline(PassiveDnsOptions options, PassiveDnsSetup setup, BatchSpool? spool, IObservationStore? chaff, TimeProvider time) => new()
    {
        DrainOnStop = !setup.IsImport,
        ReadConcurrently = setup.ReadsTogether,
        Spool = spool,
        Quarantine = options.QuarantineDirectory is { } quarantine ? new(quarantine) : null,
        ClockBounds = new() { MaxAhead = options.MaxClockAhead, MaxAge = setup.HasLiveSource ? options.MaxAge : null },
        Redaction = options.Redaction is { } redaction ? new(redaction) : null,
        DrainTime = options.DrainTime,
        ChaffStore = chaff,
        SaveDelegations = options is { KeepDelegations: true, DelegationsFile: { } learnt } && !setup.IsImport ? snapshot => DelegationFile.SaveAsync(snapshot, learnt) : null,
        TimeProvider = time,
    };

    /// <summary>Opens the spool, if there is to be one; the caller disposes it.</summary>
    internal static BatchSpool? OpenSpool(PassiveDnsOptions options) => options.SpoolDirectory is { } directory
        ? BatchSpool.Open(new() { Directory = directory, MaxBytes = options.SpoolMaxBytes, WhenFull = options.SpoolWhenFull })
        : null;
}
