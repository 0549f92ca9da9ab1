using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>A domain whose SPF record let an address send mail.</summary>
public sealed record SpfAuthorisation
{
    /// <summary>The domain.</summary>
    public required DomainName Name { get; init; }

    /// <summary>Its registrable domain.</summary>
    public required DomainName RegistrableDomain { get; init; }

    /// <summary>The terms that lead from its record to the mechanism that matches, in its own or in included records: at least one.</summary>
    public required ImmutableArray<SpfStep> Path { get; init; }

    /// <summary>The record that was in force.</summary>
    public required Publication<SpfRecord> Spf { get; init; }

    /// <summary>The rows behind it: of each record on the path, outermost first, and of the mail servers and addresses that the last term means.</summary>
    public required ImmutableArray<Observation> Evidence { get; init; }
}
