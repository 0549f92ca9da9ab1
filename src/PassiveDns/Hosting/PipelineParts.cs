using System.Net;
using PassiveDns.Aggregation;
using PassiveDns.Capture;
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

    internal static AggregationOptions Aggregation(PassiveDnsOptions options) => new()
    {
        Sensor = new(options.Sensor),
        Window = options.Window,
        MemoryBudget = options.MemoryBudget,
        KeepUnverified = options.KeepUnverified,
        RootHints = options.RootHintsFile is { } path ? RootHints.Load(path) : RootHints.Default,
    };

    /// <summary>Opens the spool, if there is to be one; the caller disposes it.</summary>
    internal static BatchSpool? OpenSpool(PassiveDnsOptions options) => options.SpoolDirectory is { } directory
        ? BatchSpool.Open(new() { Directory = directory, MaxBytes = options.SpoolMaxBytes, WhenFull = options.SpoolWhenFull })
        : null;
}
