namespace PassiveDns.Benchmarks.Hijacks;

/// <summary>What one name published over time: a value that changes for good, and detours that end.</summary>
/// <param name="from">When it began, in days.</param>
/// <param name="to">When it ended, in days.</param>
/// <param name="value">What it began with.</param>
/// <param name="ttl">Its TTL in seconds, outside of detours.</param>
internal sealed class SimulatedTimeline(double from, double to, string value, uint ttl)
{
    private readonly List<(double At, string Value)> _steps = [(from, value)];
    private readonly List<(double From, double To, string Value, uint Ttl, bool IsRogue)> _detours = [];

    /// <summary>A change for good.</summary>
    public void Set(double at, string changed) => _steps.Add((at, changed));

    /// <summary>A change for a while.</summary>
    public void Detour(double at, double length, string changed, uint itsTtl, bool isRogue = false) => _detours.Add((at, at + length, changed, itsTtl, isRogue));

    /// <summary>The value at a moment, without detours.</summary>
    public string ValueAt(double at) => _steps.Where(step => step.At <= at).OrderBy(step => step.At).Select(step => step.Value).LastOrDefault(value);

    /// <summary>What held when, in order.</summary>
    public IEnumerable<(double From, double To, string Value, uint Ttl, bool IsRogue)> Stretches()
    {
        double[] bounds = [.. _steps.Select(step => step.At).Concat(_detours.SelectMany(detour => new[] { detour.From, detour.To })).Append(to).Where(at => at >= from && at <= to).Distinct().Order()];
        for (int i = 0; i + 1 < bounds.Length; i++)
        {
            int detour = _detours.FindLastIndex(d => d.From <= bounds[i] && d.To > bounds[i]);
            yield return detour < 0 ? (bounds[i], bounds[i + 1], ValueAt(bounds[i]), ttl, false) : (bounds[i], bounds[i + 1], _detours[detour].Value, _detours[detour].Ttl, _detours[detour].IsRogue);
        }
    }
}
