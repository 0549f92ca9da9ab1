namespace PassiveDns.Analysis;

/// <summary>Goes over rows in whatever order and keeps those of names that resemble a brand.</summary>
internal sealed class LookalikeScan(LookalikeMatcher matcher, LookalikeOptions rules, LookalikeJudge judge, TimeWindow window)
{
    private readonly Dictionary<(DomainName Subject, DomainName Brand), LookalikeCandidate> _candidates = [];
    private readonly List<LookalikeMatch> _matches = [];
    private readonly byte[] _last = new byte[DomainName.MaxWireLength];
    private int _lastLength;

    /// <summary>Whether there were more candidates than are kept.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Takes a page of rows.</summary>
    public void Add(ObservationRows rows)
    {
        foreach (ObservationRow row in rows)
        {
            // Rows of one name mostly follow each other; it is compared once.
            if (!row.RrName.SequenceEqual(_last.AsSpan(0, _lastLength)))
            {
                row.RrName.CopyTo(_last);
                _lastLength = row.RrName.Length;
                _matches.Clear();
                matcher.Match(row.RrName, _matches);
                _matches.RemoveAll(match => !judge.CanPass(match.Score));
            }

            if (_matches.Count > 0) Add(row.ToObservation());
        }
    }

    /// <summary>The candidates in canonical order.</summary>
    public IEnumerable<LookalikeCandidate> Candidates()
    {
        Cut(rules.MaxCandidates);
        return _candidates.Values.OrderBy(static candidate => candidate.Subject).ThenBy(static candidate => candidate.Match.Brand);
    }

    private void Add(Observation row)
    {
        if (Presence.Of(row.History).Intersect(window.Presence).IsEmpty) return;
        foreach (LookalikeMatch match in _matches)
        {
            (DomainName, DomainName) key = (Lookalikes.SubjectOf(match, matcher), match.Brand);
            if (!_candidates.TryGetValue(key, out LookalikeCandidate? candidate)) _candidates.Add(key, candidate = new(key.Item1, match, row));
            candidate.Add(match, row);
        }

        if (_candidates.Count > 2 * rules.MaxCandidates) Cut(rules.MaxCandidates);
    }

    private void Cut(int most)
    {
        if (_candidates.Count <= most) return;
        IsCut = true;
        foreach ((DomainName, DomainName) key in _candidates.OrderByDescending(static pair => pair.Value.Match.Score).ThenBy(static pair => pair.Key.Subject).Skip(most).Select(static pair => pair.Key).ToArray())
            _candidates.Remove(key);
    }
}
