using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>An address at which a name was hosted.</summary>
public sealed record HostedAddress
{
    /// <summary>The address.</summary>
    public required HostAddress Address { get; init; }

    /// <summary>The /24 or /48 that holds it (<see cref="InstabilityOptions.PrefixLength4"/>, <see cref="InstabilityOptions.PrefixLength6"/>).</summary>
    public required AddressPrefix Prefix { get; init; }

    /// <summary>When the name had it, by whichever way.</summary>
    public required Presence Presence { get; init; }

    /// <summary>What was known of it as of the beginning and the end of each stretch, equal neighbours once; empty if nothing is known.</summary>
    public required ImmutableArray<DatedAddressFacts> Facts { get; init; }
}
