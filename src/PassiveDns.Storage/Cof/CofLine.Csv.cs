using System.Buffers;
using System.Buffers.Text;

namespace PassiveDns.Storage.Cof;

internal sealed partial class CofLine
{
    private CofField[]? _columns; // what the header says
    private byte[] _header = [];
    private byte[] _field = new byte[1024];
    private int _fieldLength;

    /// <summary>
    /// Reads a line of CSV (RFC 4180 section 2), the first of which must be the header. A line is a row: no field of a row can hold an end of line, so that one
    /// within quotes is a fault of its line, and no quote that stays open takes the lines behind it with it.
    /// </summary>
    private CofError ReadCsv(ReadOnlySpan<byte> line)
    {
        if (_columns is null) return ReadHeader(line);
        if (line.SequenceEqual(_header)) // files that were joined
        {
            Fate = CofLineFate.Envelope;
            return CofError.None;
        }

        bool hasMore = true;
        foreach (CofField column in _columns)
        {
            if (!hasMore || !TryTakeField(ref line, out hasMore)) return CofError.MalformedCsv;
            ReadOnlySpan<byte> field = _field.AsSpan(0, _fieldLength);
            CofError error = field.IsEmpty || column == CofField.Other ? CofError.None : TakeField(column, field);
            if (error != CofError.None) return error;
        }

        return hasMore ? CofError.MalformedCsv : FinishCsv();
    }

    private CofError ReadHeader(ReadOnlySpan<byte> line)
    {
        List<CofField> columns = [];
        ReadOnlySpan<byte> rest = line;
        bool hasMore = true, isDivided = false;
        while (hasMore)
        {
            if (!TryTakeField(ref rest, out hasMore)) return ReadLog(line);
            ReadOnlySpan<byte> name = _field.AsSpan(0, _fieldLength);
            isDivided |= name.SequenceEqual("zone_first"u8);
            CofField column = CofField.Other;
            foreach ((byte[] known, CofField field) in s_fields)
            {
                if (name.SequenceEqual(known)) column = field;
            }

            if (column != CofField.Other && columns.Contains(column)) return CofError.DuplicateField;
            columns.Add(column);
        }

        if (!columns.Contains(CofField.RrName) || !columns.Contains(CofField.RrType)) return ReadLog(line);
        if (isDivided) return CofError.DividedSets;
        _columns = [.. columns];
        _header = line.ToArray();
        Fate = CofLineFate.Envelope;
        return CofError.None;
    }

    /// <summary>Takes a field off the line into <see cref="_field"/>, without its quotes.</summary>
    private bool TryTakeField(ref ReadOnlySpan<byte> line, out bool hasMore)
    {
        hasMore = false;
        if (line.Length > _field.Length) _field = new byte[Math.Max(line.Length, 2 * _field.Length)];
        _fieldLength = 0;
        if (line is not [(byte)'"', ..])
        {
            int end = line.IndexOf((byte)',');
            ReadOnlySpan<byte> plain = end < 0 ? line : line[..end];
            if (plain.Contains((byte)'"')) return false;
            plain.CopyTo(_field);
            _fieldLength = plain.Length;
            hasMore = end >= 0;
            line = hasMore ? line[(end + 1)..] : default;
            return true;
        }

        line = line[1..];
        while (true)
        {
            int quote = line.IndexOf((byte)'"');
            if (quote < 0) return false;
            bool isDoubled = quote + 1 < line.Length && line[quote + 1] == '"';
            int taken = isDoubled ? quote + 1 : quote;
            line[..taken].CopyTo(_field.AsSpan(_fieldLength));
            _fieldLength += taken;
            line = line[(isDoubled ? quote + 2 : quote + 1)..];
            if (isDoubled) continue;
            if (line.IsEmpty) return true;
            if (line[0] != ',') return false;
            hasMore = true;
            line = line[1..];
            return true;
        }
    }

    private CofError TakeField(CofField column, ReadOnlySpan<byte> text)
    {
        _seen |= 1u << (int)column;
        switch (column)
        {
            case CofField.RrName:
                return TryParseName(text, _name, out _nameLength) ? CofError.None : CofError.MalformedName;
            case CofField.RrType:
                return TryParseType(text) ? CofError.None : CofError.UnknownType;
            case CofField.Bailiwick:
                return TryParseName(text, _bailiwick, out _bailiwickLength) ? CofError.None : CofError.MalformedBailiwick;
            case CofField.Provenance:
                return TakeProvenance(text);
            case CofField.Coarsened:
                _isCoarsened = text.SequenceEqual("true"u8);
                return _isCoarsened || text.SequenceEqual("false"u8) ? CofError.None : CofError.MalformedIntervals;
            case CofField.NamesSketch:
                byte[] sketch = new byte[text.Length];
                return Base64.DecodeFromUtf8(text, sketch, out _, out int decoded) == OperationStatus.Done ? TakeSketch(sketch[..decoded]) : CofError.MalformedFolding;
            case CofField.Rdata or CofField.Wire or CofField.Intervals or CofField.Witnesses or CofField.Folded:
                return TakeList(column, text);
            default:
                CofError error = IsTime(column) ? CofError.MalformedTime : CofError.MalformedCount;
                return TryParseNumber(text, IsTime(column), out long number) ? TakeNumber(column, number) : error;
        }
    }

    private CofError TakeList(CofField column, ReadOnlySpan<byte> list)
    {
        byte separator = column == CofField.Rdata ? CofCsvWriter.RecordSeparator : (byte)' ';
        bool hasMore = true;
        while (hasMore)
        {
            int end = list.IndexOf(separator);
            hasMore = end >= 0;
            ReadOnlySpan<byte> item = hasMore ? list[..end] : list;
            if (hasMore) list = list[(end + 1)..];
            CofError error = column switch
            {
                CofField.Rdata => AddText(item),
                CofField.Wire => AddWire(item),
                CofField.Witnesses => AddWitness(item),
                CofField.Folded => AddFolding(item),
                _ => AddInterval(item),
            };
            if (error != CofError.None) return error;
        }

        return CofError.None;
    }

    private CofError AddText(ReadOnlySpan<byte> text)
    {
        if (_texts.Count == options.MaxRrsetRecords) return CofError.RrsetTooLarge;
        _arenaLength = EndOfTexts();
        _texts.Add((_arenaLength, Keep(text)));
        return CofError.None;
    }

    /// <summary>An interval as <c>first-last:count</c>.</summary>
    private CofError AddInterval(ReadOnlySpan<byte> text)
    {
        int dash = text.IndexOf((byte)'-'), colon = text.IndexOf((byte)':');
        return dash > 0 && colon > dash && TryParseWhole(text[..dash], out long first) && TryParseWhole(text[(dash + 1)..colon], out long last)
            && TryParseWhole(text[(colon + 1)..], out long count)
            ? AddInterval(new SightingInterval(first, last, count))
            : CofError.MalformedIntervals;
    }

    private static bool TryParseWhole(ReadOnlySpan<byte> text, out long number) =>
        Utf8Parser.TryParse(text, out number, out int used) && used == text.Length;

    /// <summary>In CSV the same two columns hold the times of every row; the provenance tells whether they are those of zone files.</summary>
    private CofError FinishCsv()
    {
        if (_provenance == Provenance.ZoneFile && !Has(CofField.ZoneTimeFirst) && !Has(CofField.ZoneTimeLast))
        {
            Move(CofField.TimeFirst, CofField.ZoneTimeFirst);
            Move(CofField.TimeLast, CofField.ZoneTimeLast);
        }

        return Finish();
    }

    private void Move(CofField from, CofField to)
    {
        if (!Has(from)) return;
        Set(to, _numbers[(int)from]);
        _seen &= ~(1u << (int)from);
    }
}
