using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using PassiveDns.Storage.Batches;

namespace PassiveDns.Storage.Spooling;

/// <summary>
/// A directory of batches that were not believed: each in a file of its own, in the form of the spool's, with the reason. People look at them, and either
/// give them to the store after all, with the same <see cref="BatchId"/>, or delete the files.
/// </summary>
/// <remarks>A batch is there at most once, however often it comes. One thread at a time may add.</remarks>
public sealed class BatchQuarantine
{
    private const string Extension = ".batch";

    private readonly string _directory;
    private readonly long _maxBytes;

    /// <summary>Opens a quarantine and makes its directory if there is none.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="maxBytes">The most octets of all files together, 1 or more. Default 256 MiB.</param>
    /// <exception cref="ArgumentException">The directory is not named, or the bound is not positive.</exception>
    /// <exception cref="IOException">The directory cannot be made.</exception>
    public BatchQuarantine(string directory, long maxBytes = 256 << 20)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        Directory.CreateDirectory(directory);
        _directory = directory;
        _maxBytes = maxBytes;
    }

    /// <summary>Puts a batch into quarantine; when the call returns, it is on the disk.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="reason">Why, in a word or a few: up to 255 ASCII characters.</param>
    /// <returns><c>false</c> if there is no room for it.</returns>
    /// <exception cref="IOException">The disk failed.</exception>
    public bool TryAdd(ObservationBatch batch, string reason)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(reason);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reason.Length, byte.MaxValue);
        string path = PathOf(batch.Id);
        if (File.Exists(path)) return true;
        long length = BatchFrame.FileLength + BatchRecord.LengthOf(batch) + reason.Length;
        if (new DirectoryInfo(_directory).EnumerateFiles("*" + Extension).Sum(file => file.Length) + length > _maxBytes) return false;

        // Under another name first, so that a file with the right name is whole.
        string unfinished = path + ".unfinished";
        using (FileStream file = new(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            Span<byte> frame = stackalloc byte[BatchFrame.FileLength];
            RandomNumberGenerator.Fill(frame[..sizeof(ulong)]);
            ulong salt = BinaryPrimitives.ReadUInt64BigEndian(frame);
            BatchFrame.WriteFile(frame, salt);
            file.Write(frame);
            BatchRecord.Append(file, salt, batch, reason);
        }

        File.Move(unfinished, path, overwrite: true);
        return true;
    }

    /// <summary>Reads what is there, in the order of sensor, epoch and sequence; one batch is in memory at a time.</summary>
    /// <exception cref="IOException">A file cannot be read, or is of a newer version.</exception>
    public IEnumerable<QuarantinedBatch> Read()
    {
        foreach (string path in Directory.GetFiles(_directory, "*" + Extension).Order(StringComparer.Ordinal))
        {
            using SegmentReader reader = new(path);
            reader.TryRead(reader.Length, out ObservationBatch? batch, out string reason, out _);
            yield return new(Path.GetFileName(path), reader.Length, reason, batch);
        }
    }

    /// <summary>Gives a batch to a store with its own id, and takes it out of the quarantine once it is there.</summary>
    /// <param name="id">The id of the batch.</param>
    /// <param name="store">The store.</param>
    /// <param name="cancellationToken">Ends the wait before the batch is applied.</param>
    /// <returns>What the store said, or <c>null</c> if there is no whole batch of this id.</returns>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="ObservationStoreException">The store failed; the batch stays.</exception>
    public async ValueTask<WriteResult?> ReleaseAsync(BatchId id, IObservationStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        string path = PathOf(id);
        if (!File.Exists(path)) return null;
        ObservationBatch? batch;
        using (SegmentReader reader = new(path)) reader.TryRead(reader.Length, out batch, out _, out _);
        if (batch is null || batch.Id != id) return null;
        WriteResult result = await store.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        File.Delete(path);
        return result;
    }

    // A sensor's name holds nothing that a file's name must not.
    private string PathOf(BatchId id) =>
        Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{id.Sensor}-{id.Epoch:x16}-{id.Sequence:D20}{Extension}"));
}
