using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Walks through the stretches of all values of a track in the order of time and makes the runs of them, as <see cref="RrsetRun"/> explains.</summary>
/// <param name="gapSeconds">The silence that the store joins over.</param>
internal sealed class RunSweep(long gapSeconds)
{
    private readonly List<RrsetRun> _runs = [];
    private readonly List<RrsetRun> _beside = [];
    private readonly List<TimeStretch> _gaps = [];
    private Open? _open;
    private int _interruption; // where in _runs the latest one stands

    /// <summary>The run that goes on.</summary>
    /// <param name="State">Its value.</param>
    /// <param name="Begin">When it came.</param>
    /// <param name="Stretch">The stretch of it that was reached last.</param>
    private sealed record Open(RrsetState State, UncertainTime Begin, TimeStretch Stretch);

    /// <summary>Makes the runs.</summary>
    public ImmutableArray<RrsetRun> Sweep(ImmutableArray<RrsetState> states)
    {
        IEnumerable<(RrsetState State, TimeStretch Stretch)> pieces = states.SelectMany(static state => state.Presence.Stretches, static (state, stretch) => (state, stretch));
        foreach ((RrsetState state, TimeStretch stretch) in pieces.OrderBy(static p => p.Stretch.First).ThenBy(static p => p.Stretch.Last))
        {
            if (_open is not { } open) Begin(state, stretch, null);
            else if (ReferenceEquals(open.State, state)) Continue(open, stretch);
            else if (stretch.First > open.Stretch.First && stretch.Last < open.Stretch.Last) Nest(open, state, stretch);
            else Follow(open, state, stretch);
        }

        if (_open is { } last) Close(last, new(last.Stretch.Last, null));
        return Merge();
    }

    // Both are in the order in which their stretches began.
    private ImmutableArray<RrsetRun> Merge()
    {
        ImmutableArray<RrsetRun>.Builder all = ImmutableArray.CreateBuilder<RrsetRun>(_runs.Count + _beside.Count);
        int next = 0;
        foreach (RrsetRun run in _runs)
        {
            for (; next < _beside.Count && _beside[next].First < run.First; next++) all.Add(_beside[next]);
            all.Add(run);
        }

        for (; next < _beside.Count; next++) all.Add(_beside[next]);
        return all.ToImmutable();
    }

    private void Begin(RrsetState state, TimeStretch stretch, long? after)
    {
        _gaps.Clear();
        _open = new(state, new(after, stretch.First), stretch);
    }

    private void Continue(Open open, TimeStretch stretch)
    {
        _gaps.Add(new(open.Stretch.Last + 1, stretch.First - 1));
        _open = open with { Stretch = stretch };
    }

    private void Follow(Open open, RrsetState state, TimeStretch stretch)
    {
        long after = stretch.First > open.Stretch.Last ? open.Stretch.Last : Before(open, stretch);
        Close(open, new(open.Stretch.Last, Math.Max(open.Stretch.Last, stretch.First)));
        Begin(state, stretch, after);
    }

    private void Nest(Open open, RrsetState state, TimeStretch stretch)
    {
        UncertainTime begin = new(Before(open, stretch), stretch.First), end = new(stretch.Last, Behind(open, stretch));
        if (stretch.Last - stretch.First > gapSeconds)
        {
            _beside.Add(new() { State = state, Begin = begin, End = end, Gaps = Presence.Never, IsBeside = true });
            return;
        }

        if (open.Begin.By > stretch.First && open.Begin.After is { } before)
        {
            // Nothing tells that the open value was seen since the last interruption: this one followed that, or is the same.
            RrsetRun last = _runs[_interruption];
            end = new(stretch.Last, Math.Max(end.By!.Value, open.Begin.By.Value));
            _open = open with { Begin = new(Math.Max(before, stretch.Last), end.By) };
            if (ReferenceEquals(last.State, state))
            {
                Presence between = Presence.Of(last.Last + 1, Math.Max(last.Last + 1, stretch.First - 1));
                _runs[_interruption] = last with { End = end, Gaps = last.Gaps.Unite(between) };
                return;
            }

            _runs[_interruption] = last with { End = new(last.Last, Math.Max(last.Last, stretch.First)) };
            begin = new(Math.Min(last.Last, stretch.First), stretch.First);
        }
        else
        {
            Close(open, new(Math.Max(open.Begin.By!.Value, begin.After!.Value), stretch.First));
            _open = open with { Begin = new(stretch.Last, end.By) };
        }

        _interruption = _runs.Count;
        _gaps.Clear();
        _runs.Add(new() { State = state, Begin = begin, End = end, Gaps = Presence.Never });
    }

    private void Close(Open open, UncertainTime end)
    {
        _runs.Add(new() { State = open.State, Begin = open.Begin, End = end, Gaps = Presence.Of(_gaps) });
        _open = null;
    }

    // A stretch of the open value that covers another: sightings of it lie at most a gap before the other's begin, and a gap behind its end.
    private long Before(Open open, TimeStretch stretch) =>
        Math.Min(stretch.First, open.State.IsEstimate ? open.Stretch.First : Math.Max(open.Stretch.First, stretch.First - gapSeconds));

    private long Behind(Open open, TimeStretch stretch) =>
        Math.Max(stretch.Last, open.State.IsEstimate ? open.Stretch.Last : Math.Min(open.Stretch.Last, stretch.Last + gapSeconds));
}
