using System.Text.Json;

namespace PassiveDns.Storage.Cof;

/// <summary>Understands one line and holds the rows of it. Its buffers are used again for every line.</summary>
internal sealed partial class CofLine(CofReaderOptions options, ReadOnlySpan<uint> witnesses)
{
    private static readonly (byte[] Name, CofField Field)[] s_fields =
    [
        ("rrname"u8.ToArray(), CofField.RrName),
        ("rrtype"u8.ToArray(), CofField.RrType),
        ("rdata"u8.ToArray(), CofField.Rdata),
        ("time_first"u8.ToArray(), CofField.TimeFirst),
        ("time_last"u8.ToArray(), CofField.TimeLast),
        ("count"u8.ToArray(), CofField.Count),
        ("bailiwick"u8.ToArray(), CofField.Bailiwick),
        ("zone_time_first"u8.ToArray(), CofField.ZoneTimeFirst),
        ("zone_time_last"u8.ToArray(), CofField.ZoneTimeLast),
        ("rdata_wire"u8.ToArray(), CofField.Wire),
        ("provenance"u8.ToArray(), CofField.Provenance),
        ("intervals"u8.ToArray(), CofField.Intervals),
        ("folded"u8.ToArray(), CofField.Folded),
        ("names_sketch"u8.ToArray(), CofField.NamesSketch),
        ("coarsened"u8.ToArray(), CofField.Coarsened),
        ("ttl_min"u8.ToArray(), CofField.MinTimeToLive),
        ("ttl_max"u8.ToArray(), CofField.MaxTimeToLive),
        ("witnesses"u8.ToArray(), CofField.Witnesses),
    ];

    // What other programs write: DNSDB's envelope, pypdns' dates, and the JSON of passivedns. Read only where the draft need not be kept.
    private static readonly (byte[] Name, CofField Field)[] s_othersFields =
    [
        ("cond"u8.ToArray(), CofField.Condition),
        ("obj"u8.ToArray(), CofField.Framed),
        ("time_first_ms"u8.ToArray(), CofField.TimeFirstOtherwise),
        ("time_last_ms"u8.ToArray(), CofField.TimeLastOtherwise),
        ("time_first_rfc3339"u8.ToArray(), CofField.TimeFirstOtherwise),
        ("time_last_rfc3339"u8.ToArray(), CofField.TimeLastOtherwise),
        ("query"u8.ToArray(), CofField.RrName),
        ("type"u8.ToArray(), CofField.RrType),
        ("answer"u8.ToArray(), CofField.Rdata),
        ("timestamp_s"u8.ToArray(), CofField.OnlyTime),
        ("ttl"u8.ToArray(), CofField.TimeToLive),
    ];

    private readonly uint[] _witnesses = witnesses.ToArray();
    private uint _seen; // a bit for each CofField
    private bool _isNonstandard; // understood, but not as the draft says

    /// <summary>What became of the line if there was no error.</summary>
    public CofLineFate Fate { get; private set; }

    /// <summary>What the line says about the end of a framed answer, or <c>null</c> if it says nothing.</summary>
    public CofFramingEnd? Framing { get; private set; }

    /// <summary>Understands a line.</summary>
    /// <param name="line">The line without its line feed.</param>
    /// <param name="isFirst">Whether a byte order mark may stand before it.</param>
    public CofError Read(ReadOnlySpan<byte> line, bool isFirst)
    {
        Reset();
        if (isFirst && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
            _isNonstandard = true;
        }

        if (line is [.., (byte)'\r']) line = line[..^1];
        CofError error = Understand(line.Trim(" \t"u8), isFirst);
        return error == CofError.None && _isNonstandard && options.Strict ? CofError.Nonstandard : error;
    }

    private CofError Understand(ReadOnlySpan<byte> line, bool isFirst)
    {
        if (line.IsEmpty)
        {
            (Fate, _isNonstandard) = (CofLineFate.Blank, true);
            return CofError.None;
        }

        // Behind a header of CSV a name may begin with a brace; there only an object's first member tells, since a field with a quote in it stands in quotes (RFC 4180 section 2, rule 7).
        if (line[0] != '{' || (_columns is not null && !line[1..].TrimStart(" \t"u8).StartsWith("\""u8)))
        {
            _isNonstandard = true;
            if (options.Strict) return CofError.NotAnObject;
            return _columns is not null || isFirst ? ReadCsv(line) : ReadLog(line);
        }

        CofError error = ReadObject(line);
        if (error != CofError.None) return error;
        return Fate == CofLineFate.Envelope ? CofError.None : Finish();
    }

    private CofError ReadObject(ReadOnlySpan<byte> line)
    {
        if (line.Contains((byte)'\r')) _isNonstandard = true; // only SP and HTAB may stand between the parts of an object
        Utf8JsonReader json = new(line);
        try
        {
            json.Read();
            CofError error = ReadMembers(ref json, isFramed: false);
            if (error == CofError.None) json.Read(); // nothing but blanks may follow the object
            return error;
        }
        catch (JsonException)
        {
            return CofError.MalformedJson; // the reader has no way to say so without an exception
        }
    }

    private CofError ReadMembers(ref Utf8JsonReader json, bool isFramed)
    {
        bool isEmpty = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            CofField field = FieldOf(in json);
            json.Read();
            if (field == CofField.Other)
            {
                json.Skip();
                continue;
            }

            CofError error = ReadMember(field, ref json, isFramed);
            if (error != CofError.None) return error;
        }

        if (isEmpty || (Has(CofField.Condition) && !Has(CofField.Framed)))
        {
            Fate = CofLineFate.Envelope;
            Framing ??= isEmpty && !isFramed ? null : CofFramingEnd.Missing;
            _isNonstandard = true;
        }

        return CofError.None;
    }

    private CofError ReadMember(CofField field, ref Utf8JsonReader json, bool isFramed)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            _isNonstandard = true;
            return CofError.None;
        }

        bool isAlternative = field is CofField.TimeFirstOtherwise or CofField.TimeLastOtherwise;
        if (Has(field) && !isAlternative) return CofError.DuplicateField;
        _seen |= 1u << (int)field;
        switch (field)
        {
            case CofField.RrName:
                return ReadName(in json, _name, out _nameLength) ? CofError.None : CofError.MalformedName;
            case CofField.RrType:
                return ReadType(in json);
            case CofField.Rdata:
                return ReadTexts(ref json);
            case CofField.Wire:
                return ReadWire(ref json);
            case CofField.Bailiwick:
                return ReadBailiwick(in json);
            case CofField.Provenance:
                return ReadProvenance(in json);
            case CofField.Intervals:
                return ReadIntervals(ref json);
            case CofField.Folded:
                return ReadFolding(ref json);
            case CofField.NamesSketch:
                return ReadSketch(in json);
            case CofField.Witnesses:
                return ReadWitnesses(ref json);
            case CofField.Coarsened:
                _isCoarsened = json.TokenType == JsonTokenType.True;
                return _isCoarsened || json.TokenType == JsonTokenType.False ? CofError.None : CofError.MalformedIntervals;
            case CofField.Condition:
                return ReadCondition(in json);
            case CofField.Framed:
                if (isFramed || json.TokenType != JsonTokenType.StartObject) return CofError.MalformedJson;
                (_isNonstandard, Framing) = (true, Framing ?? CofFramingEnd.Missing);
                return ReadMembers(ref json, isFramed: true);
            default:
                return ReadNumber(field, in json);
        }
    }

    private CofField FieldOf(in Utf8JsonReader json)
    {
        if (!TryUnescape(in json, out ReadOnlySpan<byte> text)) return CofField.Other; // half of a pair of surrogates is in no name
        foreach ((byte[] name, CofField field) in s_fields)
        {
            if (text.SequenceEqual(name)) return field;
        }

        if (options.Strict) return CofField.Other;
        foreach ((byte[] name, CofField field) in s_othersFields)
        {
            if (text.SequenceEqual(name)) return field;
        }

        return CofField.Other;
    }

    private bool Has(CofField field) => (_seen & 1u << (int)field) != 0;

    private void Reset()
    {
        _seen = 0;
        _isNonstandard = false;
        Fate = CofLineFate.Row;
        Framing = null;
        _texts.Clear();
        _wires.Clear();
        _arenaLength = 0;
        _intervalCount = 0;
        _statedCount = 0;
        _isCoarsened = false;
        _bailiwickLength = 0;
        _provenance = null;
        _folding = SightingFolding.None;
        _sketch = [];
    }
}
