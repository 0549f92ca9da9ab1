using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>How much two names have to do with each other, judged by the addresses that they had at the same time.</summary>
public sealed record Relatedness
{
    /// <summary>The other name.</summary>
    public required DomainName Name { get; init; }

    /// <summary>
    /// Adamic-Adar, weighted by time: the sum over shared addresses of the days together divided by ln(1 + df), df being the registrable domains at the address
    /// (Adamic and Adar, Social Networks 25, 2003). At least 0; an address with one domain only counts with df = 2, so that no divisor is under ln 3.
    /// </summary>
    public required double AdamicAdar { get; init; }

    /// <summary>Shared addresses divided by all addresses of both, 0 to 1.</summary>
    public required double Jaccard { get; init; }

    /// <summary>The addresses that they shared, with the days together and how widely each is used: a content network among them links nobody.</summary>
    public required IReadOnlyList<SharedAddress> Shared { get; init; }

    /// <summary>The rows behind it: the address records of both names that hold a shared address, those of the name that was asked about first.</summary>
    public ImmutableArray<Observation> Evidence { get; init; } = [];
}
