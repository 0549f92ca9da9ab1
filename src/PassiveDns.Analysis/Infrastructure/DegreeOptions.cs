namespace PassiveDns.Analysis;

/// <summary>Where the classes of <see cref="DegreeClass"/> begin. The defaults are judgement, not measurement: fit them to your data.</summary>
public sealed record DegreeOptions
{
    /// <summary>The most registrable domains of dedicated infrastructure. Default 10.</summary>
    public int DedicatedMax { get; init; } = 10;

    /// <summary>The most registrable domains of shared infrastructure; above it is mass hosting. Default 1,000.</summary>
    public int SharedMax { get; init; } = 1000;

    /// <summary>How many registrable domains the idf of <see cref="Degree"/> is reckoned against, or <c>null</c> to count those of the answer. Default <c>null</c>.</summary>
    public long? Population { get; init; }

    /// <summary>The class of a number of registrable domains.</summary>
    public DegreeClass ClassOf(long registrableDomains) =>
        registrableDomains <= DedicatedMax ? DegreeClass.Dedicated : registrableDomains <= SharedMax ? DegreeClass.Shared : DegreeClass.Mass;
}
