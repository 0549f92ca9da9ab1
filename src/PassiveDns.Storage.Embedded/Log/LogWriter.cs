using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PassiveDns.Storage.Embedded.Files;

namespace PassiveDns.Storage.Embedded.Log;

/// <summary>Writes one log file. Not for several threads.</summary>
internal sealed class LogWriter : IDisposable
{
    private const int KeptOctets = 32 << 20;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private byte[] _buffer = [];
    private int _length;
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
    public long RoomOctets => _buffer.Length;

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

    /// <summary>Adds a record to the group that <see cref="Commit"/> writes.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="group">The number of the group.</param>
    /// <param name="behind">How many records of the group come after it.</param>
    public void Add(ObservationBatch batch, long group, int behind)
    {
        ReadOnlySpan<byte> rows = batch.Rows.Packed;
        string sensor = batch.Id.Sensor.Value;
        int payload = checked(LogFormat.BatchHead + sensor.Length + rows.Length);
        int end = checked(_length + LogFormat.RecordFrame + payload);
        if (end > _buffer.Length) Array.Resize(ref _buffer, (int)Math.Min(Math.Max(2L * _buffer.Length, end), Array.MaxLength));
        Span<byte> record = _buffer.AsSpan(_length, end - _length);
        BinaryPrimitives.WriteUInt32LittleEndian(record, LogFormat.Marker);
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], payload);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], group);
        BinaryPrimitives.WriteInt32LittleEndian(record[16..], behind);
        Span<byte> body = record[LogFormat.RecordHead..];
        BinaryPrimitives.WriteUInt64LittleEndian(body, batch.Id.Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(body[8..], batch.Id.Sequence);
        body[16] = (byte)Encoding.ASCII.GetBytes(sensor, body[LogFormat.BatchHead..]);
        rows.CopyTo(body[(LogFormat.BatchHead + sensor.Length)..]);
        Crc32C.Seal(record);
        _length = end;
    }

    /// <summary>Writes the group and returns when it is on the disk.</summary>
    /// <exception cref="ObservationStoreException">It is not: nothing of the group is in the log then.</exception>
    public void Commit()
    {
        if (_isBroken) throw Broken(null);
        try
        {
            RandomAccess.Write(_file, _buffer.AsSpan(0, _length), _end);
        }
        catch (IOException failure)
        {
            Retract(failure);
            throw new ObservationStoreException($"{_path} cannot be written ({failure.Message}): make room on the disk and try again.", true, failure);
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

        _end += _length;
        Clear();
    }

    /// <summary>Forgets what was added and not committed.</summary>
    public void Clear()
    {
        _length = 0;
        if (_buffer.Length > KeptOctets) _buffer = [];
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Cuts off what a failed write left, so that nothing stands between this and the next group.</summary>
    private void Retract(IOException failure)
    {
        try
        {
            RandomAccess.SetLength(_file, _end);
        }
        catch (IOException)
        {
            _isBroken = true;
            throw Broken(failure);
        }
    }

    private ObservationStoreException Broken(IOException? failure) =>
        new($"{_path} could not be made durable ({failure?.Message ?? "an earlier write failed"}): check the disk, then close the store and open it again.", false, failure);
}
