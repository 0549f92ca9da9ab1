using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>
/// What was hijacked: names and zones that led elsewhere for a while, aliases whose targets were taken over, delegations that invite it. Suspects are ranked, with
/// every term of their score; none is a verdict.
/// </summary>
/// <remarks>
/// The store is read once in the order of names, and only the rows of one name, some deviations of its registrable domain and the candidates are kept. Then the
/// infrastructure of each candidate is looked up: who else used it, since when, and whether others were led there for a while, too. After Houser et al. (SRDS
/// 2021) and Akiwate et al. (IMC 2022); the formulas stand at <see cref="HijackIndicatorKind"/>.
/// </remarks>
/// <param name="reader">The store.</param>
/// <param name="options">What all analyses share.</param>
/// <param name="hijack">What counts as a deviation, and the weights.</param>
public sealed class Hijacks(IObservationReader reader, AnalysisOptions? options = null, HijackOptions? hijack = null)
{
    private static readonly TypeSelection s_types = TypeSelection.Of(
        RecordType.NS, RecordType.A, RecordType.AAAA, RecordType.CNAME, RecordType.MX, RecordType.DS, RecordType.SOA);

    private readonly AnalysisOptions _options = options ?? new();
    private readonly HijackOptions _hijack = hijack ?? new();

    /// <summary>Finds the suspects, the highest score first.</summary>
    /// <param name="query">The question.</param>
    /// <exception cref="ArgumentException">The window is none, or a bound is under 1.</exception>
    public AnswerStream<HijackSuspect> Find(HijackQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Validate();
        _hijack.Validate();
        return new(() => new(reader, _options), (evidence, cancellationToken) => WalkAsync(query, evidence, cancellationToken));
    }

    private async IAsyncEnumerable<HijackSuspect> WalkAsync(HijackQuery query, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreStatus status = await reader.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        long gap = (long)status.IntervalGap.TotalSeconds;
        Candidates candidates = new(_hijack.MaxCandidates);
        await CollectAsync(query, evidence, candidates, gap, status.LastSeen ?? 0, cancellationToken).ConfigureAwait(false);
        if (candidates.IsCut) evidence.Note(Completeness.Truncated);

        InfrastructureReader infrastructure = new(evidence, _options, _hijack);
        SuspectJudge judge = new(infrastructure, new(infrastructure, _options, _hijack, status.LastSeen), _options, _hijack);
        Strongest<HijackSuspect> suspects = new(query.Most);
        foreach (Incident incident in candidates.Incidents.Kept) Keep(await judge.JudgeAsync(incident, cancellationToken).ConfigureAwait(false));
        foreach (ReleasedTarget released in candidates.Released.Kept)
        {
            await foreach (HijackSuspect suspect in judge.JudgeAsync(released, cancellationToken).ConfigureAwait(false)) Keep(suspect);
        }

        foreach (LameZone zone in candidates.Lame.Kept) Keep(await judge.JudgeAsync(zone, cancellationToken).ConfigureAwait(false));
        foreach (HijackSuspect suspect in suspects.Kept.OrderByDescending(static s => s.Score).ThenBy(static s => s.Name).ThenBy(static s => s.Interval.FirstSeen).ThenBy(static s => s.Kind)) yield return suspect;

        void Keep(HijackSuspect suspect) => suspects.Add(suspect, suspect.Score);
    }

    private async ValueTask CollectAsync(HijackQuery query, EvidenceReader evidence, Candidates candidates, long gap, long asOf, CancellationToken cancellationToken)
    {
        ObservationQuery rows = new(query.Under is { } zone ? new QueryAnchor.Subtree(zone) : new QueryAnchor.Everything()) { Types = s_types };
        DomainRecords? domain = null;
        await foreach (Observation row in evidence.ReadAsync(rows, cancellationToken).ConfigureAwait(false))
        {
            // Summaries are no answers: a union of sets departs from everything, and a wildcard is no name.
            if (row.History.Folding != SightingFolding.None) continue;
            if (domain is null || !row.RrName.IsAtOrUnder(domain.Domain) || _options.RegistrableDomain(row.RrName) != domain.Domain)
            {
                if (domain is not null) Close(domain);
                domain = new(_options.RegistrableDomain(row.RrName), query, _options, _hijack, gap, asOf);
            }

            domain.Add(row);
        }

        if (domain is not null) Close(domain);

        void Close(DomainRecords records)
        {
            foreach (Incident incident in records.Close()) candidates.Incidents.Add(incident, incident.Indicators(_hijack).Sum(static indicator => indicator.Contribution));
            foreach (ReleasedTarget released in records.Released) candidates.Released.Add(released, released.Dangling);
            foreach (LameZone lame in records.Lame) candidates.Lame.Add(lame, lame.Referrals);
        }
    }

    private sealed class Candidates(int most)
    {
        public Strongest<Incident> Incidents { get; } = new(most);

        public Strongest<ReleasedTarget> Released { get; } = new(most);

        public Strongest<LameZone> Lame { get; } = new(most);

        public bool IsCut => Incidents.IsCut || Released.IsCut || Lame.IsCut;
    }
}
