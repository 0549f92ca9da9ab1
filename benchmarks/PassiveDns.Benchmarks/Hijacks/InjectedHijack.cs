namespace PassiveDns.Benchmarks.Hijacks;

/// <summary>A hijack that was put into a clean history.</summary>
internal sealed record InjectedHijack(DomainName Domain, bool IsDelegation, long From, long To)
{
    /// <summary>How many responses showed it to the sensor; what was not seen cannot be found.</summary>
    public int Sightings { get; set; }
}
