using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PassiveDns.Storage.Cof;

internal sealed partial class CofLine
{
    private const long MaxTime = 253_402_300_799; // the end of the year 9999; behind it lie milliseconds that were taken for seconds
    private const int MaxNameText = 4 * DomainName.MaxWireLength;

    private static readonly SearchValues<byte> s_plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.*"u8);
    private static readonly string[] s_dates = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd' 'HH:mm:ssK", "yyyy-MM-dd"];

    private readonly byte[] _name = new byte[DomainName.MaxWireLength];
    private readonly byte[] _bailiwick = new byte[DomainName.MaxWireLength];
    private readonly List<(int Offset, int Length)> _texts = []; // in _arena
    private readonly List<(int Offset, int Length)> _wires = []; // in _arena
    private readonly long[] _numbers = new long[(int)CofField.Coarsened + 1];
    private readonly uint[] _stated = new uint[SightingHistory.MaxWitnesses];
    private int _statedCount;
    private bool _isCoarsened;
    private byte[] _arena = new byte[4096];
    private int _arenaLength;
    private int _nameLength;
    private int _bailiwickLength;
    private SightingInterval[] _intervals = [];
    private int _intervalCount;
    private RecordType _type;
    private Provenance? _provenance;

    private bool ReadName(in Utf8JsonReader json, byte[] wire, out int length)
    {
        length = 0;
        _arenaLength = EndOfTexts();
        return json.TokenType == JsonTokenType.String && TryUnescape(in json, out ReadOnlySpan<byte> text) && TryParseName(text, wire, out length);
    }

    private static bool TryParseName(ReadOnlySpan<byte> text, byte[] wire, out int length)
    {
        length = 0;
        if (text.IsEmpty || text.Length > MaxNameText) return false;
        // The data of a PTR record is one name, folded: its parser makes no object. Escapes and letters beyond ASCII take the long way.
        if (!text.ContainsAnyExcept(s_plain)) return RdataText.TryParse(RecordType.PTR, text, wire, out length);
        Span<char> chars = stackalloc char[MaxNameText];
        if (!DomainName.TryParse(chars[..Encoding.UTF8.GetChars(text, chars)], out DomainName name)) return false;
        name.Wire.CopyTo(wire);
        length = name.Wire.Length;
        return true;
    }

    private CofError ReadType(in Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Number)
        {
            if (!json.TryGetUInt16(out ushort number)) return CofError.UnknownType;
            _type = (RecordType)number;
        }
        else
        {
            _arenaLength = EndOfTexts();
            if (json.TokenType != JsonTokenType.String || !TryUnescape(in json, out ReadOnlySpan<byte> text)) return CofError.UnknownType;
            if (!TryParseType(text)) return CofError.UnknownType;
        }

        return CofError.None;
    }

    private bool TryParseType(ReadOnlySpan<byte> text)
    {
        if (RecordTypeNames.TryParse(text, out _type)) return true;
        if (!Utf8Parser.TryParse(text, out ushort number, out int used) || used != text.Length) return false;
        (_type, _isNonstandard) = ((RecordType)number, true);
        return true;
    }

    private CofError ReadTexts(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String) return AddText(in json);
        if (json.TokenType != JsonTokenType.StartArray) return CofError.MalformedRdata;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.String) return CofError.MalformedRdata;
            CofError error = AddText(in json);
            if (error != CofError.None) return error;
        }

        return CofError.None;
    }

    private CofError AddText(in Utf8JsonReader json)
    {
        if (_texts.Count == options.MaxRrsetRecords) return CofError.RrsetTooLarge;
        _arenaLength = EndOfTexts();
        if (!TryUnescape(in json, out ReadOnlySpan<byte> text)) return CofError.MalformedRdata;
        _texts.Add((_arenaLength, Keep(text)));
        return CofError.None;
    }

    private CofError ReadWire(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) return CofError.MalformedWire;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.String || json.ValueIsEscaped) return CofError.MalformedWire;
            CofError error = AddWire(json.ValueSpan);
            if (error != CofError.None) return error;
        }

        return CofError.None;
    }

    private CofError AddWire(ReadOnlySpan<byte> hex)
    {
        if (_wires.Count == options.MaxRrsetRecords) return CofError.RrsetTooLarge;
        _arenaLength = EndOfTexts();
        int length = hex.Length / 2;
        if (length > RecordData.MaxLength) return CofError.MalformedWire;
        Reserve(length);
        if (Convert.FromHexString(hex, _arena.AsSpan(_arenaLength, length), out _, out int written) != OperationStatus.Done) return CofError.MalformedWire;
        _wires.Add((_arenaLength, written));
        _arenaLength += written;
        return CofError.None;
    }

    private CofError ReadBailiwick(in Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String && json.ValueSpan.IsEmpty)
        {
            _isNonstandard = true; // empty: unknown
            return CofError.None;
        }

        return ReadName(in json, _bailiwick, out _bailiwickLength) ? CofError.None : CofError.MalformedBailiwick;
    }

    private CofError ReadProvenance(in Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String || !TryUnescape(in json, out ReadOnlySpan<byte> word)) return CofError.MalformedProvenance;
        return TakeProvenance(word);
    }

    private CofError TakeProvenance(ReadOnlySpan<byte> word)
    {
        foreach (Provenance provenance in s_provenances)
        {
            if (word.SequenceEqual(CofProvenance.Word(provenance))) _provenance = provenance;
        }

        return _provenance is null ? CofError.MalformedProvenance : CofError.None;
    }

    /// <summary>An unknown word is an error: a summary of a kind that is not known here must not pass for anything else.</summary>
    private CofError ReadFolding(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) return CofError.MalformedFolding;
        while (json.Read() && json.TokenType == JsonTokenType.String)
        {
            if (!TryUnescape(in json, out ReadOnlySpan<byte> word)) return CofError.MalformedFolding;
            CofError error = AddFolding(word);
            if (error != CofError.None) return error;
        }

        return json.TokenType == JsonTokenType.EndArray && _folding != SightingFolding.None ? CofError.None : CofError.MalformedFolding;
    }

    private CofError AddFolding(ReadOnlySpan<byte> word)
    {
        SightingFolding flag = CofFolding.Parse(word);
        _folding |= flag;
        return flag == SightingFolding.None ? CofError.MalformedFolding : CofError.None;
    }

    private CofError ReadSketch(in Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.TryGetBytesFromBase64(out byte[]? sketch) ? TakeSketch(sketch) : CofError.MalformedFolding;

    private CofError TakeSketch(byte[] sketch)
    {
        _sketch = sketch;
        return sketch.Length > 0 && NameSketch.EstimateOfPacked(sketch) > 0 ? CofError.None : CofError.MalformedFolding;
    }

    private CofError ReadIntervals(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) return CofError.MalformedIntervals;
        Span<long> three = stackalloc long[3];
        while (json.Read() && json.TokenType == JsonTokenType.StartArray)
        {
            foreach (ref long number in three)
            {
                if (!json.Read() || json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out number)) return CofError.MalformedIntervals;
            }

            if (!json.Read() || json.TokenType != JsonTokenType.EndArray) return CofError.MalformedIntervals;
            CofError error = AddInterval(new SightingInterval(three[0], three[1], three[2]));
            if (error != CofError.None) return error;
        }

        return json.TokenType == JsonTokenType.EndArray && _intervalCount > 0 ? CofError.None : CofError.MalformedIntervals;
    }

    private CofError AddInterval(SightingInterval interval)
    {
        long last = _intervalCount == 0 ? -1 : _intervals[_intervalCount - 1].Last;
        if (_intervalCount == SightingHistory.MaxIntervals || interval.First <= last || interval.Last < interval.First || interval.Last > MaxTime || interval.Count < 0)
            return CofError.MalformedIntervals;
        if (_intervalCount == _intervals.Length) Array.Resize(ref _intervals, Math.Max(16, 2 * _intervalCount));
        _intervals[_intervalCount++] = interval;
        return CofError.None;
    }

    private CofError ReadWitnesses(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) return CofError.MalformedWitnesses;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.String) return CofError.MalformedWitnesses;
            CofError error = AddWitness(json.ValueSpan);
            if (error != CofError.None) return error;
        }

        return CofError.None;
    }

    private CofError AddWitness(ReadOnlySpan<byte> hex)
    {
        if (_statedCount == _stated.Length || hex.Length != 8 || !Utf8Parser.TryParse(hex, out uint witness, out int used, 'x') || used != 8) return CofError.MalformedWitnesses;
        if (_statedCount > 0 && witness <= _stated[_statedCount - 1]) return CofError.MalformedWitnesses;
        _stated[_statedCount++] = witness;
        return CofError.None;
    }

    private CofError ReadCondition(in Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String || !TryUnescape(in json, out ReadOnlySpan<byte> word)) return CofError.MalformedJson;
        Framing = word.SequenceEqual("succeeded"u8) ? CofFramingEnd.Succeeded
            : word.SequenceEqual("limited"u8) ? CofFramingEnd.Limited
            : word.SequenceEqual("failed"u8) ? CofFramingEnd.Failed
            : CofFramingEnd.Missing;
        return CofError.None;
    }

    private CofError ReadNumber(CofField field, in Utf8JsonReader json)
    {
        bool isTime = IsTime(field);
        CofError error = isTime ? CofError.MalformedTime : CofError.MalformedCount;
        long number;
        if (json.TokenType == JsonTokenType.Number)
        {
            if (!json.TryGetInt64(out number) && !TryTruncate(json.TryGetDouble(out double real) ? real : double.NaN, out number)) return error;
        }
        else
        {
            if (json.TokenType != JsonTokenType.String || json.ValueIsEscaped || !TryParseNumber(json.ValueSpan, isTime, out number)) return error;
            _isNonstandard = true;
        }

        if (field is CofField.TimeFirstOtherwise or CofField.TimeLastOtherwise && number > MaxTime) number /= 1000; // milliseconds
        return TakeNumber(field, number);
    }

    private CofError TakeNumber(CofField field, long number)
    {
        _numbers[(int)field] = number;
        bool isTime = IsTime(field);
        long most = isTime ? MaxTime : field == CofField.Count ? long.MaxValue : uint.MaxValue;
        return number >= 0 && number <= most ? CofError.None : isTime ? CofError.MalformedTime : CofError.MalformedCount;
    }

    private static bool IsTime(CofField field) => field is not (CofField.Count or CofField.TimeToLive or CofField.MinTimeToLive or CofField.MaxTimeToLive);

    private bool TryParseNumber(ReadOnlySpan<byte> text, bool isTime, out long number)
    {
        if (Utf8Parser.TryParse(text, out number, out int used) && used == text.Length) return true;
        if (Utf8Parser.TryParse(text, out double real, out used) && used == text.Length) return TryTruncate(real, out number);
        number = 0;
        return isTime && TryParseDate(text, out number);
    }

    /// <summary>A whole number as another program's floating point; D4's own importer takes such numbers, too.</summary>
    private bool TryTruncate(double real, out long number)
    {
        _isNonstandard = true;
        bool isUsable = Math.Abs(real) < 1e18;
        number = isUsable ? (long)real : 0;
        return isUsable;
    }

    private static bool TryParseDate(ReadOnlySpan<byte> text, out long seconds)
    {
        seconds = 0;
        if (text.Length > 40) return false;
        Span<char> chars = stackalloc char[40];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '.')
            {
                while (i + 1 < text.Length && char.IsAsciiDigit((char)text[i + 1])) i++; // a fraction of any length; times are whole seconds
            }
            else
            {
                chars[length++] = (char)text[i];
            }
        }

        if (!DateTimeOffset.TryParseExact(chars[..length], s_dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)) return false;
        seconds = date.ToUnixTimeSeconds();
        return true;
    }

    /// <summary>What is behind it in the arena was needed for one value only.</summary>
    private int EndOfTexts()
    {
        int end = 0;
        if (_texts.Count > 0) end = _texts[^1].Offset + _texts[^1].Length;
        if (_wires.Count > 0) end = Math.Max(end, _wires[^1].Offset + _wires[^1].Length);
        return end;
    }

    private int Keep(ReadOnlySpan<byte> text)
    {
        // A text that was unescaped stands where it is to be kept.
        if (!text.Overlaps(_arena))
        {
            Reserve(text.Length);
            text.CopyTo(_arena.AsSpan(_arenaLength));
        }

        _arenaLength += text.Length;
        return text.Length;
    }

    private bool TryUnescape(in Utf8JsonReader json, out ReadOnlySpan<byte> text)
    {
        text = json.ValueSpan;
        if (!json.ValueIsEscaped) return true;
        Reserve(text.Length); // an escape is never shorter than what it means
        int length = JsonText.Unescape(text, _arena.AsSpan(_arenaLength));
        text = _arena.AsSpan(_arenaLength, Math.Max(length, 0));
        return length >= 0;
    }

    private void Reserve(int length)
    {
        if (_arena.Length - _arenaLength < length) Array.Resize(ref _arena, Math.Max(2 * _arena.Length, _arenaLength + length));
    }
}
