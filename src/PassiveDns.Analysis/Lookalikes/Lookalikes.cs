using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>What imitates a brand, among the names that were observed.</summary>
/// <param name="reader">The store.</param>
/// <param name="options">What all analyses share.</param>
/// <param name="rules">What look-alikes are judged by.</param>
public sealed class Lookalikes(IObservationReader reader, AnalysisOptions? options = null, LookalikeOptions? rules = null)
{
    private readonly AnalysisOptions _options = options ?? new();
    private readonly LookalikeOptions _rules = rules ?? new();

    /// <summary>Finds look-alikes from <see cref="LookalikeOptions.Threshold"/> on, the highest score first.</summary>
    /// <param name="query">The question.</param>
    /// <exception cref="ArgumentException">There is no brand, a brand is a public suffix, or the window is none.</exception>
    public AnswerStream<Lookalike> Find(LookalikeQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Window.Validate();
        LookalikeMatcher matcher = new(query.Brands, _rules, _options.PublicSuffixes);
        return new(() => new(reader, _options), (evidence, cancellationToken) => WalkAsync(query, matcher, evidence, cancellationToken));
    }

    /// <summary>
    /// Judges names while they come, as newly observed domains do: give it the domains of the events of an observation feed. A look-alike is told once its
    /// first records are in the store, so pass names on after they were written.
    /// </summary>
    /// <param name="names">The names.</param>
    /// <param name="brands">The brands.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>Look-alikes from <see cref="LookalikeOptions.Threshold"/> on, in the order in which their names came.</returns>
    /// <exception cref="ArgumentException">There is no brand, or a brand is a public suffix.</exception>
    public IAsyncEnumerable<Lookalike> WatchAsync(IAsyncEnumerable<DomainName> names, IEnumerable<DomainName> brands, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(names);
        return JudgeAsync(names, new(brands, _rules, _options.PublicSuffixes), cancellationToken);
    }

    private async IAsyncEnumerable<Lookalike> JudgeAsync(IAsyncEnumerable<DomainName> names, LookalikeMatcher matcher, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        RecentLinks links = new();
        List<LookalikeMatch> matches = [];
        await foreach (DomainName name in names.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            matches.Clear();
            matcher.Match(name.Wire, matches);
            foreach (LookalikeMatch match in matches)
            {
                EvidenceReader evidence = new(reader, _options);
                LookalikeJudge judge = new(evidence, _options, _rules, TimeWindow.Always);
                if (!judge.CanPass(match.Score)) continue;
                LookalikeCandidate? candidate = await ReadAsync(match, SubjectOf(match, matcher), evidence, cancellationToken).ConfigureAwait(false);
                if (candidate is null) continue;
                AnswerFacts facts = await evidence.GetFactsAsync(cancellationToken).ConfigureAwait(false);
                await judge.JudgeAsync(candidate, facts.Coverage.LastSeen ?? 0, facts.Coverage.FirstSeen ?? 0, cancellationToken).ConfigureAwait(false);
                List<string> dedicated = await judge.DedicatedAsync(candidate, cancellationToken).ConfigureAwait(false);
                bool isAccepted = candidate.ToLookalike().Score >= _rules.Threshold;
                if (links.Find(dedicated, candidate.Subject) is var (what, other)) judge.Link(candidate, what, other);
                if (isAccepted) links.Add(dedicated, candidate.Subject);
                Lookalike lookalike = candidate.ToLookalike();
                if (lookalike.Score >= _rules.Threshold) yield return lookalike;
            }
        }
    }

    /// <summary>What the store knows of a name and what lies under it; <c>null</c> if that is nothing.</summary>
    private static async ValueTask<LookalikeCandidate?> ReadAsync(LookalikeMatch match, DomainName subject, EvidenceReader evidence, CancellationToken cancellationToken)
    {
        const int Most = 1000; // a new domain has few rows; of an old one with more the first rows tell its age well enough
        LookalikeCandidate? candidate = null;
        await foreach (Observation row in evidence.SampleAsync(new(new QueryAnchor.Subtree(subject)), Most, cancellationToken).ConfigureAwait(false))
        {
            candidate ??= new(subject, match, row);
            candidate.Add(match, row);
        }

        return candidate;
    }

    private async IAsyncEnumerable<Lookalike> WalkAsync(LookalikeQuery query, LookalikeMatcher matcher, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LookalikeJudge judge = new(evidence, _options, _rules, query.Window);
        LookalikeScan scan = new(matcher, _rules, judge, query.Window);
        QueryAnchor anchor = query.NewSince is { } since ? new QueryAnchor.FirstSeen(since, long.MaxValue) : new QueryAnchor.Everything();
        await foreach (ObservationRows rows in evidence.ReadPagesAsync(new(anchor) { Time = query.Window.Filter }, cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            scan.Add(rows);
        }

        if (scan.IsCut) evidence.Note(Completeness.Truncated);
        Coverage coverage = (await evidence.GetFactsAsync(cancellationToken).ConfigureAwait(false)).Coverage;
        long now = Math.Min(query.Window.To, coverage.LastSeen ?? 0);
        List<LookalikeCandidate> judged = [];
        foreach (LookalikeCandidate candidate in scan.Candidates())
        {
            if (query.NewSince is { } from && await WasKnownAsync(candidate.Subject, from, evidence, cancellationToken).ConfigureAwait(false)) continue;
            await judge.JudgeAsync(candidate, now, coverage.FirstSeen ?? 0, cancellationToken).ConfigureAwait(false);
            judged.Add(candidate);
        }

        await LinkAsync(judged, judge, cancellationToken).ConfigureAwait(false);
        foreach (Lookalike lookalike in judged.Select(static candidate => candidate.ToLookalike()).Where(one => one.Score >= _rules.Threshold)
            .OrderByDescending(static one => one.Score).ThenBy(static one => one.Name).ThenBy(static one => one.Brand))
            yield return lookalike;
    }

    /// <summary>Raises those that share dedicated infrastructure with others which were accepted without it: once, so that suspicion does not feed on itself.</summary>
    private async ValueTask LinkAsync(List<LookalikeCandidate> judged, LookalikeJudge judge, CancellationToken cancellationToken)
    {
        Dictionary<string, List<DomainName>> accepted = [];
        List<(LookalikeCandidate Candidate, List<string> Dedicated)> all = [];
        foreach (LookalikeCandidate candidate in judged)
        {
            List<string> dedicated = await judge.DedicatedAsync(candidate, cancellationToken).ConfigureAwait(false);
            all.Add((candidate, dedicated));
            if (candidate.ToLookalike().Score < _rules.Threshold) continue;
            foreach (string what in dedicated)
            {
                if (!accepted.TryGetValue(what, out List<DomainName>? holders)) accepted.Add(what, holders = []);
                holders.Add(candidate.Subject);
            }
        }

        foreach ((LookalikeCandidate candidate, List<string> dedicated) in all)
        {
            foreach (string what in dedicated)
            {
                if (!accepted.TryGetValue(what, out List<DomainName>? holders) || !holders.Exists(holder => holder != candidate.Subject)) continue;
                judge.Link(candidate, what, holders.Where(holder => holder != candidate.Subject).Min());
                break;
            }
        }
    }

    /// <summary>The name that is given for a match: the domain, or of what stands before it the part that imitates.</summary>
    internal static DomainName SubjectOf(LookalikeMatch match, LookalikeMatcher matcher)
    {
        for (int labels = match.RegistrableDomain.LabelCount; labels < match.Name.LabelCount; labels++)
        {
            // The domain itself is what was registered, however little it resembles the brand next to what stands before it.
            DomainName ancestor = match.Name.Ancestor(labels);
            bool isDomain = labels == match.RegistrableDomain.LabelCount;
            if (matcher.Match(ancestor).Any(other => other.Brand == match.Brand && (isDomain || other.Score >= match.Score))) return ancestor;
        }

        return match.Name;
    }

    private static async ValueTask<bool> WasKnownAsync(DomainName subject, long before, EvidenceReader evidence, CancellationToken cancellationToken)
    {
        ObservationQuery older = new(new QueryAnchor.Subtree(subject)) { Time = new() { FirstBefore = before - 1 } };
        await foreach (Observation _ in evidence.SampleAsync(older, 1, cancellationToken).ConfigureAwait(false)) return true;
        return false;
    }
}
