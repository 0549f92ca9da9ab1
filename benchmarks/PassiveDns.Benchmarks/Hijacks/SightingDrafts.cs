using System.Text;

namespace PassiveDns.Benchmarks.Hijacks;

/// <summary>
/// Turns what zones published into what a sensor would have seen of it: sightings at random moments, so many a day on average, folded into intervals as stores
/// do. One domain at a time.
/// </summary>
internal sealed class SightingDrafts(Random random, long start)
{
    private const long Day = 86_400;

    private readonly Dictionary<(string Owner, string Type, string Zone, string Rdata), Draft> _drafts = [];
    private readonly byte[] _rdata = new byte[4096];
    private readonly uint[] _witness = [new SensorId("simulated").Fingerprint];
    private readonly long _gap = (long)SightingHistory.DefaultIntervalGap.TotalSeconds;

    /// <summary>A record set was published from one day to another and was asked for so often a day.</summary>
    /// <returns>How often it was seen.</returns>
    public int Publish(string owner, string type, string rdata, string zone, double from, double to, double perDay, uint ttl)
    {
        if (!_drafts.TryGetValue((owner, type, zone, rdata), out Draft? draft)) _drafts.Add((owner, type, zone, rdata), draft = new());
        (draft.MinTtl, draft.MaxTtl) = (Math.Min(draft.MinTtl, ttl), Math.Max(draft.MaxTtl, ttl));
        int before = draft.Times.Count;
        for (double at = from - (Math.Log(1 - random.NextDouble()) / perDay); at < to; at -= Math.Log(1 - random.NextDouble()) / perDay) draft.Times.Add(start + (long)(at * Day));
        return draft.Times.Count - before;
    }

    /// <summary>Writes what was seen, and forgets it.</summary>
    /// <returns>How many names had sightings.</returns>
    public int MoveTo(ObservationRows rows)
    {
        HashSet<string> names = [];
        foreach (((string owner, string type, string zone, string rdata), Draft draft) in _drafts)
        {
            if (draft.Times.Count == 0) continue;
            names.Add(owner);
            draft.Times.Sort();
            DomainName name = DomainName.Parse(owner);
            if (!RecordTypeNames.TryParse(type, out RecordType parsed)) throw new FormatException($"{type} is no type.");
            SightingInterval[] intervals = Intervals(draft.Times);
            byte[] history = new byte[SightingCodec.MaxLength(intervals.Length)];
            int length = SightingCodec.Encode(intervals, _witness, draft.MinTtl, draft.MaxTtl, history);
            rows.Add(new()
            {
                RrName = name.Wire,
                Type = parsed,
                BailiwickLabels = (byte)DomainName.Parse(zone).LabelCount,
                Provenance = Provenance.VerifiedTraffic,
                Rdata = new(Pack(parsed, rdata)),
                History = history.AsSpan(0, length),
            });
        }

        _drafts.Clear();
        return names.Count;
    }

    private byte[] Pack(RecordType type, string rdata)
    {
        string[] texts = rdata.Split('|');
        (int, int)[] places = new (int, int)[texts.Length];
        int at = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            if (!RdataText.TryParse(type, Encoding.ASCII.GetBytes(texts[i]), _rdata.AsSpan(at), out int length)) throw new FormatException($"{type} {texts[i]} is no record.");
            places[i] = (at, length);
            at += length;
        }

        byte[] packed = new byte[at + (2 * texts.Length)];
        return packed[..RdataSet.Pack(_rdata.AsSpan(0, at), places, packed)];
    }

    private SightingInterval[] Intervals(List<long> times)
    {
        List<SightingInterval> intervals = [];
        foreach (long time in times)
        {
            if (intervals.Count > 0 && time - intervals[^1].Last <= _gap) intervals[^1] = new(intervals[^1].First, time, intervals[^1].Count + 1);
            else intervals.Add(new(time, time, 1));
        }

        return [.. intervals];
    }

    private sealed class Draft
    {
        public List<long> Times { get; } = [];

        public uint MinTtl { get; set; } = uint.MaxValue;

        public uint MaxTtl { get; set; }
    }
}
