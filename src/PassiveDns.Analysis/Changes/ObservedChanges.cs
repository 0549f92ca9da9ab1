using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>What changed in a window, such as that of an intrusion.</summary>
/// <param name="reader">The store.</param>
/// <param name="options">What all analyses share.</param>
public sealed class ObservedChanges(IObservationReader reader, AnalysisOptions? options = null)
{
    private readonly AnalysisOptions _options = options ?? new();

    /// <summary>Finds the changes name by name in canonical order (a watch list in its own; those of DNSSEC types behind the others), those of one name track by track and in the order of time.</summary>
    /// <param name="query">The question. Over <see cref="ChangeScope.Everything"/> the store's index of changes is asked for the names, so a change counts if the last of the old or the first of the new was seen in the window.</param>
    /// <exception cref="ArgumentException">The range, the window or a bound is none.</exception>
    public AnswerStream<ObservedChange> Find(ChangeQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Validate();
        return new(() => new(reader, _options), (evidence, cancellationToken) => WalkAsync(query, evidence, cancellationToken));
    }

    private async IAsyncEnumerable<ObservedChange> WalkAsync(ChangeQuery query, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreStatus status = await reader.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        if (status.FirstSeen is not { } first || status.LastSeen is not { } last) yield break;
        long gap = (long)status.IntervalGap.TotalSeconds;
        TrackChanges finder = new(query, _options, gap, new(first, last));
        GlueZones glue = new(evidence);
        await foreach (List<Observation> rows in new ScopeRows(query, evidence, _options.Negatives).ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            TrackRows named = new(gap, _options.Negatives);
            foreach (Observation row in rows) named.Add(row);
            ImmutableArray<RrsetTrack> tracks = named.ToTracks(Presence.Always);
            RrsetTrack? newest = tracks.MinBy(FirstSeen);
            foreach (RrsetTrack track in tracks)
            {
                List<ObservedChange> changes = finder.Find(track, isNewName: ReferenceEquals(track, newest) && !track.Type.IsDnssec());
                changes.RemoveAll(change => !Touches(query.Scope, change));
                foreach (ObservedChange change in query.FoldNoise ? NoiseFolding.Fold(changes) : changes)
                {
                    bool isGlue = change.Type is RecordType.A or RecordType.AAAA && change.Kind is ChangeKind.Added or ChangeKind.Removed or ChangeKind.Replaced or ChangeKind.Reverted
                        && await glue.IsGlueAsync(change.Name, change.Zone, cancellationToken).ConfigureAwait(false);
                    yield return isGlue ? change with { Kind = ChangeKind.GlueChanged } : change;
                }
            }
        }
    }

    // What was denied before it came does not make a name old.
    private static long FirstSeen(RrsetTrack track) => track.States.Where(static state => !state.IsAbsence).Min(static state => state.Presence.First);

    private static bool Touches(ChangeScope scope, ObservedChange change) => scope switch
    {
        ChangeScope.Addresses range => Moves(change, value => RecordData.TryGetAddress(value.Type, value.Canonical, out HostAddress address) && address >= range.First && address <= range.Last),
        ChangeScope.Server server => Moves(change, value => IsServer(value, server.Host)),
        _ => true,
    };

    private static bool Moves(ObservedChange change, Func<Rdata, bool> isMeant)
    {
        ImmutableArray<Rdata> before = change.Before?.Values ?? [], after = change.After?.Values ?? [];
        return before.Any(value => isMeant(value) && !after.Contains(value)) || after.Any(value => isMeant(value) && (!before.Contains(value) || change.Effect == ChangeEffect.TimeToLive));
    }

    private static bool IsServer(Rdata value, DomainName server)
    {
        if (value.Type is not (RecordType.NS or RecordType.MX)) return false;
        Span<byte> folded = stackalloc byte[DomainName.MaxWireLength];
        return RecordData.TryGetTarget(value.Type, value.Canonical, folded, out ReadOnlySpan<byte> target) && target.SequenceEqual(server.Wire);
    }
}
