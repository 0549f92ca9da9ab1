using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Finds the changes of one track: between its runs, at its begin, and at its end.</summary>
/// <param name="query">What is asked.</param>
/// <param name="options">What all analyses share.</param>
/// <param name="gapSeconds">The silence that the store joins over.</param>
/// <param name="coverage">The earliest and latest sighting of the store.</param>
internal sealed class TrackChanges(ChangeQuery query, AnalysisOptions options, long gapSeconds, TimeWindow coverage)
{
    /// <summary>How much a verified denial is believed besides the silence; judgement: a server can be lame or stale.</summary>
    private const double DenialWeight = 0.99;

    /// <summary>Finds the changes that may have happened in the window, in the order of time.</summary>
    /// <param name="track">The track.</param>
    /// <param name="isNewName">Whether nothing was seen of the name before the track.</param>
    public List<ObservedChange> Find(RrsetTrack track, bool isNewName)
    {
        List<ObservedChange> changes = [];
        NoiseClasses noise = new(track, options, gapSeconds);
        SightingRate rate = new(track);
        HashSet<RrsetState> before = new(ReferenceEqualityComparer.Instance);
        RrsetRun? last = null;
        foreach (RrsetRun run in track.Runs)
        {
            if (run.IsBeside) AddBeside(changes, track, run);
            else
            {
                if (run.State.IsAbsence) AddAbsence(changes, track, last, run, rate);
                else AddRun(changes, track, last, run, before, noise, rate, isNewName);
                last = run;
                if (!run.State.IsAbsence) before.Add(run.State);
            }
        }

        if (last is { State.IsAbsence: false }) AddSilence(changes, track, last, rate);
        AddTimeToLive(changes, track);
        return changes;
    }

    private void AddRun(
        List<ObservedChange> changes, RrsetTrack track, RrsetRun? last, RrsetRun run, HashSet<RrsetState> before, NoiseClasses noise, SightingRate rate, bool isNewName)
    {
        RrsetState? old = last is { State.IsAbsence: false } ? last.State : null;
        ChangeEffect effect = before.Contains(run.State) ? ChangeEffect.Reverted : before.Count == 0 ? ChangeEffect.Appeared : old is null ? ChangeEffect.Added : EffectOf(old, run.State);
        double? confidence = 1;
        ImmutableArray<NegativeSighting> denials = [];
        if (effect == ChangeEffect.Appeared)
        {
            // It may have been there before anybody asked for it.
            confidence = rate.Absence(run.First - coverage.From);
            if (last is not null)
            {
                denials = [last.State.Denials.Last(denial => denial.First <= run.First)];
                confidence = Denied(confidence);
            }
        }

        ChangeNoise kind = last is null ? ChangeNoise.None : noise.Of(last, run);
        Add(changes, track, run.Begin, new() { Effect = effect, Before = old, After = run.State, Confidence = confidence, Noise = kind, Denials = denials, IsNewName = isNewName });
    }

    private void AddAbsence(List<ObservedChange> changes, RrsetTrack track, RrsetRun? last, RrsetRun absence, SightingRate rate)
    {
        if (last is null) return; // a name that is not there yet has not changed
        double? silence = rate.Absence((absence.End.By ?? Math.Max(absence.Last, coverage.To)) - last.Last);
        Add(changes, track, absence.Begin, new()
        {
            Effect = ChangeEffect.Removed,
            Before = last.State,
            Confidence = Denied(silence),
            Denials = [absence.State.Denials.First(denial => denial.Last >= absence.First)],
        });
    }

    private void AddSilence(List<ObservedChange> changes, RrsetTrack track, RrsetRun last, SightingRate rate)
    {
        if (rate.Absence(coverage.To - last.Last) is not { } confidence || confidence < query.MinRemovalConfidence) return;
        Add(changes, track, new(last.Last, null), new() { Effect = ChangeEffect.Removed, Before = last.State, Confidence = confidence });
    }

    private void AddBeside(List<ObservedChange> changes, RrsetTrack track, RrsetRun run)
    {
        Add(changes, track, run.Begin, new() { Effect = ChangeEffect.Added, After = run.State, Confidence = 1, Noise = ChangeNoise.RoundRobin });
        Add(changes, track, run.End, new() { Effect = ChangeEffect.Removed, Before = run.State, Confidence = 1, Noise = ChangeNoise.RoundRobin });
    }

    private void AddTimeToLive(List<ObservedChange> changes, RrsetTrack track)
    {
        if (track.Type == RecordType.SOA) return; // its TTL in a negative answer is another one on purpose (RFC 2308 section 3)
        foreach (RrsetState state in track.States)
        {
            if (state.MinTimeToLive is not { } min || state.MaxTimeToLive is not { } max || min == max) continue;
            Add(changes, track, new(state.Presence.First, state.Presence.Last), new() { Effect = ChangeEffect.TimeToLive, Before = state, After = state, Confidence = 1 });
        }
    }

    private void Add(List<ObservedChange> changes, RrsetTrack track, UncertainTime time, Draft draft)
    {
        if (!time.MayBe(query.Window)) return;
        changes.Add(new()
        {
            Kind = KindOf(track, draft),
            Effect = draft.Effect,
            Name = track.Owner,
            Type = track.Type,
            Zone = track.Zone,
            Before = draft.Before,
            After = draft.After,
            Time = time,
            ShareInWindow = time.ShareWithin(query.Window),
            Confidence = draft.Confidence,
            Noise = draft.Noise,
            Denials = draft.Denials,
        });
    }

    private static ChangeEffect EffectOf(RrsetState old, RrsetState next)
    {
        HashSet<Rdata> before = [.. old.Values];
        bool came = next.Values.Any(value => !before.Contains(value)), went = old.Values.Any(value => !next.Values.Contains(value));
        return came && went ? ChangeEffect.Replaced : came ? ChangeEffect.Added : ChangeEffect.Removed;
    }

    private static ChangeKind KindOf(RrsetTrack track, Draft draft)
    {
        if (draft.Effect == ChangeEffect.TimeToLive) return ChangeKind.TimeToLiveShift;
        if (track.Type == RecordType.DS) return ChangeKind.DsChanged;
        if (track.Type == RecordType.TXT && MailAuthRecords.Differ(track.Owner, draft.Before, draft.After)) return ChangeKind.MailAuthChanged;
        if (draft.Effect == ChangeEffect.Appeared) return draft.IsNewName ? ChangeKind.NewName : ChangeKind.NewType;
        if (track.Type == RecordType.NS) return ChangeKind.DelegationChanged;
        if (draft.Noise == ChangeNoise.Serial) return ChangeKind.SoaOnly;
        return draft.Effect switch
        {
            ChangeEffect.Added => ChangeKind.Added,
            ChangeEffect.Removed => ChangeKind.Removed,
            ChangeEffect.Replaced => ChangeKind.Replaced,
            _ => ChangeKind.Reverted,
        };
    }

    private static double Denied(double? silence) => 1 - ((1 - (silence ?? 0)) * (1 - DenialWeight));

    private readonly record struct Draft()
    {
        public required ChangeEffect Effect { get; init; }

        public RrsetState? Before { get; init; }

        public RrsetState? After { get; init; }

        public double? Confidence { get; init; }

        public ChangeNoise Noise { get; init; }

        public ImmutableArray<NegativeSighting> Denials { get; init; } = [];

        public bool IsNewName { get; init; }
    }
}
