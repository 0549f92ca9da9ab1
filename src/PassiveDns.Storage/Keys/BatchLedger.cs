using System.Buffers.Binary;
using System.Text;

namespace PassiveDns.Storage.Keys;

/// <summary>
/// Which batches a store has applied, in any order of arrival: what makes a batch count once. For authors of stores: keep
/// <see cref="EncodeWith"/> under <see cref="KeyOf"/> in the same atomic write as the batch's data, call <see cref="Add"/> when that is
/// durable, and <see cref="Load"/> everything at the next start.
/// </summary>
/// <remarks>
/// For each run of a sensor it keeps ranges of sequence numbers, neighbours joined: 17 octets for a run without holes, whatever its length.
/// It may be used by several threads.
/// </remarks>
public sealed class BatchLedger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SensorId, SortedDictionary<ulong, SequenceRanges>> _sensors = [];

    /// <summary>How many batches each sensor delivered.</summary>
    public IReadOnlyDictionary<SensorId, long> Counts
    {
        get
        {
            lock (_lock) return _sensors.ToDictionary(sensor => sensor.Key, sensor => sensor.Value.Values.Sum(ranges => ranges.Count));
        }
    }

    /// <summary>Whether a batch was applied.</summary>
    /// <param name="id">The batch.</param>
    public bool Contains(BatchId id)
    {
        lock (_lock) return Find(id)?.Contains(id.Sequence) == true;
    }

    /// <summary>Notes that a batch was applied.</summary>
    /// <param name="id">The batch.</param>
    /// <returns><c>false</c> if it was noted before.</returns>
    public bool Add(BatchId id)
    {
        lock (_lock)
        {
            if (!_sensors.TryGetValue(id.Sensor, out SortedDictionary<ulong, SequenceRanges>? epochs)) _sensors[id.Sensor] = epochs = [];
            if (!epochs.TryGetValue(id.Epoch, out SequenceRanges? ranges)) epochs[id.Epoch] = ranges = new();
            return ranges.Add(id.Sequence);
        }
    }

    /// <summary>The highest batch of a sensor, by epoch and then sequence, or <c>null</c> if there is none.</summary>
    /// <param name="sensor">The sensor.</param>
    public BatchId? Highest(SensorId sensor)
    {
        lock (_lock)
        {
            if (!_sensors.TryGetValue(sensor, out SortedDictionary<ulong, SequenceRanges>? epochs)) return null;
            (ulong epoch, SequenceRanges ranges) = epochs.Last();
            return new(sensor, epoch, ranges.Highest);
        }
    }

    /// <summary>The packed ranges of a batch's sensor and epoch as they will be with this batch in them; the ledger does not change.</summary>
    /// <param name="id">The batch.</param>
    public byte[] EncodeWith(BatchId id)
    {
        lock (_lock)
        {
            SequenceRanges ranges = Find(id)?.Copy() ?? new();
            ranges.Add(id.Sequence);
            return ranges.Encode();
        }
    }

    /// <summary>All packed ranges with what they are kept under: for a store that keeps its whole ledger in one place.</summary>
    public IReadOnlyList<(byte[] Key, byte[] Packed)> EncodeAll()
    {
        lock (_lock)
        {
            return [.. _sensors.SelectMany(sensor => sensor.Value, (sensor, epoch) => (KeyOf(new(sensor.Key, epoch.Key, 0)), epoch.Value.Encode()))];
        }
    }

    /// <summary>Takes over the packed ranges of one sensor and epoch.</summary>
    /// <param name="key">What <see cref="KeyOf"/> made.</param>
    /// <param name="packed">What <see cref="EncodeWith"/> made.</param>
    /// <exception cref="FormatException">The octets are damaged.</exception>
    public void Load(ReadOnlySpan<byte> key, ReadOnlySpan<byte> packed)
    {
        string? name = key.Length > 8 ? Encoding.ASCII.GetString(key[..^8]) : null;
        if (!SensorId.IsValid(name)) throw new FormatException("The key of applied batches is damaged.");
        SensorId sensor = new(name!);
        SequenceRanges ranges = SequenceRanges.Decode(packed);
        lock (_lock)
        {
            if (!_sensors.TryGetValue(sensor, out SortedDictionary<ulong, SequenceRanges>? epochs)) _sensors[sensor] = epochs = [];
            epochs[BinaryPrimitives.ReadUInt64BigEndian(key[^8..])] = ranges;
        }
    }

    /// <summary>What the ranges of a batch's sensor and epoch are kept under: the sensor's name, then the epoch (u64, big-endian).</summary>
    /// <param name="id">The batch.</param>
    public static byte[] KeyOf(BatchId id)
    {
        string name = id.Sensor.Value;
        byte[] key = new byte[name.Length + 8];
        Encoding.ASCII.GetBytes(name, key);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(name.Length), id.Epoch);
        return key;
    }

    private SequenceRanges? Find(BatchId id) =>
        _sensors.TryGetValue(id.Sensor, out SortedDictionary<ulong, SequenceRanges>? epochs) && epochs.TryGetValue(id.Epoch, out SequenceRanges? ranges)
            ? ranges
            : null;
}
