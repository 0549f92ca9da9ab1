using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace PassiveDns.Storage.Cof;

/// <summary>
/// Writes rows as CSV (RFC 4180) with the names of the Common Output Format as header. <see cref="CofReader"/> reads it back; the media type is
/// <c>text/csv</c>. docs/exchange-formats.md describes the columns.
/// </summary>
/// <remarks>
/// A line is a row, an RRset: the records in <c>rdata</c> are separated by a tab, which presentation text never holds (RFC 1035 section 5.1 has it escaped as
/// <c>\009</c>). Nothing is done to names that a spreadsheet takes for formulas: what was answered is written as it was answered.
/// </remarks>
public sealed class CofCsvWriter : IDisposable
{
    /// <summary>What separates the records in <c>rdata</c>: a tab. All other lists are separated by a blank.</summary>
    public const byte RecordSeparator = (byte)'\t';

    private const string Columns = "rrname,rrtype,rdata,time_first,time_last,count,bailiwick,provenance,ttl_min,ttl_max,folded";
    private const string ExactColumns = ",intervals,coarsened,witnesses,rdata_wire,names_sketch";
    private const int Buffered = 1 << 16;

    private static readonly SearchValues<byte> s_quoted = SearchValues.Create("\",\r\n"u8);

    private readonly Stream _stream;
    private readonly bool _isExact;
    private readonly ArrayBufferWriter<byte> _lines = new(Buffered);
    private readonly ArrayBufferWriter<byte> _field = new(1024);
    private byte[] _text = new byte[8 * DomainName.MaxWireLength];

    /// <summary>Writes onto a stream, buffered; <see cref="Flush"/> or <see cref="Dispose"/> hands on what is left. The stream stays open.</summary>
    /// <param name="destination">Takes whole lines.</param>
    /// <param name="isExact">Whether to add the columns with which a reader makes the same rows again.</param>
    /// <param name="writesHeader">Whether the header comes first; <c>false</c> goes on with a file that has one.</param>
    public CofCsvWriter(Stream destination, bool isExact = false, bool writesHeader = true)
    {
        ArgumentNullException.ThrowIfNull(destination);
        _stream = destination;
        _isExact = isExact;
        if (!writesHeader) return;
        WriteAscii(_lines, Columns);
        if (isExact) WriteAscii(_lines, ExactColumns);
        _lines.Write("\r\n"u8);
    }

    /// <summary>Writes the rows of a page.</summary>
    /// <param name="rows">The rows.</param>
    public void Write(ObservationRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (ObservationRow row in rows) Write(row);
    }

    /// <summary>Writes a row.</summary>
    /// <param name="row">The row.</param>
    /// <exception cref="FormatException">The row is damaged.</exception>
    public void Write(scoped in ObservationRow row)
    {
        if (!SightingCodec.TryReadBounds(row.History, out SightingInterval life) || !SightingCursor.TryOpen(row.History, out SightingCursor history))
            throw new FormatException("A packed sighting history is damaged.");
        WriteName(row.RrName);
        End(',');
        WriteAscii(_field, RecordTypeNames.Format(row.Type));
        End(',');
        WriteRdata(row);
        WriteNumber(life.First);
        WriteNumber(life.Last);
        WriteNumber(life.Count);
        WriteName(row.Bailiwick);
        End(',');
        _field.Write(CofProvenance.Word(row.Provenance));
        End(',');
        if (history.HasTtl) Append(history.MinTtl);
        End(',');
        if (history.HasTtl) Append(history.MaxTtl);
        End(',');
        WriteFolding(history.Folding);
        if (_isExact) WriteRest(row, history);
        End('\r');
        _lines.Write("\n"u8);
        if (_lines.WrittenCount >= Buffered) Flush();
    }

    /// <summary>Hands buffered lines to the stream.</summary>
    public void Flush()
    {
        _stream.Write(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
    }

    /// <summary>Hands on what is left; the stream stays open.</summary>
    public void Dispose() => Flush();

    private void WriteName(ReadOnlySpan<byte> wire)
    {
        if (!DomainName.TryFromWire(wire, out DomainName name)) throw new FormatException("A name in a row is damaged.");
        name.TryFormat(_text, out int length, default, CultureInfo.InvariantCulture);
        _field.Write(_text.AsSpan(0, length > 1 ? length - 1 : length)); // without the final dot, as in the Common Output Format
    }

    private void WriteRdata(in ObservationRow row)
    {
        bool isFirst = true;
        foreach (ReadOnlySpan<byte> record in row.Rdata)
        {
            int length;
            while (!RdataText.TryFormat(row.Type, record, _text, out length)) _text = new byte[2 * _text.Length];
            if (!isFirst) _field.Write([RecordSeparator]);
            isFirst = false;
            _field.Write(_text.AsSpan(0, length));
        }

        End(',');
    }

    /// <summary>Always written, so that nobody takes a summary for an answer.</summary>
    private void WriteFolding(SightingFolding folding)
    {
        bool isFirst = true;
        foreach ((SightingFolding flag, byte[] word) in CofFolding.Words)
        {
            if ((folding & flag) == 0) continue;
            if (!isFirst) _field.Write(" "u8);
            isFirst = false;
            _field.Write(word);
        }
    }

    private void WriteRest(in ObservationRow row, SightingCursor history)
    {
        End(',');
        for (int i = 0; history.TryNext(out SightingInterval interval); i++)
        {
            if (i > 0) _field.Write(" "u8);
            Append(interval.First);
            _field.Write("-"u8);
            Append(interval.Last);
            _field.Write(":"u8);
            Append(interval.Count);
        }

        End(',');
        if (history.IsCoarsened) _field.Write("true"u8);
        End(',');
        for (int i = 0; i < history.WitnessCount; i++)
        {
            if (i > 0) _field.Write(" "u8);
            WriteAscii(_field, history.Witness(i).ToString("x8", CultureInfo.InvariantCulture));
        }

        End(',');
        bool isFirst = true;
        foreach (ReadOnlySpan<byte> record in row.Rdata)
        {
            if (!isFirst) _field.Write(" "u8);
            isFirst = false;
            Convert.TryToHexStringLower(record, _field.GetSpan(2 * record.Length), out int written);
            _field.Advance(written);
        }

        End(',');
        Base64.EncodeToUtf8(history.PackedNames, _field.GetSpan(Base64.GetMaxEncodedToUtf8Length(history.PackedNames.Length)), out _, out int encoded);
        _field.Advance(encoded);
    }

    private void WriteNumber(long number)
    {
        Append(number);
        End(',');
    }

    private void Append(long number)
    {
        number.TryFormat(_field.GetSpan(20), out int written, default, CultureInfo.InvariantCulture);
        _field.Advance(written);
    }

    /// <summary>Ends the field, in quotes if it needs them (RFC 4180 section 2, rules 5 to 7).</summary>
    private void End(char behind)
    {
        ReadOnlySpan<byte> field = _field.WrittenSpan;
        if (field.ContainsAny(s_quoted))
        {
            _lines.Write("\""u8);
            for (int quote; (quote = field.IndexOf((byte)'"')) >= 0; field = field[(quote + 1)..])
            {
                _lines.Write(field[..(quote + 1)]);
                _lines.Write("\""u8);
            }

            _lines.Write(field);
            _lines.Write("\""u8);
        }
        else
        {
            _lines.Write(field);
        }

        _lines.Write([(byte)behind]);
        _field.ResetWrittenCount();
    }

    private static void WriteAscii(ArrayBufferWriter<byte> destination, string text)
    {
        int written = System.Text.Encoding.ASCII.GetBytes(text, destination.GetSpan(text.Length));
        destination.Advance(written);
    }
}
