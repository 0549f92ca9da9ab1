using System.Net;
using PassiveDns.Aggregation;
using PassiveDns.Capture;

namespace PassiveDns;

/// <summary>Makes what a pipeline is built of from <see cref="PassiveDnsOptions"/>.</summary>
internal static class PipelineParts
{
    internal static VantageOptions Vantage(PassiveDnsOptions options)
    {
        VantageOptions vantage = new()
        {
            QueryTimeout = options.Vantage.QueryTimeout,
            MaxOutstandingQueries = options.Vantage.MaxOutstandingQueries,
            ContestWindow = options.Vantage.ContestWindow,
        };
        IEnumerable<IPNetwork> resolvers = options.Vantage.Resolvers
            .Concat(options.Resolvers.Select(text => ResolverList.TryParse(text, out IPNetwork network) ? network : throw new FormatException(ResolverList.Problem(text))))
            .Concat(options.ResolversFile is { } path ? ResolverList.Load(path) : []);
        foreach (IPNetwork network in resolvers.Distinct()) vantage.Resolvers.Add(network);
        return vantage;
    }

    internal static AggregationOptions Aggregation(PassiveDnsOptions options) => new()
    {
        Sensor = new(options.Sensor),
        Window = options.Window,
        MemoryBudget = options.MemoryBudget,
        KeepUnverified = options.KeepUnverified,
        RootHints = options.RootHintsFile is { } path ? RootHints.Load(path) : RootHints.Default,
    };
}
