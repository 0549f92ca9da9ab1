using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>
/// Walks over CBOR (RFC 8949) in one span. What does not fit is an error value; nesting is bounded; nothing is allocated. After <see cref="TrySkip"/> over an
/// item, everything in it is known to lie inside the span.
/// </summary>
internal ref struct CborCursor(ReadOnlySpan<byte> octets, int position = 0)
{
    public const int MaxDepth = 16;

    private const int Unsigned = 0, Negative = 1, Bytes = 2, Text = 3, Array = 4, Map = 5, Tag = 6;
    private const byte Break = 0xFF;

    private readonly ReadOnlySpan<byte> _octets = octets;

    /// <summary>What an attempt to skip found.</summary>
    public enum Outcome : byte
    {
        Complete,
        NeedMore,
        Malformed,
    }

    /// <summary>Where the next item starts.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Goes over an item with all that is in it.</summary>
    public Outcome TrySkip(int depth = 0)
    {
        if (depth > MaxDepth) return Outcome.Malformed;
        Outcome head = TryReadHead(out int major, out ulong value, out bool isIndefinite);
        if (head != Outcome.Complete) return head;
        switch (major)
        {
            case Bytes or Text when isIndefinite:
                return SkipUntilBreak(depth, major);
            case Bytes or Text:
                if (value > (ulong)(_octets.Length - Position)) return value > int.MaxValue ? Outcome.Malformed : Outcome.NeedMore;
                Position += (int)value;
                return Outcome.Complete;
            case Array or Map when isIndefinite:
                return SkipUntilBreak(depth, major);
            case Array or Map:
                return SkipItems(major == Map ? 2 * (UInt128)value : value, depth);
            case Tag:
                return TrySkip(depth + 1);
            default:
                return isIndefinite ? Outcome.Malformed : Outcome.Complete; // a break where an item should be
        }
    }

    /// <summary>Reads a number; a tag before it is passed over.</summary>
    public bool TryReadNumber(out long number)
    {
        number = 0;
        int major = ReadMajor(out ulong value, out bool isIndefinite);
        if (major is not (Unsigned or Negative) || isIndefinite || value > long.MaxValue) return false;
        number = major == Negative ? -1 - (long)value : (long)value;
        return true;
    }

    /// <summary>Reads octets or text that stand in one piece.</summary>
    public bool TryReadOctets(out ReadOnlySpan<byte> octets)
    {
        octets = default;
        int major = ReadMajor(out ulong value, out bool isIndefinite);
        if (major is not (Bytes or Text) || isIndefinite || value > (ulong)(_octets.Length - Position)) return false;
        octets = _octets.Slice(Position, (int)value);
        Position += (int)value;
        return true;
    }

    /// <summary>Enters an array.</summary>
    /// <param name="left">How many items it has, or -1 if a break ends it.</param>
    public bool TryEnterArray(out long left) => TryEnter(Array, out left);

    /// <summary>Enters a map.</summary>
    /// <param name="left">How many pairs it has, or -1 if a break ends it.</param>
    public bool TryEnterMap(out long left) => TryEnter(Map, out left);

    /// <summary>Whether another item (or pair) follows in what was entered; goes over the break at the end.</summary>
    public bool MoveNext(ref long left)
    {
        if (left > 0)
        {
            left--;
            return true;
        }

        if (left == 0) return false;
        if (Position < _octets.Length && _octets[Position] != Break) return true;
        Position = Math.Min(Position + 1, _octets.Length);
        left = 0;
        return false;
    }

    private bool TryEnter(int wanted, out long left)
    {
        int major = ReadMajor(out ulong value, out bool isIndefinite);
        left = isIndefinite ? -1 : (long)Math.Min(value, long.MaxValue);
        return major == wanted;
    }

    private int ReadMajor(out ulong value, out bool isIndefinite)
    {
        for (int tags = 0; tags <= MaxDepth; tags++)
        {
            if (TryReadHead(out int major, out value, out isIndefinite) != Outcome.Complete) break;
            if (major != Tag) return major;
        }

        (value, isIndefinite) = (0, false);
        return -1;
    }

    // RFC 8949 section 3: three bits of type, five that are the value or say how many octets it has.
    private Outcome TryReadHead(out int major, out ulong value, out bool isIndefinite)
    {
        (major, value, isIndefinite) = (-1, 0, false);
        if (Position >= _octets.Length) return Outcome.NeedMore;
        byte initial = _octets[Position];
        int argument = initial & 0x1F;
        int extra = argument switch { < 24 => 0, 24 => 1, 25 => 2, 26 => 4, 27 => 8, 31 => 0, _ => -1 };
        major = initial >> 5;
        if (extra < 0 || (argument == 31 && major is Unsigned or Negative or Tag)) return Outcome.Malformed;
        if (_octets.Length - Position <= extra) return Outcome.NeedMore;
        ReadOnlySpan<byte> rest = _octets.Slice(Position + 1, extra);
        isIndefinite = argument == 31;
        value = extra switch
        {
            0 => isIndefinite ? 0 : (ulong)argument,
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            4 => BinaryPrimitives.ReadUInt32BigEndian(rest),
            _ => BinaryPrimitives.ReadUInt64BigEndian(rest),
        };
        Position += 1 + extra;
        return Outcome.Complete;
    }

    private Outcome SkipItems(UInt128 count, int depth)
    {
        // Each item takes an octet at least, so a count can make nobody wait for what cannot come.
        for (UInt128 i = 0; i < count; i++)
        {
            Outcome item = TrySkip(depth + 1);
            if (item != Outcome.Complete) return item;
        }

        return Outcome.Complete;
    }

    private Outcome SkipUntilBreak(int depth, int major)
    {
        for (bool isKey = true; ; isKey = !isKey)
        {
            if (Position >= _octets.Length) return Outcome.NeedMore;
            if (_octets[Position] == Break)
            {
                Position++;
                return major == Map && !isKey ? Outcome.Malformed : Outcome.Complete;
            }

            if (major is Bytes or Text && _octets[Position] >> 5 != major) return Outcome.Malformed;
            Outcome item = TrySkip(depth + 1);
            if (item != Outcome.Complete) return item;
        }
    }
}
