namespace PassiveDns.Storage.Cof;

internal sealed partial class CofLine
{
    private static readonly Provenance[] s_provenances = Enum.GetValues<Provenance>();

    private byte[] _data = new byte[4096]; // canonical data of each record, one behind the other
    private (int Offset, int Length)[] _records = new (int, int)[16];
    private byte[] _packed = new byte[4096];
    private SightingFolding _folding;
    private byte[] _sketch = [];
    private byte[] _history = new byte[256];
    private int _packedLength;
    private int _historyLength;
    private byte _bailiwickLabels;
    private Provenance _rowProvenance;

    /// <summary>Whether the line names a bailiwick.</summary>
    public bool HasBailiwick => _bailiwickLength > 0;

    /// <summary>The row of the line.</summary>
    public ObservationRow Row => new()
    {
        RrName = _name.AsSpan(0, _nameLength),
        Type = _type,
        BailiwickLabels = _bailiwickLabels,
        Provenance = _rowProvenance,
        Rdata = new(_packed.AsSpan(0, _packedLength)),
        History = _history.AsSpan(0, _historyLength),
    };

    /// <summary>Goes from the sightings in traffic to those in zone files, after <see cref="CofLineFate.TwoRows"/>.</summary>
    public void MoveToZoneRow()
    {
        _rowProvenance = Provenance.ZoneFile;
        SightingInterval interval = new(_numbers[(int)CofField.ZoneTimeFirst], _numbers[(int)CofField.ZoneTimeLast], 1); // the count is that of the traffic
        Encode([interval]);
    }

    private CofError Finish()
    {
        if (!Has(CofField.RrName) || !Has(CofField.RrType) || !(Has(CofField.Rdata) || Has(CofField.Wire))) return CofError.MissingField;
        if (_type.IsMeta()) return CofError.MetaType;
        CofError error = FinishBailiwick();
        if (error == CofError.None) error = FinishTimes();
        return error == CofError.None ? FinishRdata() : error;
    }

    /// <summary>Without a bailiwick the row says the root, as rows do of which nothing is known.</summary>
    private CofError FinishBailiwick()
    {
        _bailiwickLabels = 0;
        if (!HasBailiwick) return CofError.None;
        ReadOnlySpan<byte> bailiwick = _bailiwick.AsSpan(0, _bailiwickLength);
        for (int at = 0; bailiwick[at] != 0; at += bailiwick[at] + 1) _bailiwickLabels++;
        for (int at = 0; ; at += _name[at] + 1)
        {
            if (_name.AsSpan(at, _nameLength - at).SequenceEqual(bailiwick)) return CofError.None;
            if (_name[at] == 0) return CofError.MalformedBailiwick;
        }
    }

    private CofError FinishTimes()
    {
        Substitute(CofField.OnlyTime, CofField.TimeFirst);
        Substitute(CofField.OnlyTime, CofField.TimeLast);
        Substitute(CofField.TimeFirstOtherwise, CofField.TimeFirst);
        Substitute(CofField.TimeLastOtherwise, CofField.TimeLast);
        bool hasTraffic = Has(CofField.TimeFirst) && Has(CofField.TimeLast);
        bool hasZone = Has(CofField.ZoneTimeFirst) && Has(CofField.ZoneTimeLast);
        if (!hasTraffic && !hasZone) return CofError.MissingField;
        if (hasTraffic) Order(CofField.TimeFirst, CofField.TimeLast);
        if (hasZone) Order(CofField.ZoneTimeFirst, CofField.ZoneTimeLast);
        if (_provenance is { } stated && (hasTraffic && hasZone || hasZone != (stated == Provenance.ZoneFile))) return CofError.MalformedProvenance;
        _rowProvenance = !hasTraffic ? Provenance.ZoneFile : _provenance ?? (HasBailiwick ? options.UnstatedProvenance : Provenance.Unverified);
        Fate = hasTraffic && hasZone ? CofLineFate.TwoRows : CofLineFate.Row;
        return hasTraffic
            ? FinishHistory(_numbers[(int)CofField.TimeFirst], _numbers[(int)CofField.TimeLast])
            : FinishHistory(_numbers[(int)CofField.ZoneTimeFirst], _numbers[(int)CofField.ZoneTimeLast]);
    }

    private CofError FinishHistory(long first, long last)
    {
        long count = Has(CofField.Count) ? _numbers[(int)CofField.Count] : 1; // it was seen, or the row would not be there
        if (Has(CofField.Intervals))
        {
            ReadOnlySpan<SightingInterval> intervals = _intervals.AsSpan(0, _intervalCount);
            long sum = 0;
            foreach (SightingInterval interval in intervals) sum = SightingMerge.AddCounts(sum, interval.Count);
            if (Fate == CofLineFate.TwoRows || intervals[0].First != first || intervals[^1].Last != last || (Has(CofField.Count) && sum != count))
                return CofError.MalformedIntervals;
        }
        else
        {
            if (_intervals.Length == 0) _intervals = new SightingInterval[1];
            _intervals[0] = new(first, last, count);
            _intervalCount = 1;
        }

        if (_numbers[(int)CofField.MinTimeToLive] > _numbers[(int)CofField.MaxTimeToLive] && Has(CofField.MinTimeToLive) && Has(CofField.MaxTimeToLive))
            return CofError.MalformedCount;
        if (_folding != SightingFolding.None || _sketch.Length > 0) return FinishFolded();
        Encode(_intervals.AsSpan(0, _intervalCount));
        if (_isCoarsened) SightingCodec.MarkCoarsened(_history);
        return CofError.None;
    }

    private CofError FinishFolded()
    {
        if (Fate == CofLineFate.TwoRows || ((_folding & SightingFolding.Names) != 0) != _sketch.Length > 0) return CofError.MalformedFolding;
        (uint Low, uint High)? life = TimeToLive();
        _history = SightingCodec.Encode(new SightingHistory()
        {
            Intervals = [.. _intervals.AsSpan(0, _intervalCount)],
            Witnesses = [.. Witnesses()],
            MinTimeToLive = life?.Low,
            MaxTimeToLive = life?.High,
            IsCoarsened = _isCoarsened,
            Folding = _folding,
            PackedNames = [.. _sketch],
        });
        _historyLength = _history.Length;
        return CofError.None;
    }

    private void Encode(ReadOnlySpan<SightingInterval> intervals)
    {
        int room = SightingCodec.MaxLength(intervals.Length);
        if (room > _history.Length) _history = new byte[room];
        _historyLength = TimeToLive() is { } life
            ? SightingCodec.Encode(intervals, Witnesses(), life.Low, life.High, _history)
            : SightingCodec.Encode(intervals, Witnesses(), _history);
    }

    private ReadOnlySpan<uint> Witnesses() => options.KeepWitnesses && Has(CofField.Witnesses) ? _stated.AsSpan(0, _statedCount) : _witnesses;

    /// <summary>The range of the TTL: one bound alone is both.</summary>
    private (uint Low, uint High)? TimeToLive()
    {
        CofField low = Has(CofField.MinTimeToLive) ? CofField.MinTimeToLive : Has(CofField.MaxTimeToLive) ? CofField.MaxTimeToLive : CofField.TimeToLive;
        CofField high = Has(CofField.MaxTimeToLive) ? CofField.MaxTimeToLive : low;
        return Has(low) ? ((uint)_numbers[(int)low], (uint)_numbers[(int)high]) : null;
    }

    private CofError FinishRdata()
    {
        bool isWire = Has(CofField.Wire);
        List<(int Offset, int Length)> given = isWire ? _wires : _texts;
        CofError malformed = isWire ? CofError.MalformedWire : CofError.MalformedRdata;
        if (given.Count == 0 || (isWire && Has(CofField.Rdata) && _texts.Count != _wires.Count)) return malformed;
        if (given.Count > _records.Length) _records = new (int, int)[Math.Max(given.Count, 2 * _records.Length)];
        int used = 0;
        for (int i = 0; i < given.Count; i++)
        {
            if (_data.Length - used < RecordData.MaxLength) Array.Resize(ref _data, Math.Max(2 * _data.Length, used + RecordData.MaxLength));
            ReadOnlySpan<byte> octets = _arena.AsSpan(given[i].Offset, given[i].Length);
            if (!(isWire ? TryTakeWire(octets, _data.AsSpan(used), out int length) : TryParseRdata(octets, _data.AsSpan(used), out length))) return malformed;
            _records[i] = (used, length);
            used += length;
        }

        if (_packed.Length < used + 2 * given.Count) _packed = new byte[Math.Max(2 * _packed.Length, used + 2 * given.Count)];
        _packedLength = RdataSet.Pack(_data, _records.AsSpan(0, given.Count), _packed);
        return CofError.None;
    }

    /// <summary>Takes only what canonical form leaves as it is, so that nothing else can stand in a store.</summary>
    private bool TryTakeWire(ReadOnlySpan<byte> wire, Span<byte> destination, out int length) =>
        RecordData.Canonicalize(wire, 0, wire.Length, _type, destination, out length) is RdataStatus.Valid or RdataStatus.Opaque
        && destination[..length].SequenceEqual(wire);

    private bool TryParseRdata(ReadOnlySpan<byte> text, Span<byte> destination, out int length)
    {
        if (_type is not (RecordType.TXT or RecordType.SPF) || text.Contains((byte)'"') || text.StartsWith("\\#"u8))
            return RdataText.TryParse(_type, text, destination, out length);

        // Whoever leaves out the quotes writes one string, blanks and all: v=spf1 -all. It is cut where a string must end (RFC 1035 section 3.3).
        _isNonstandard |= text.ContainsAny((byte)' ', (byte)'\t');
        return TryParseUnquoted(text, destination, out length);
    }

    private static bool TryParseUnquoted(ReadOnlySpan<byte> text, Span<byte> destination, out int length)
    {
        int at = 0;
        length = 1;
        destination[0] = 0;
        int lengthOctet = 0;
        while (at < text.Length)
        {
            byte octet = text[at++];
            if (octet == '\\')
            {
                if (at == text.Length) return false;
                octet = text[at++];
                if (char.IsAsciiDigit((char)octet))
                {
                    if (at + 2 > text.Length || !char.IsAsciiDigit((char)text[at]) || !char.IsAsciiDigit((char)text[at + 1])) return false;
                    int value = (octet - '0') * 100 + (text[at] - '0') * 10 + text[at + 1] - '0';
                    if (value > 255) return false;
                    octet = (byte)value;
                    at += 2;
                }
            }

            if (destination[lengthOctet] == 255)
            {
                if (length >= RecordData.MaxLength) return false;
                lengthOctet = length;
                destination[length++] = 0;
            }

            if (length >= RecordData.MaxLength) return false;
            destination[length++] = octet;
            destination[lengthOctet]++;
        }

        return true;
    }

    private void Substitute(CofField from, CofField to)
    {
        if (Has(to) || !Has(from)) return;
        _numbers[(int)to] = _numbers[(int)from];
        _seen |= 1u << (int)to;
        _isNonstandard = true;
    }

    /// <summary>Databases that write the time of the latest line over the last time have it before the first; it was seen at both.</summary>
    private void Order(CofField first, CofField last)
    {
        ref long early = ref _numbers[(int)first];
        ref long late = ref _numbers[(int)last];
        if (early <= late) return;
        (early, late) = (late, early);
        _isNonstandard = true;
    }
}
