using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PassiveDns.Storage.Batches;

/// <summary>
/// Writes batches into a file or onto any other stream, with all that is known: ids, intervals, TTLs, witnesses and flags. docs/file-format.md describes the
/// octets; they pack well with gzip or Zstandard. <see cref="BatchFileReader"/> reads them back.
/// </summary>
public sealed class BatchFileWriter
{
    private readonly Stream _stream;

    /// <summary>Begins a file.</summary>
    /// <param name="destination">Where it goes; it stays open.</param>
    public BatchFileWriter(Stream destination)
        : this(destination, new(BinaryPrimitives.ReadUInt64BigEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))), 0, 0))
    {
        Span<byte> frame = stackalloc byte[BatchFrame.FileLength];
        BatchFrame.WriteFile(frame, Position.Salt);
        destination.Write(frame);
    }

    /// <summary>Goes on with a file of which everything up to a position was written, and nothing more.</summary>
    /// <param name="destination">The file, at its end.</param>
    /// <param name="position">What <see cref="Position"/> said then.</param>
    public BatchFileWriter(Stream destination, BatchFilePosition position)
    {
        ArgumentNullException.ThrowIfNull(destination);
        _stream = destination;
        Position = position;
    }

    /// <summary>How far the file has come.</summary>
    public BatchFilePosition Position { get; private set; }

    /// <summary>Writes a batch.</summary>
    /// <param name="batch">The batch, of 128 MiB at most.</param>
    /// <param name="note">At most 255 ASCII characters of why it is here; empty for none.</param>
    public void Write(ObservationBatch batch, string note = "")
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(note);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(note.Length, byte.MaxValue, nameof(note));
        BatchRecord.Write(_stream, Position.Salt, batch, note);
        Position = Position with { Batches = Position.Batches + 1, Rows = Position.Rows + batch.Rows.Count };
    }

    /// <summary>Ends the file; a file without it counts as cut off. Nothing may be written behind it, but another whole file.</summary>
    public void Complete()
    {
        Span<byte> record = stackalloc byte[BatchFrame.RecordLength + BatchFrame.EndLength];
        BinaryPrimitives.WriteInt64BigEndian(record[BatchFrame.RecordLength..], Position.Batches);
        BinaryPrimitives.WriteInt64BigEndian(record[(BatchFrame.RecordLength + 8)..], Position.Rows);
        uint checksum = BatchFrame.Checksum((uint)Position.Salt, record[BatchFrame.RecordLength..]);
        BatchFrame.WriteRecord(record, BatchFrame.EndMark, Position.Salt, BatchFrame.EndLength, checksum);
        _stream.Write(record);
    }
}
