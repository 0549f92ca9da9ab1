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

    /// <summary>
    /// Octets for responses that are held back, 262,144 to 2^30. When they are used up, the oldest is released early and counted. Default 16 MiB.
    /// </summary>
    public int MaxHeldOctets { get; set; } = 16 << 20;

    /// <summary>
    /// Whether a response whose UDP checksum is wrong is dropped, as the resolver's host does. Default <c>true</c>. Switch it off for captures taken
    /// on the answering server's own host, where the interface computes the checksums of outgoing packets after they were captured.
    /// </summary>
    public bool VerifyUdpChecksums { get; set; } = true;

    /// <summary>What of dnstap may be observed; for dnstap sources only.</summary>
    public DnstapOptions Dnstap { get; } = new();

    /// <summary>Checks every limit. A source does so when it is made.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names the option and the mend.</exception>
    public void Validate()
    {
        Dnstap.Validate();
        if (QueryTimeout <= TimeSpan.Zero || QueryTimeout > TimeSpan.FromHours(1))
            throw new ArgumentException("Vantage.QueryTimeout is out of range: give a time above zero and up to 01:00:00, such as 00:01:00.");
        if (ContestWindow < TimeSpan.Zero || ContestWindow > QueryTimeout)
            throw new ArgumentException("Vantage.ContestWindow is out of range: give 00:00:00 to switch it off, or a time up to Vantage.QueryTimeout, such as 00:00:05.");
        if (MaxOutstandingQueries is < 1 or > 1 << 24)
            throw new ArgumentException("Vantage.MaxOutstandingQueries is out of range: give 1 to 16777216, such as 131072.");
        if (MaxHeldOctets is < 262_144 or > 1 << 30)
            throw new ArgumentException("Vantage.MaxHeldOctets is out of range: give 262144 to 1073741824, such as 16777216.");
    }
}
