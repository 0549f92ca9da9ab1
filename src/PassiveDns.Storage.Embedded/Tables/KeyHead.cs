using System.Numerics;
using System.Buffers.Binary;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// The part at the start of a key that most questions give whole: the name, the address, the type and rdata, or the digest. Filters know these
/// heads, so that a table without any row of one is passed over without reading a block.
/// </summary>
internal static class KeyHead
{
    private const ulong One = 0x9E3779B97F4A7C15, Two = 0xD6E8FEB86659FD93;

    /// <summary>The length of the head, with the octet of the keyspace, or 0 if the key does not hold a whole one.</summary>
    public static int Measure(ReadOnlySpan<byte> key)
    {
        if (key.Length < 2) return 0;
        switch ((Keyspace)key[0])
        {
            case Keyspace.Rrsets or Keyspace.Dnssec or Keyspace.Targets:
                if (key[1] == 0) return 2;
                int end = key.IndexOf("\0\0"u8); // a name key ends at the first 00 behind a 00
                return end < 0 ? 0 : end + 2;
            case Keyspace.Addresses:
                int length = key[1] == 4 ? 6 : 18;
                return key.Length < length ? 0 : length;
            case Keyspace.Rdata:
                int close = key.Length < 4 ? -1 : key[3..].IndexOf((byte)0);
                return close < 0 ? 0 : 3 + close + 1;
            default:
                return key.Length;
        }
    }

    /// <summary>
    /// The length of the stem, with the octet of the keyspace: the two labels next to the root of a name, which questions about all names below some name give whole.
    /// No stem is a head.
    /// </summary>
    /// <returns>0 if the key does not hold a whole one: a name of one label or none, a key of another keyspace.</returns>
    public static int MeasureStem(ReadOnlySpan<byte> key)
    {
        if (key.Length < 2 || (Keyspace)key[0] is not (Keyspace.Rrsets or Keyspace.Dnssec or Keyspace.Targets)) return 0;
        int first = key[1..].IndexOf((byte)0);
        if (first < 1) return 0;
        int second = key[(first + 2)..].IndexOf((byte)0);
        return second < 1 ? 0 : first + 2 + second + 1;
    }

    /// <summary>A hash that is the same on every machine, since filters are kept in files.</summary>
    public static ulong Hash(ReadOnlySpan<byte> head)
    {
        ulong hash = One ^ (ulong)head.Length;
        for (; head.Length >= 8; head = head[8..]) hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(head));
        ulong tail = 0;
        foreach (byte octet in head) tail = tail << 8 | octet;
        return Fold(BitOperations.RotateLeft(hash, 23) ^ tail + Two);
    }

    private static ulong Fold(ulong value)
    {
        ulong high = Math.BigMul(value ^ Two, One, out ulong low);
        return high ^ low;
    }
}
