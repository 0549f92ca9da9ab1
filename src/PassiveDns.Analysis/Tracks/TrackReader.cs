using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Reads the tracks of one name after the other.</summary>
internal sealed class TrackReader(EvidenceReader evidence, TimeWindow window, long gapSeconds, NegativeTable? negatives = null)
{
    /// <summary>Reads the tracks of a name.</summary>
    /// <param name="name">The owner.</param>
    /// <param name="types">The types wanted.</param>
    /// <param name="within">The time that counts, within the window.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<ImmutableArray<RrsetTrack>> ReadAsync(DomainName name, TypeSelection types, Presence within, CancellationToken cancellationToken)
    {
        TrackRows rows = new(gapSeconds, negatives);
        ObservationQuery query = new(new QueryAnchor.OwnerName(name)) { Types = types, Time = window.Filter };
        await foreach (Observation row in evidence.ReadAsync(query, cancellationToken).ConfigureAwait(false)) rows.Add(row);
        return rows.ToTracks(within);
    }
}
