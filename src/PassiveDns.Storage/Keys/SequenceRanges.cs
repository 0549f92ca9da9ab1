using System.Buffers.Binary;

namespace PassiveDns.Storage.Keys;

/// <summary>A set of sequence numbers as ranges in rising order; one range as long as a sensor delivers in order.</summary>
/// <remarks><code>packed = version u8, then for each range: first u64, last u64 (big-endian)</code></remarks>
internal sealed class SequenceRanges
{
    private const byte Version = 1;

    private readonly List<(ulong First, ulong Last)> _ranges = [];

    public ulong Highest => _ranges.Count == 0 ? 0 : _ranges[^1].Last;

    public long Count { get; private set; }

    public bool Contains(ulong sequence)
    {
        int at = LastStartingAtOrBefore(sequence);
        return at >= 0 && sequence <= _ranges[at].Last;
    }

    public bool Add(ulong sequence)
    {
        int at = LastStartingAtOrBefore(sequence);
        if (at >= 0 && sequence <= _ranges[at].Last) return false;
        bool joinsLeft = at >= 0 && _ranges[at].Last + 1 == sequence;
        bool joinsRight = at + 1 < _ranges.Count && _ranges[at + 1].First - 1 == sequence;
        if (joinsLeft && joinsRight)
        {
            _ranges[at] = (_ranges[at].First, _ranges[at + 1].Last);
            _ranges.RemoveAt(at + 1);
        }
        else if (joinsLeft)
        {
            _ranges[at] = (_ranges[at].First, sequence);
        }
        else if (joinsRight)
        {
            _ranges[at + 1] = (sequence, _ranges[at + 1].Last);
        }
        else
        {
            _ranges.Insert(at + 1, (sequence, sequence));
        }

        Count++;
        return true;
    }

    public SequenceRanges Copy()
    {
        SequenceRanges copy = new() { Count = Count };
        copy._ranges.AddRange(_ranges);
        return copy;
    }

    public byte[] Encode()
    {
        byte[] packed = new byte[1 + 16 * _ranges.Count];
        packed[0] = Version;
        for (int i = 0; i < _ranges.Count; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(packed.AsSpan(1 + 16 * i), _ranges[i].First);
            BinaryPrimitives.WriteUInt64BigEndian(packed.AsSpan(9 + 16 * i), _ranges[i].Last);
        }

        return packed;
    }

    public static SequenceRanges Decode(ReadOnlySpan<byte> packed)
    {
        SequenceRanges ranges = new();
        if (packed.Length % 16 != 1 || packed[0] != Version) throw Damaged();
        for (int at = 1; at < packed.Length; at += 16)
        {
            ulong first = BinaryPrimitives.ReadUInt64BigEndian(packed[at..]), last = BinaryPrimitives.ReadUInt64BigEndian(packed[(at + 8)..]);
            if (last < first || (ranges._ranges.Count > 0 && first <= ranges.Highest)) throw Damaged();
            ranges._ranges.Add((first, last));
            ranges.Count += (long)(last - first) + 1;
        }

        return ranges;
    }

    private static FormatException Damaged() => new("The ranges of applied batches are damaged.");

    private int LastStartingAtOrBefore(ulong sequence)
    {
        int low = 0, high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].First <= sequence) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }
}
