using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Log;

/// <summary>Reads a log file back, batch by batch, and tells a torn tail from damage.</summary>
internal sealed class LogReader : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly long _length;
    private readonly bool _isLast;
    private byte[] _record = [];
    private int _behind;

    /// <param name="path">The file.</param>
    /// <param name="number">Its number.</param>
    /// <param name="isLast">Whether a writer may have died in it: an older log has no torn tail.</param>
    /// <exception cref="ObservationStoreException">It is no log, or of another format.</exception>
    public LogReader(string path, long number, bool isLast)
    {
        _path = path;
        _isLast = isLast;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            _length = RandomAccess.GetLength(_file);
            ReadHeader(number);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Where the last whole record ends.</summary>
    public long End { get; private set; }

    /// <summary>The highest group that was read; 0 if there was none.</summary>
    public long Group { get; private set; }

    /// <summary>Octets behind the last whole record: what was being written when the writer ended.</summary>
    public long Torn => _length - End;

    /// <summary>Reads the next batch.</summary>
    /// <returns><c>null</c> at the end.</returns>
    /// <exception cref="ObservationStoreException">The log is damaged before its end.</exception>
    public ObservationBatch? Next()
    {
        if (End == _length || Torn == _length) return null;
        if (!TryReadRecord(End, out long group, out int behind, out int length))
        {
            ThrowIfAcknowledged();
            return null;
        }

        long at = End;
        ObservationBatch batch = TryParse(_record.AsSpan(LogFormat.RecordHead, length - LogFormat.RecordFrame))
            ?? throw StoreDamage.In(_path, at, "a batch cannot be read");
        End += length;
        Group = group;
        _behind = behind;
        return batch;
    }

    public void Dispose() => _file.Dispose();

    private void ReadHeader(long number)
    {
        // a writer that dies while it makes the file leaves less than a header, and nothing was acknowledged in it
        if (_length < LogFormat.HeaderLength && _isLast) return;
        if (_length < LogFormat.HeaderLength) throw StoreDamage.In(_path, _length, "the file ends there");
        Span<byte> header = stackalloc byte[LogFormat.HeaderLength];
        FileTable.ReadAll(_file, header, 0, _path);
        if (_isLast && _length == LogFormat.HeaderLength && !header.ContainsAnyExcept((byte)0)) return;
        if (!header.StartsWith(LogFormat.Magic)) throw StoreDamage.In(_path, 0, "this is no log");
        if (!Crc32C.IsSound(header)) throw StoreDamage.In(_path, 0, "the checksum of the header does not fit");
        int format = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (format != LogFormat.Format)
        {
            throw new ObservationStoreException($"{_path} has format {format}, this version reads format {LogFormat.Format}: use a newer version of PassiveDns.");
        }

        if (BinaryPrimitives.ReadInt64LittleEndian(header[12..]) != number) throw StoreDamage.In(_path, 12, "this is another log's file");
        End = LogFormat.HeaderLength;
    }

    private bool TryReadRecord(long at, out long group, out int behind, out int length)
    {
        group = 0;
        behind = 0;
        length = 0;
        Span<byte> head = stackalloc byte[LogFormat.RecordHead];
        if (_length - at < LogFormat.RecordFrame) return false;
        FileTable.ReadAll(_file, head, at, _path);
        int payload = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(head) != LogFormat.Marker || payload is < LogFormat.BatchHead or > LogFormat.MaxPayload
            || payload > _length - at - LogFormat.RecordFrame)
        {
            return false;
        }

        length = payload + LogFormat.RecordFrame;
        if (_record.Length < length) _record = new byte[Math.Max(length, Math.Min(2L * _record.Length, LogFormat.MaxPayload))];
        Span<byte> record = _record.AsSpan(0, length);
        FileTable.ReadAll(_file, record, at, _path);
        group = BinaryPrimitives.ReadInt64LittleEndian(head[8..]);
        behind = BinaryPrimitives.ReadInt32LittleEndian(head[16..]);
        return Crc32C.IsSound(record);
    }

    /// <summary>
    /// What stands at the end cannot be read. If a sound record of a later group stands behind it, then a sync had come between: what is
    /// unreadable had been acknowledged, and to go on without it would be to lose it without a word.
    /// </summary>
    private void ThrowIfAcknowledged()
    {
        if (!_isLast) throw StoreDamage.In(_path, End, "a record cannot be read");
        long tornGroup = Group + (_behind > 0 ? 0 : 1);
        byte[] window = new byte[64 << 10];
        Span<byte> marker = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(marker, LogFormat.Marker);
        for (long at = End + 1; at < _length;)
        {
            int read = RandomAccess.Read(_file, window, at);
            if (read < marker.Length) return;
            int found = window.AsSpan(0, read).IndexOf(marker);
            if (found < 0)
            {
                at += read - marker.Length + 1;
                continue;
            }

            at += found;
            if (TryReadRecord(at, out long group, out _, out _) && group > tornGroup) throw StoreDamage.In(_path, End, "a record that was acknowledged cannot be read");
            at++;
        }
    }

    private static ObservationBatch? TryParse(ReadOnlySpan<byte> payload)
    {
        int name = payload[16];
        if (payload.Length < LogFormat.BatchHead + name) return null;
        string sensor = Encoding.ASCII.GetString(payload.Slice(LogFormat.BatchHead, name));
        if (!SensorId.IsValid(sensor)) return null;
        ReadOnlySpan<byte> packed = payload[(LogFormat.BatchHead + name)..];
        ObservationRows rows = new(Math.Max(packed.Length, 1));
        const int Fixed = 13; // the fixed part of a row, see ObservationRows
        for (; !packed.IsEmpty; )
        {
            if (packed.Length < Fixed) return null;
            int owner = packed[4];
            int history = BinaryPrimitives.ReadInt32BigEndian(packed[5..]), rdata = BinaryPrimitives.ReadInt32BigEndian(packed[9..]);
            long length = (long)Fixed + owner + history + rdata;
            if (history < 0 || rdata < 0 || length > packed.Length) return null;
            rows.Add(new()
            {
                Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(packed),
                BailiwickLabels = packed[2],
                Provenance = (Provenance)packed[3],
                RrName = packed.Slice(Fixed, owner),
                History = packed.Slice(Fixed + owner, history),
                Rdata = new(packed.Slice(Fixed + owner + history, rdata)),
            });
            packed = packed[(int)length..];
        }

        BatchId id = new(new(sensor), BinaryPrimitives.ReadUInt64LittleEndian(payload), BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]));
        return new(id, rows);
    }
}
