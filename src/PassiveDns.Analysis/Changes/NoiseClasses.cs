using System.Buffers.Binary;

namespace PassiveDns.Analysis;

/// <summary>Tells ordinary variety of one track from change.</summary>
/// <remarks>
/// That two sets recur within two TTLs of each other, the usual sign of rotation, cannot be told from intervals: a store joins over a day or more. What can be told is that both were seen at once for longer
/// than that, or took turns again and again.
/// </remarks>
internal sealed class NoiseClasses
{
    private const int MinTurns = 3; // twice is a hijack and its repetition
    private const int MinPoolSets = 5;

    private readonly RrsetTrack _track;
    private readonly AnalysisOptions _options;
    private readonly long _gapSeconds;
    private readonly Dictionary<RrsetState, int> _turns = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Rdata, int> _uses = [];
    private readonly bool _isPool;

    public NoiseClasses(RrsetTrack track, AnalysisOptions options, long gapSeconds)
    {
        (_track, _options, _gapSeconds) = (track, options, gapSeconds);
        foreach (RrsetRun run in track.Runs) _turns[run.State] = _turns.GetValueOrDefault(run.State) + 1;
        foreach (Rdata value in track.States.SelectMany(static state => state.Values)) _uses[value] = _uses.GetValueOrDefault(value) + 1;
        RrsetState[] sets = [.. track.States.Where(static state => !state.IsAbsence)];
        _isPool = IsAddress && sets.Length >= MinPoolSets && 2 * sets.Count(IsDrawn) >= sets.Length;
    }

    private bool IsAddress => _track.Type is RecordType.A or RecordType.AAAA;

    /// <summary>What kind of variety it is that one run followed another.</summary>
    public ChangeNoise Of(RrsetRun before, RrsetRun after)
    {
        (RrsetState old, RrsetState next) = (before.State, after.State);
        if (old.IsAbsence || next.IsAbsence) return ChangeNoise.None;
        if (before.Last - after.First > _gapSeconds || (_turns[old] >= MinTurns && _turns[next] >= MinTurns)) return ChangeNoise.RoundRobin;
        if (_isPool && HasKnown(old) && HasKnown(next)) return ChangeNoise.PoolRotation;
        if (IsAddress && HasOneOperator(before, after)) return ChangeNoise.SameOperator;
        return _track.Type == RecordType.SOA && DifferInSerialOnly(old, next) ? ChangeNoise.Serial : ChangeNoise.None;
    }

    // Most sets of a pool share half of their addresses or more with others.
    private bool IsDrawn(RrsetState set) => 2 * set.Values.Count(value => _uses[value] > 1) >= set.Values.Length;

    // A set of strangers is no draw from the pool, whatever else the track shows: so a hijack of a pool is not folded.
    private bool HasKnown(RrsetState set) => set.Values.Any(value => _uses[value] > 1);

    private bool HasOneOperator(RrsetRun before, RrsetRun after)
    {
        HashSet<uint> systems = [];
        HashSet<AddressPrefix> prefixes = [];
        bool areKnown = true;
        foreach ((RrsetState state, long at) in ((RrsetState, long)[])[(before.State, before.Last), (after.State, after.First)])
        {
            foreach (Rdata value in state.Values)
            {
                if (!RecordData.TryGetAddress(value.Type, value.Canonical, out HostAddress address)) return false;
                prefixes.Add(AddressPrefix.Of(address, address.IsIPv4 ? _options.Instability.PrefixLength4 : _options.Instability.PrefixLength6));
                if (_options.Enrichment?.Find(address, at)?.AutonomousSystem is { } system) systems.Add(system);
                else areKnown = false;
            }
        }

        return areKnown ? systems.Count == 1 : prefixes.Count == 1;
    }

    // The serial is the first of the five numbers behind the two names (RFC 1035 section 3.3.13).
    private static bool DifferInSerialOnly(RrsetState old, RrsetState next)
    {
        if (old.Values is not [{ } a] || next.Values is not [{ } b] || a.Canonical.Length != b.Canonical.Length || a.Canonical.Length < 22) return false;
        int serial = a.Canonical.Length - 20;
        return a.Canonical[..serial].SequenceEqual(b.Canonical[..serial]) && a.Canonical[(serial + 4)..].SequenceEqual(b.Canonical[(serial + 4)..])
            && BinaryPrimitives.ReadUInt32BigEndian(a.Canonical[serial..]) != BinaryPrimitives.ReadUInt32BigEndian(b.Canonical[serial..]);
    }
}
