using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PassiveDns.Storage.Batches;

/// <summary>The body of a record: one batch and, in quarantine, why it is there.</summary>
/// <remarks>
/// <code>
/// body = reason length u8, reason (ASCII), sensor length u8, sensor (ASCII), epoch u64, sequence u64, rows u32, the rows (see ObservationRows)
/// </code>
/// </remarks>
internal static class BatchRecord
{
    private const int MaxHead = BatchFrame.RecordLength + 1 + byte.MaxValue + 1 + SensorId.MaxLength + 8 + 8 + 4;

    /// <summary>Octets that a batch takes in a file.</summary>
    public static long LengthOf(ObservationBatch batch) => BatchFrame.RecordLength + 22 + batch.Id.Sensor.Value.Length + (long)batch.Rows.Packed.Length;

    /// <summary>Writes a record at the end of a file and forces it to the disk.</summary>
    /// <returns>The octets written.</returns>
    public static long Append(FileStream file, ulong salt, ObservationBatch batch, string reason)
    {
        long written = Write(file, salt, batch, reason);
        file.Flush(flushToDisk: true);
        return written;
    }

    /// <summary>Writes a record.</summary>
    /// <returns>The octets written.</returns>
    public static long Write(Stream file, ulong salt, ObservationBatch batch, string reason)
    {
        Span<byte> head = stackalloc byte[MaxHead];
        int at = BatchFrame.RecordLength;
        at += WriteText(head[at..], reason);
        at += WriteText(head[at..], batch.Id.Sensor.Value);
        BinaryPrimitives.WriteUInt64BigEndian(head[at..], batch.Id.Epoch);
        BinaryPrimitives.WriteUInt64BigEndian(head[(at + 8)..], batch.Id.Sequence);
        BinaryPrimitives.WriteInt32BigEndian(head[(at + 16)..], batch.Rows.Count);
        at += 20;
        ReadOnlySpan<byte> rows = batch.Rows.Packed;
        int body = at - BatchFrame.RecordLength + rows.Length;
        if (body > BatchFrame.MaxBody)
        {
            throw new ArgumentException($"The batch {batch.Id} has {rows.Length} octets: make batches of {BatchFrame.MaxBody >> 20} MiB at most.", nameof(batch));
        }

        uint checksum = BatchFrame.Checksum(BatchFrame.Checksum((uint)salt, head[BatchFrame.RecordLength..at]), rows);
        BatchFrame.WriteRecord(head, BatchFrame.RecordMark, salt, body, checksum);
        file.Write(head[..at]);
        file.Write(rows);
        return at + rows.Length;
    }

    /// <summary>Reads a body whose checksum holds. It is looked at all the same: what stands in a file may come from anywhere.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out ObservationBatch? batch, out string reason)
    {
        batch = null;
        if (!TryReadText(ref body, out reason) || !TryReadText(ref body, out string sensor) || !SensorId.IsValid(sensor) || body.Length < 20) return false;
        BatchId id = new(new(sensor), BinaryPrimitives.ReadUInt64BigEndian(body), BinaryPrimitives.ReadUInt64BigEndian(body[8..]));
        if (!ObservationRows.TryUnpack(body[20..], out ObservationRows? rows) || rows.Count != BinaryPrimitives.ReadUInt32BigEndian(body[16..])) return false;
        batch = new(id, rows);
        return true;
    }

    private static int WriteText(Span<byte> destination, string text)
    {
        destination[0] = (byte)Encoding.ASCII.GetBytes(text, destination[1..]);
        return 1 + destination[0];
    }

    private static bool TryReadText(ref ReadOnlySpan<byte> source, out string text)
    {
        text = "";
        if (source.IsEmpty || source.Length <= source[0]) return false;
        text = Encoding.ASCII.GetString(source.Slice(1, source[0]));
        source = source[(1 + source[0])..];
        return true;
    }
}
