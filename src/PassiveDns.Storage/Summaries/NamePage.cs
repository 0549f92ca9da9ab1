namespace PassiveDns.Storage;

/// <summary>Some names of an answer, and how far it has come.</summary>
public sealed class NamePage
{
    /// <summary>The owner names, in canonical order, each once. They may be kept.</summary>
    public required IReadOnlyList<DomainName> Names { get; init; }

    /// <summary><c>null</c> while more pages follow; on the last page whether these are all names.</summary>
    public Completeness? Completeness { get; init; }

    /// <summary>On a last page that is <see cref="Storage.Completeness.Truncated"/>: what to put into <see cref="ObservationQuery.Continuation"/> to go on.</summary>
    public string? Continuation { get; init; }
}
