using System.Net;

namespace PassiveDns.Analysis;

/// <summary>A question for the names that share an address or a range.</summary>
/// <param name="First">The lowest address.</param>
/// <param name="Last">The highest address; of the same family.</param>
public sealed record SharedAddressQuery(HostAddress First, HostAddress Last)
{
    /// <summary>The time that is meant. Names that had an address at some moment of it count. Default: always.</summary>
    public TimeWindow Window { get; init; } = TimeWindow.Always;

    /// <summary>Whether names count too that lead to a holder of the address by aliases (CNAME), while both were there. Default: yes, except through mass hosting.</summary>
    public bool IncludeAliases { get; init; } = true;

    /// <summary>
    /// Whether names count too whose HTTPS or SVCB records hint at an address (RFC 9460 section 7.3). Default: no, because all such rows of the store are read for it.
    /// </summary>
    public bool IncludeHints { get; init; }

    /// <summary>The most names kept for one address, 1 to 10,000,000; above it the address is marked cut and its degree is counted on. Default 100,000.</summary>
    public int MaxNamesPerAddress { get; init; } = 100_000;

    /// <summary>One address.</summary>
    public static SharedAddressQuery Of(HostAddress address) => new(address, address);

    /// <summary>A network.</summary>
    public static SharedAddressQuery Of(IPNetwork network)
    {
        HostAddress first = HostAddress.From(network.BaseAddress);
        return new(first, first.LastOf(network.PrefixLength));
    }

    internal void Validate()
    {
        if (First.IsIPv4 != Last.IsIPv4 || First > Last) throw new ArgumentException($"{First} to {Last} is no range: give two addresses of one family, the lower one first.");
        if (MaxNamesPerAddress is < 1 or > 10_000_000) throw new ArgumentException("MaxNamesPerAddress is out of range: give 1 to 10,000,000.");
        Window.Validate();
    }
}
