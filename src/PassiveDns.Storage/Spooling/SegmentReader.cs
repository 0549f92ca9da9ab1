using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using PassiveDns.Storage.Batches;

namespace PassiveDns.Storage.Spooling;

/// <summary>
/// Reads the records of a segment file one after the other. Whatever the file holds, the time is linear in its length, never more than one record is in
/// memory, and what had to be passed over is told.
/// </summary>
internal sealed class SegmentReader : IDisposable
{
    private const int MinChunkLength = 512;
    private const int MaxChunkLength = 64 * 1024;

    private readonly SafeFileHandle _file;
    private readonly string _name;
    private ulong _salt;
    private bool _hasSalt;

    /// <summary>Opens a file. Others may append to it meanwhile.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public SegmentReader(string path)
    {
        _name = Path.GetFileName(path);
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>The octets of the file.</summary>
    public long Length => RandomAccess.GetLength(_file);

    /// <summary>Where the next record is expected.</summary>
    public long Position { get; private set; }

    /// <summary>Reads the next record, or the next stretch that is none.</summary>
    /// <param name="end">Where the file ends for this reader: what stands behind is being written.</param>
    /// <param name="batch">The batch, or <c>null</c>.</param>
    /// <param name="reason">Why the batch is in quarantine; empty in a spool.</param>
    /// <param name="damage">What was passed over, or <c>null</c>.</param>
    /// <returns><c>false</c> at the end; else there is either a batch or damage.</returns>
    /// <exception cref="IOException">The file cannot be read or was written by a newer version.</exception>
    public bool TryRead(long end, out ObservationBatch? batch, out string reason, out SpoolDamage? damage)
    {
        batch = null;
        reason = "";
        damage = null;
        if (Position >= end) return false;
        if (!_hasSalt && !TryReadFileFrame(end))
        {
            damage = PassOver(end, "this is no segment file, or its first octets are damaged");
            return true;
        }

        if (Position >= end) return false;
        Span<byte> frame = stackalloc byte[BatchFrame.RecordLength];
        if (end - Position < frame.Length || !TryFill(frame, Position) || !BatchFrame.TryReadRecord(frame, BatchFrame.RecordMark, _salt, out int length, out uint checksum))
        {
            damage = PassOver(FindRecord(Position + 1, end), "a record's frame is damaged or cut off");
            return true;
        }

        if (length > end - Position - frame.Length)
        {
            damage = PassOver(end, "a record is cut off"); // the length is trusted: its frame's checksum holds
            return true;
        }

        long next = Position + frame.Length + length;
        if (TryReadBody(Position + frame.Length, length, checksum, out batch, out reason)) Position = next;
        else damage = PassOver(next, "a record's checksum or content is wrong");
        return true;
    }

    public void Dispose() => _file.Dispose();

    private bool TryReadFileFrame(long end)
    {
        Span<byte> frame = stackalloc byte[BatchFrame.FileLength];
        bool isNewer = false;
        if (end < frame.Length || !TryFill(frame, 0) || !BatchFrame.TryReadFile(frame, out _salt, out isNewer))
        {
            return isNewer ? throw new IOException($"{_name}: it was written by a newer version of this program; use that one, or move the file away.") : false;
        }

        _hasSalt = true;
        Position = frame.Length;
        return true;
    }

    private bool TryReadBody(long at, int length, uint checksum, [NotNullWhen(true)] out ObservationBatch? batch, out string reason)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            Span<byte> body = rented.AsSpan(0, length);
            if (TryFill(body, at) && BatchFrame.Checksum((uint)_salt, body) == checksum && BatchRecord.TryRead(body, out batch, out reason)) return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        batch = null;
        reason = "";
        return false;
    }

    private SpoolDamage PassOver(long to, string problem)
    {
        SpoolDamage damage = new(_name, Position, to - Position, problem);
        Position = to;
        return damage;
    }

    /// <summary>Where the next frame stands whose checksum holds, or <paramref name="end"/>.</summary>
    private long FindRecord(long from, long end)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(MaxChunkLength);
        try
        {
            int length = MinChunkLength; // small at first, so that records between short stretches of damage do not make it read all of the file again and again
            while (end - from >= BatchFrame.RecordLength)
            {
                Span<byte> here = chunk.AsSpan(0, (int)Math.Min(length, end - from));
                if (!TryFill(here, from)) return end;
                int last = here.Length - BatchFrame.RecordLength;
                for (int at = 0; at <= last; at++)
                {
                    int found = here[at..(last + BatchFrame.RecordMark.Length)].IndexOf(BatchFrame.RecordMark);
                    if (found < 0) break;
                    at += found;
                    if (BatchFrame.TryReadRecord(here[at..], BatchFrame.RecordMark, _salt, out _, out _)) return from + at;
                }

                length = Math.Min(2 * length, MaxChunkLength);
                from += last + 1; // a frame that began in the last octets of this chunk is whole in the next
            }

            return end;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private bool TryFill(Span<byte> destination, long at)
    {
        while (!destination.IsEmpty)
        {
            int read = RandomAccess.Read(_file, destination, at);
            if (read == 0) return false;
            destination = destination[read..];
            at += read;
        }

        return true;
    }
}
