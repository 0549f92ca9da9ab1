using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PassiveDns.Storage.Embedded.Files;

namespace PassiveDns.Storage.Embedded.Log;

/// <summary>Writes one log file. Not for several threads.</summary>
internal sealed class LogWriter : IDisposable
{
    private const int BufferLength = 256 << 10;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly byte[] _buffer = new byte[BufferLength];
    private int _buffered;
    private long _written = LogFormat.HeaderLength; // of the group that is not committed yet, too
    private long _end = LogFormat.HeaderLength;
    private bool _isBroken;

    private LogWriter(string path, long number, SafeFileHandle file)
    {
        _path = path;
        Number = number;
        _file = file;
    }

    public long Number { get; }

    /// <summary>Octets in memory in which records are put together.</summary>
    public static long RoomOctets => BufferLength;

    /// <summary>Octets of the file.</summary>
    public long Length => _end;

    /// <summary>Makes a log file, durable with its name.</summary>
    public static LogWriter Create(StoreFiles files, long number)
    {
        string path = files.Log(number);
        SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        try
        {
            RandomAccess.Write(file, LogFormat.Header(number), 0);
            RandomAccess.FlushToDisk(file);
            DurableDirectory.Sync(files.Directory);
            return new(path, number, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds a record to the group that <see cref="Commit"/> makes durable. Long ones go into the file at once, from where the caller has them.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="group">The number of the group.</param>
    /// <param name="behind">How many records of the group come after it.</param>
    /// <exception cref="ObservationStoreException">The file cannot be written: nothing of the group is in the log then.</exception>
    public void Add(ObservationBatch batch, long group, int behind)
    {
        if (_isBroken) throw Broken(null);
        ReadOnlySpan<byte> rows = batch.Rows.Packed;
        string sensor = batch.Id.Sensor.Value;
        Span<byte> head = stackalloc byte[LogFormat.RecordHead + LogFormat.BatchHead + byte.MaxValue];
        head = head[..(LogFormat.RecordHead + LogFormat.BatchHead + sensor.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(head, LogFormat.Marker);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], checked(LogFormat.BatchHead + sensor.Length + rows.Length));
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], group);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], behind);
        Span<byte> body = head[LogFormat.RecordHead..];
        BinaryPrimitives.WriteUInt64LittleEndian(body, batch.Id.Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(body[8..], batch.Id.Sequence);
        body[16] = (byte)Encoding.ASCII.GetBytes(sensor, body[LogFormat.BatchHead..]);
        Span<byte> checksum = stackalloc byte[Crc32C.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Crc32C.Compute(rows, Crc32C.Compute(head)));
        try
        {
            Append(head);
            Append(rows);
            Append(checksum);
        }
        catch (IOException failure)
        {
            throw NotWritten(failure);
        }
    }

    /// <summary>Writes what is left of the group and returns when all of it is on the disk.</summary>
    /// <exception cref="ObservationStoreException">It is not: nothing of the group is in the log then.</exception>
    public void Commit()
    {
        if (_isBroken) throw Broken(null);
        try
        {
            Drain();
        }
        catch (IOException failure)
        {
            throw NotWritten(failure);
        }

        try
        {
            RandomAccess.FlushToDisk(_file);
        }
        catch (IOException failure)
        {
            // What the system still has in memory after a failed sync nobody knows: only reading the file again can tell.
            _isBroken = true;
            throw Broken(failure);
        }

        _end = _written;
    }

    /// <summary>Forgets what was added and not committed, and cuts off what of it is in the file, so that nothing stands between this and the next group.</summary>
    /// <exception cref="ObservationStoreException">It cannot be cut off: nothing is written into this log any more.</exception>
    public void Clear()
    {
        _buffered = 0;
        if (_written == _end || _isBroken) return;
        try
        {
            RandomAccess.SetLength(_file, _end);
            _written = _end;
        }
        catch (IOException failure)
        {
            _isBroken = true;
            throw Broken(failure);
        }
    }

    public void Dispose() => _file.Dispose();

    private void Append(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > BufferLength - _buffered) Drain();
        if (octets.Length > BufferLength)
        {
            Write(octets);
            return;
        }

        octets.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += octets.Length;
    }

    private void Drain()
    {
        if (_buffered > 0) Write(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }

    private void Write(ReadOnlySpan<byte> octets)
    {
        long from = _written;
        _written += octets.Length; // before it is tried: of what fails, a part may be there
        RandomAccess.Write(_file, octets, from);
    }

    private ObservationStoreException NotWritten(IOException failure)
    {
        Clear();
        return new($"{_path} cannot be written ({failure.Message}): make room on the disk and try again.", true, failure);
    }

    private ObservationStoreException Broken(IOException? failure) =>
        new($"{_path} could not be made durable ({failure?.Message ?? "an earlier write failed"}): check the disk, then close the store and open it again.", false, failure);
}
