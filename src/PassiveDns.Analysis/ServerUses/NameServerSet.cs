using System.Collections.Immutable;
using System.Security.Cryptography;

namespace PassiveDns.Analysis;

/// <summary>The servers of a zone taken together, which say more than each of them: customers of one hoster have the same set, and few others do.</summary>
public sealed class NameServerSet : IEquatable<NameServerSet>
{
    private NameServerSet(ImmutableArray<DomainName> servers) => Servers = servers;

    /// <summary>The servers, in canonical order, each once.</summary>
    public ImmutableArray<DomainName> Servers { get; }

    /// <summary>SHA-256 over the servers' names in canonical order and wire form, in hexadecimal: the same for the same set, wherever it was seen.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData([.. Servers.SelectMany(static server => server.Wire.ToArray())]));

    /// <summary>Takes the servers of an NS row.</summary>
    /// <exception cref="ArgumentException">The row is no NS RRset.</exception>
    public static NameServerSet Of(Observation row)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (row.Type != RecordType.NS) throw new ArgumentException("Only an NS RRset is a set of name servers.", nameof(row));
        SortedSet<DomainName> servers = [];
        foreach (Rdata rdata in row.Rdata)
        {
            if (DomainName.TryFromWire(rdata.Canonical, out DomainName server)) servers.Add(server);
        }

        return new([.. servers]);
    }

    /// <inheritdoc/>
    public bool Equals(NameServerSet? other) => other is not null && Servers.AsSpan().SequenceEqual(other.Servers.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NameServerSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (DomainName server in Servers) hash.Add(server);
        return hash.ToHashCode();
    }
}
