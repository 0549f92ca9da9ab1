using System.Buffers.Binary;
using System.Numerics;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// Some hundred names of a <see cref="NameIndex"/> in the order of their <see cref="ForwardKey"/>s, packed to little more than what it takes to say in
/// which unit each of them is: keys are scaled to places, a few more than there are names, and these are written as Elias and Fano have it.
/// </summary>
/// <remarks>
/// <code>
/// section = first key u64, names less one varint, shift u8, buckets less one varint, units and lows, buckets
/// place   = (key - first key) >> shift, of which the upper bits are the bucket and the lower three the low
/// </code>
/// Units (of so many bits as the run says) and lows stand one behind the other from the lowest bit of the first octet on, then come the buckets in whole octets: for each
/// bucket a 1 for every name in it and then a 0. Which name a 1 stands for follows from the number of 1s before it, and the bucket from that of the 0s.
/// </remarks>
internal static class NameSection
{
    /// <summary>The most names.</summary>
    public const int MaxNames = 1 << 10;

    /// <summary>Octets behind the last section of a page, so that every number can be read in one piece.</summary>
    public const int Padding = 8;

    private const int LowBits = 3;

    /// <summary>The octets that a section takes at most, with the padding.</summary>
    public static int MaxLength(int names, int unitBits) => 8 + 5 + 1 + 5 + (names * (unitBits + LowBits) + 7) / 8 + (2 * names + 7) / 8 + Padding;

    /// <summary>Writes a section.</summary>
    /// <param name="keys">The keys, rising.</param>
    /// <param name="units">The unit of each.</param>
    /// <param name="unitBits">The bits of a unit, 32 at most.</param>
    /// <param name="destination">Room.</param>
    /// <returns>How many octets were written.</returns>
    public static int Write(ReadOnlySpan<ulong> keys, ReadOnlySpan<uint> units, int unitBits, Span<byte> destination)
    {
        ulong reach = keys[^1] - keys[0];
        int shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(reach) - LowBits - BitOperations.Log2((uint)keys.Length));
        int buckets = (int)(reach >> shift >> LowBits) + 1; // never more than names
        BinaryPrimitives.WriteUInt64LittleEndian(destination, keys[0]);
        int at = 8 + TableFormat.WriteVarint(destination[8..], (uint)keys.Length - 1);
        destination[at++] = (byte)shift;
        at += TableFormat.WriteVarint(destination[at..], (uint)buckets - 1);
        Parts parts = new(at, keys.Length, unitBits, buckets);
        destination[at..(parts.End + Padding)].Clear();
        for (int i = 0; i < keys.Length; i++)
        {
            ulong place = keys[i] - keys[0] >> shift;
            Put(destination, 8 * at + i * unitBits, units[i]);
            Put(destination, parts.Lows + i * LowBits, place & (1 << LowBits) - 1);
            Put(destination, 8 * parts.Buckets + i + (int)(place >> LowBits), 1);
        }

        return parts.End;
    }

    /// <summary>Finds the units of the names in a range of keys, and of a few others.</summary>
    /// <param name="page">The page.</param>
    /// <param name="at">Where the section starts in it; then where it ends.</param>
    /// <param name="unitBits">The bits of a unit.</param>
    /// <param name="first">The first key.</param>
    /// <param name="last">The last key.</param>
    /// <param name="units">Takes them.</param>
    /// <returns><c>false</c> if this is no section.</returns>
    public static bool TryCollect(ReadOnlySpan<byte> page, ref int at, int unitBits, ulong first, ulong last, List<int> units)
    {
        if (page.Length - at < 8 + 3 + Padding) return false;
        ulong start = BinaryPrimitives.ReadUInt64LittleEndian(page[at..]);
        at += 8;
        int names = TableFormat.ReadVarint(page, ref at) + 1;
        if (names is < 1 or > MaxNames || at >= page.Length) return false;
        int shift = page[at++];
        int buckets = TableFormat.ReadVarint(page, ref at) + 1;
        if (buckets < 1 || buckets > names || shift > 63) return false;
        Parts parts = new(at, names, unitBits, buckets);
        int body = at;
        at = parts.End;
        if (at > page.Length - Padding) return false;
        if (last < start) return true;
        ulong from = first <= start ? 0 : first - start >> shift, to = last - start >> shift;
        if (from >> LowBits >= (ulong)buckets) return true;
        int bucket = (int)(from >> LowBits);
        int bit = Behind(page[parts.Buckets..parts.End], bucket);
        if (bit < 0) return false;
        for (int name = bit - bucket; name < names && bucket < buckets; bit++)
        {
            if (Get(page, 8 * parts.Buckets + bit, 1) == 0)
            {
                bucket++;
                continue;
            }

            ulong place = (ulong)bucket << LowBits | Get(page, parts.Lows + name * LowBits, LowBits);
            if (place > to) break;
            if (place >= from) units.Add((int)Get(page, 8 * body + name * unitBits, unitBits));
            name++;
        }

        return true;
    }

    /// <summary>The place behind so many zeros; -1 if there are fewer.</summary>
    private static int Behind(ReadOnlySpan<byte> bits, int zeros)
    {
        int at = 0;
        if (zeros == 0) return 0;
        for (; bits.Length - at >= 8; at += 8)
        {
            ulong word = ~BinaryPrimitives.ReadUInt64LittleEndian(bits[at..]);
            int found = BitOperations.PopCount(word);
            if (found >= zeros) return 8 * at + BehindIn(word, zeros);
            zeros -= found;
        }

        for (; at < bits.Length; at++)
        {
            ulong octet = (byte)~bits[at];
            int found = BitOperations.PopCount(octet);
            if (found >= zeros) return 8 * at + BehindIn(octet, zeros);
            zeros -= found;
        }

        return -1;
    }

    private static int BehindIn(ulong zerosAsOnes, int count)
    {
        while (--count > 0) zerosAsOnes &= zerosAsOnes - 1;
        return BitOperations.TrailingZeroCount(zerosAsOnes) + 1;
    }

    private static void Put(Span<byte> octets, int bit, ulong value)
    {
        Span<byte> place = octets[(bit >> 3)..];
        BinaryPrimitives.WriteUInt64LittleEndian(place, BinaryPrimitives.ReadUInt64LittleEndian(place) | value << (bit & 7));
    }

    private static ulong Get(ReadOnlySpan<byte> octets, int bit, int bits) =>
        BinaryPrimitives.ReadUInt64LittleEndian(octets[(bit >> 3)..]) >> (bit & 7) & (1UL << bits) - 1;

    /// <summary>Where what stands behind the head of a section.</summary>
    /// <param name="body">The octet at which the units start.</param>
    /// <param name="names">How many names.</param>
    /// <param name="unitBits">The bits of a unit.</param>
    /// <param name="buckets">How many buckets.</param>
    private readonly struct Parts(int body, int names, int unitBits, int buckets)
    {
        /// <summary>The bit at which the lows start.</summary>
        public int Lows { get; } = 8 * body + names * unitBits;

        /// <summary>The octet at which the buckets start.</summary>
        public int Buckets { get; } = body + (names * (unitBits + LowBits) + 7) / 8;

        /// <summary>The octet behind the section.</summary>
        public int End => Buckets + (names + buckets + 7) / 8;
    }
}
