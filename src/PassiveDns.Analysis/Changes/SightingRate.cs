namespace PassiveDns.Analysis;

/// <summary>How often a track was seen, and so what its silence is worth.</summary>
/// <remarks>
/// Sightings are taken for a Poisson process, which they are not: they come in clusters. So of the sightings of one day one counts, of the rates of the stretches the lower quartile, and a silence
/// is worth no more than the silences before it say: of n silences in no particular order the next one is the longest with a chance of 1 / (n + 1).
/// </remarks>
internal sealed class SightingRate
{
    private const double SecondsPerDay = 86_400;
    private const int MinStretches = 4;

    private readonly double? _perSecond;
    private readonly double _silences;
    private readonly long[] _gaps;

    /// <summary>Takes the rate of a track, whatever its values were.</summary>
    public SightingRate(RrsetTrack track)
    {
        SightingInterval[] intervals = [.. track.States.SelectMany(static state => state.Evidence).SelectMany(static row => row.History.Intervals)];
        TimeStretch[] stretches = [.. Presence.Of(intervals.Select(static i => new TimeStretch(i.First, i.Last))).Stretches];
        _gaps = [.. stretches.Zip(stretches.Skip(1), static (one, next) => next.First - one.Last)];
        double sightings = intervals.Sum(Days);
        _silences = Math.Max(_gaps.Length, sightings - 1);
        if (intervals.Length == 0 || sightings < 2) return;
        long seconds = stretches[^1].Last - stretches[0].First;
        if (seconds <= 0) return;
        double overall = (sightings - 1) / seconds;
        double[] rates = [.. intervals.Where(static i => i.Last - i.First >= SecondsPerDay).Select(static i => (Days(i) - 1) / (i.Last - i.First)).Order()];
        _perSecond = rates.Length < MinStretches ? overall : Math.Min(overall, rates[rates.Length / 4]);
    }

    /// <summary>How sure it is that what was not seen for a time is not there, 0 to 1: 1 - exp(-lambda * silence), or less by what was said; <c>null</c> if too little was seen to tell.</summary>
    public double? Absence(long silenceSeconds)
    {
        if (_perSecond is not { } rate) return null;
        double poisson = 1 - Math.Exp(-rate * Math.Max(0, silenceSeconds));
        int longer = _gaps.Count(gap => gap >= silenceSeconds);
        return Math.Min(poisson, 1 - ((1 + longer) / (_silences + 1)));
    }

    // Of an interval only the count and the ends are known: at best each day of it has one sighting.
    private static double Days(SightingInterval interval) => Math.Min(Math.Max(1, interval.Count), 1 + Math.Floor((interval.Last - interval.First) / SecondsPerDay));
}
