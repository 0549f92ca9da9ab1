using PassiveDns.Storage;

namespace PassiveDns.Events;

/// <summary>How an <see cref="ObservationFeed"/> judges what is new.</summary>
public sealed record FeedOptions
{
    /// <summary>
    /// Rows of which provenance count, both as events and as what the store knows already. Default <see cref="ProvenanceSelection.Trusted"/>: a forged answer is
    /// no news, and must not make the true one look old.
    /// </summary>
    public ProvenanceSelection Provenance { get; init; } = ProvenanceSelection.Trusted;

    /// <summary>Rows of which types count, in the same way. Default: all but those of DNSSEC, whose signatures are new with every signing.</summary>
    public TypeSelection Types { get; init; } = TypeSelection.Any;

    /// <summary>Under which names the public registers domains. Default none: then the registrable domain is the last two labels.</summary>
    public PublicSuffixList PublicSuffixes { get; init; } = PublicSuffixList.Empty;

    /// <summary>
    /// The most rows of one name and type that are read to decide whether a set is new, 1 or more. Default 20,000. A name with more of them is undecided: no new
    /// record and no new RRset is told of it, and <see cref="FeedReport.Undecided"/> counts it.
    /// </summary>
    public int MaxRowsRead { get; init; } = 20_000;
}
