using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>A name that uses a server, as one side says it.</summary>
public sealed record ServerUse
{
    /// <summary>The zone, or the name that receives mail.</summary>
    public required DomainName Name { get; init; }

    /// <summary>Its registrable domain.</summary>
    public required DomainName RegistrableDomain { get; init; }

    /// <summary>The server.</summary>
    public required DomainName Server { get; init; }

    /// <summary>What the server does.</summary>
    public required ServerRole Role { get; init; }

    /// <summary>Who says so.</summary>
    public required UseSide Side { get; init; }

    /// <summary>When, within the window.</summary>
    public required Presence Presence { get; init; }

    /// <summary>How many responses said so.</summary>
    public required long Count { get; init; }

    /// <summary>Of mail servers: the lowest preference (RFC 1035 section 3.3.9); else <c>null</c>.</summary>
    public int? Preference { get; init; }

    /// <summary>The address through which the server was found, in answers to questions for addresses; else <c>null</c>.</summary>
    public HostAddress? ServerAddress { get; init; }

    /// <summary>The rows behind it.</summary>
    public required ImmutableArray<Observation> Evidence { get; init; }
}
