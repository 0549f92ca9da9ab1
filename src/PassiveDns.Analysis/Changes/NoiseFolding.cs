namespace PassiveDns.Analysis;

/// <summary>Folds the noise of one track: of each kind one change is left that counts the others.</summary>
internal static class NoiseFolding
{
    /// <summary>Folds changes of one track, which are in the order of time.</summary>
    public static IEnumerable<ObservedChange> Fold(IReadOnlyList<ObservedChange> changes)
    {
        foreach (IGrouping<ChangeNoise, ObservedChange> kind in changes.GroupBy(static change => change.Noise))
        {
            if (kind.Key == ChangeNoise.None)
            {
                foreach (ObservedChange change in kind) yield return change;
                continue;
            }

            ObservedChange first = kind.First(), last = kind.Last();
            yield return first with
            {
                After = last.After,
                Time = new(first.Time.After, kind.Max(static change => change.Time.By)),
                ShareInWindow = kind.Max(static change => change.ShareInWindow),
                Folded = kind.Count(),
            };
        }
    }
}
