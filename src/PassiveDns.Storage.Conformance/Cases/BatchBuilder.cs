using System.Text;

namespace PassiveDns.Storage.Conformance;

/// <summary>Builds batches from zone-file text.</summary>
internal sealed class BatchBuilder(string sensor = "s1", ulong epoch = 1)
{
    private ObservationRows _rows = new();

    public static RecordType Type(string text) => RecordTypeNames.TryParse(text, out RecordType type) ? type : throw new ArgumentException(text);

    public static byte[] Rdata(string type, string text)
    {
        byte[] rdata = new byte[RecordData.MaxLength];
        if (!RdataText.TryParse(Type(type), Encoding.UTF8.GetBytes(text), rdata, out int written)) throw new ArgumentException($"{type} {text}");
        return rdata[..written];
    }

    public static byte[] Pack(params byte[][] records)
    {
        byte[] arena = [.. records.SelectMany(record => record)];
        (int, int)[] places = new (int, int)[records.Length];
        for (int i = 0, at = 0; i < records.Length; at += records[i++].Length) places[i] = (at, records[i].Length);
        byte[] packed = new byte[arena.Length + 2 * records.Length];
        return packed[..RdataSet.Pack(arena, places, packed)];
    }

    public BatchBuilder Add(
        string name, string type, string rdata, long first = 1_000_000, long? last = null, long count = 1, string? bailiwick = null,
        Provenance provenance = Provenance.VerifiedTraffic, uint ttl = 300) =>
        Add(name, type, [.. rdata.Split('|').Select(text => Rdata(type, text))], first, last, count, bailiwick, provenance, ttl);

    public BatchBuilder Add(
        string name, string type, byte[][] rdata, long first = 1_000_000, long? last = null, long count = 1, string? bailiwick = null,
        Provenance provenance = Provenance.VerifiedTraffic, uint ttl = 300)
    {
        byte[] history = new byte[SightingCodec.MaxSingleLength];
        int length = SightingCodec.Encode(new(first, last ?? first, count, ttl, ttl), new SensorId(sensor).Fingerprint, history);
        return AddHistory(name, type, rdata, history[..length], bailiwick, provenance);
    }

    public BatchBuilder AddHistory(
        string name, string type, byte[][] rdata, byte[] history, string? bailiwick = null, Provenance provenance = Provenance.VerifiedTraffic)
    {
        DomainName owner = DomainName.Parse(name);
        DomainName apex = bailiwick is null ? owner.Ancestor(Math.Min(2, owner.LabelCount)) : DomainName.Parse(bailiwick);
        _rows.Add(new()
        {
            RrName = owner.Wire,
            Type = Type(type),
            BailiwickLabels = (byte)apex.LabelCount,
            Provenance = provenance,
            Rdata = new(Pack(rdata)),
            History = history,
        });
        return this;
    }

    public ObservationBatch Build(ulong sequence)
    {
        ObservationBatch batch = new(new(new(sensor), epoch, sequence), _rows);
        _rows = new();
        return batch;
    }
}
