using System.Buffers.Binary;

namespace PassiveDns.Storage.Privacy;

/// <summary>Rows of which some may have become equal: those are merged. In the order in which their keys came first.</summary>
internal sealed class RedactedRows
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<(byte[] Name, RecordType Type, byte Bailiwick, Provenance Provenance, byte[] Rdata, byte[] History)> _rows = [];

    public void Add(scoped in ObservationRow row)
    {
        Span<byte> head = stackalloc byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)row.Type);
        head[2] = row.BailiwickLabels;
        head[3] = (byte)row.Provenance;
        head[4] = (byte)row.RrName.Length;
        head[5] = (byte)row.Folding;
        string key = string.Concat(Text(head), Text(row.RrName), Text(row.Rdata.Packed));
        if (_places.TryAdd(key, _rows.Count))
        {
            _rows.Add((row.RrName.ToArray(), row.Type, row.BailiwickLabels, row.Provenance, row.Rdata.Packed.ToArray(), row.History.ToArray()));
            return;
        }

        int place = _places[key];
        byte[] before = _rows[place].History;
        byte[] merged = new byte[SightingMerge.MaxMergedLength(before.Length, row.History.Length)];

        // The least gap that a store may have: each store brings what is apart to its own.
        int length = SightingMerge.Merge(before, row.History, SightingHistory.MinIntervalGap, merged);
        _rows[place] = _rows[place] with { History = merged[..length] };
    }

    public ObservationRows ToRows()
    {
        ObservationRows rows = new();
        foreach ((byte[] name, RecordType type, byte bailiwick, Provenance provenance, byte[] rdata, byte[] history) in _rows)
        {
            rows.Add(new() { RrName = name, Type = type, BailiwickLabels = bailiwick, Provenance = provenance, Rdata = new(rdata), History = history });
        }

        return rows;
    }

    private static string Text(ReadOnlySpan<byte> octets) => System.Text.Encoding.Latin1.GetString(octets);
}
