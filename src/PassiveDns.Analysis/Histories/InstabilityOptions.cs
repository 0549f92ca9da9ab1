namespace PassiveDns.Analysis;

/// <summary>The weights and bounds of <see cref="Instability"/>. Those that no publication gives are judgement, not measurement: fit them to your data.</summary>
public sealed record InstabilityOptions
{
    /// <summary>The prefix length that stands for a network of IPv4 addresses, 8 to 32. Default 24.</summary>
    public int PrefixLength4 { get; init; } = 24;

    /// <summary>The prefix length that stands for a network of IPv6 addresses, 16 to 128. Default 48.</summary>
    public int PrefixLength6 { get; init; } = 48;

    /// <summary>After how long a change of addresses or aliases counts half, above zero. Default 30 days; judgement.</summary>
    public TimeSpan AddressHalfLife { get; init; } = TimeSpan.FromDays(30);

    /// <summary>After how long a change of name servers counts half, above zero. Default 90 days; judgement.</summary>
    public TimeSpan NameServerHalfLife { get; init; } = TimeSpan.FromDays(90);

    /// <summary>What an address weighs in the flux score. Default 1.32 (Holz et al., NDSS 2008).</summary>
    public double FluxAddressWeight { get; init; } = 1.32;

    /// <summary>What an autonomous system weighs in the flux score. Default 18.54 (Holz et al., NDSS 2008).</summary>
    public double FluxNetworkWeight { get; init; } = 18.54;

    /// <summary>What a name server weighs in the flux score. Default 0 (Holz et al., NDSS 2008).</summary>
    public double FluxServerWeight { get; init; }

    /// <summary>The flux score above which the method speaks of flux. Default 142.38 (Holz et al., NDSS 2008).</summary>
    public double FluxThreshold { get; init; } = 142.38;

    /// <summary>
    /// Over how many TTLs addresses are counted for the flux score, above 0. Default 2: the method compares two look-ups one TTL apart. Over its whole life every old name would
    /// score as flux.
    /// </summary>
    public double FluxTimesToLive { get; init; } = 2;

    /// <summary>The longest time over which they are counted, above zero. Default 24 hours.</summary>
    public TimeSpan FluxMaxTime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>From how many sightings of an address in different sets on, on average, the addresses are a pool that comes back. Default 3; judgement.</summary>
    public double PoolMinReuse { get; init; } = 3;

    /// <summary>From how many changes on hosting may be called dynamic DNS. Default 4; judgement.</summary>
    public int DynamicMinChanges { get; init; } = 4;

    /// <summary>Up to which TTL hosting may be called dynamic DNS, in seconds. Default 600; judgement.</summary>
    public uint DynamicMaxTimeToLive { get; init; } = 600;

    /// <summary>How many addresses, those seen last, are asked for how widely they are used, 0 to 1,000. Default 4; each costs a look-up.</summary>
    public int DegreeSamples { get; init; } = 4;

    /// <summary>The most rows that are read to tell how widely an address is used, 1 or more. Default 5,000.</summary>
    public int DegreeMaxRows { get; init; } = 5000;

    internal void Validate()
    {
        Check(PrefixLength4 is >= 8 and <= 32, nameof(PrefixLength4), "8 to 32");
        Check(PrefixLength6 is >= 16 and <= 128, nameof(PrefixLength6), "16 to 128");
        Check(AddressHalfLife > TimeSpan.Zero, nameof(AddressHalfLife), "more than zero");
        Check(NameServerHalfLife > TimeSpan.Zero, nameof(NameServerHalfLife), "more than zero");
        Check(FluxTimesToLive > 0, nameof(FluxTimesToLive), "more than 0");
        Check(FluxMaxTime > TimeSpan.Zero, nameof(FluxMaxTime), "more than zero");
        Check(DegreeSamples is >= 0 and <= 1000, nameof(DegreeSamples), "0 to 1,000");
        Check(DegreeMaxRows >= 1, nameof(DegreeMaxRows), "1 or more");
    }

    private static void Check(bool isRight, string option, string range)
    {
        if (!isRight) throw new ArgumentException($"{option} is out of range: give {range}.");
    }
}
