using System.Net;

namespace PassiveDns.Capture;

/// <summary>From where the traffic is seen: which addresses are the resolvers whose questions to authoritative servers may be observed.</summary>
public sealed class VantageOptions
{
    /// <summary>
    /// The addresses from which the resolvers ask authoritative servers. Only traffic between one of these and port 53 of another host passes.
    /// Empty: a file reader infers the direction from queries without RD to port 53; a live source refuses to start.
    /// </summary>
    public IList<IPNetwork> Resolvers { get; } = [];

    /// <summary>How long a query waits for its response, in the time of the data. Default 60 seconds.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The most queries that wait at one time; the oldest leaves first. Default 131,072.</summary>
    public int MaxOutstandingQueries { get; set; } = 131_072;

    /// <summary>
    /// How long an accepted response is held back, in the time of the data, to see whether a different one answers the same query too (a spoofing
    /// race): then both are contested and neither is observed. Default 5 seconds.
    /// </summary>
    public TimeSpan ContestWindow { get; set; } = TimeSpan.FromSeconds(5);
}
