using System.Buffers.Binary;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// The first three labels of an owner name in 64 bits: 24 of the hash of the first label, 22 of the second, 18 of the third; 0 where there is none. All
/// names that begin with some labels lie in one range of these keys, and hardly any other does.
/// </summary>
internal static class ForwardKey
{
    private const ulong Seed = 0x9E3779B97F4A7C15, Factor = 0xD6E8FEB86659FD93;

    private static ReadOnlySpan<byte> Bits => [24, 22, 18];

    /// <summary>What keys have in common whose names share their first label, their first two, or three.</summary>
    private static ReadOnlySpan<ulong> Masks => [0xFFFF_FF00_0000_0000, 0xFFFF_FFFF_FFFC_0000, ulong.MaxValue];

    /// <summary>So many labels tell keys apart.</summary>
    public const int Labels = 3;

    /// <summary>The key of a name.</summary>
    /// <param name="name">The name as it stands in keys (see <see cref="NameKey"/>): labels from the right, each closed by 00, then 00.</param>
    public static ulong Of(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> rest = name[..^1];
        ulong key = 0;
        int room = 64;
        foreach (byte bits in Bits)
        {
            if (rest.IsEmpty) break;
            int start = rest[..^1].LastIndexOf((byte)0) + 1;
            room -= bits;
            key |= Hash(rest[start..^1]) >> (64 - bits) << room;
            rest = rest[..start];
        }

        return key;
    }

    /// <summary>A hash of a label that is the same on every machine: eight octets at a time, the last ones once more if they are no whole eight.</summary>
    private static ulong Hash(ReadOnlySpan<byte> label)
    {
        ulong hash = Seed ^ (ulong)label.Length;
        if (label.Length >= 8)
        {
            for (int at = 0; at < label.Length - 8; at += 8) hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(label[at..]));
            return Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(label[^8..]));
        }

        if (label.Length >= 4) return Fold(hash ^ ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(label[^4..]) << 32 | BinaryPrimitives.ReadUInt32LittleEndian(label)));
        return Fold(hash ^ ((ulong)label[0] << 48 | (ulong)label[label.Length / 2] << 32 | (ulong)label[^1] << 16));
    }

    private static ulong Fold(ulong value)
    {
        ulong high = Math.BigMul(value, Factor, out ulong low);
        return high ^ low;
    }

    /// <summary>The keys of all names that begin with some labels, both ends included.</summary>
    /// <param name="labels">The labels as a name, as it stands in keys.</param>
    /// <param name="count">How many labels, 1 or more.</param>
    public static (ulong First, ulong Last) RangeOf(ReadOnlySpan<byte> labels, int count)
    {
        ulong key = Of(labels);
        return (key, key | ~Masks[Math.Min(count, Labels) - 1]);
    }

    /// <summary>Whether two keys agree in some labels.</summary>
    /// <param name="one">A key.</param>
    /// <param name="other">Another one.</param>
    /// <param name="labels">How many labels, 1 to <see cref="Labels"/>.</param>
    public static bool Agree(ulong one, ulong other, int labels) => ((one ^ other) & Masks[labels - 1]) == 0;
}
