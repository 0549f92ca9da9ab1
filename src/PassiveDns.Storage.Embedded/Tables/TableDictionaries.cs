using System.Buffers.Binary;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>The dictionaries with which the blocks of one table were packed, one for each keyspace that has enough of them.</summary>
/// <remarks><code>
/// dictionaries = for each: keyspace u8, length u32 (little-endian), dictionary as zstd makes them
/// </code></remarks>
internal sealed class TableDictionaries : IDisposable
{
    /// <summary>The longest dictionary that is read; those that are written have <see cref="DictionaryTraining.Length"/>.</summary>
    private const int MaxLength = 1 << 20;

    private readonly BlockDictionary?[] _bySpace = new BlockDictionary?[(int)Keyspace.Dnssec + 1];

    private TableDictionaries()
    {
    }

    /// <summary>What they take in memory.</summary>
    public long Octets { get; private set; }

    /// <summary>The dictionary of a keyspace.</summary>
    /// <param name="space">The number of the keyspace.</param>
    /// <returns><c>null</c> if there is none.</returns>
    public BlockDictionary? Of(int space) => space < _bySpace.Length ? _bySpace[space] : null;

    /// <summary>Makes dictionaries ready for unpacking.</summary>
    /// <param name="part">What <see cref="Pack"/> made.</param>
    /// <returns><c>null</c> if it cannot be read.</returns>
    public static TableDictionaries? Open(ReadOnlySpan<byte> part)
    {
        TableDictionaries dictionaries = new();
        for (int last = 0; !part.IsEmpty;)
        {
            int length = part.Length < 5 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(part[1..]);
            if (length is < 1 or > MaxLength || length > part.Length - 5 || part[0] <= last || part[0] >= dictionaries._bySpace.Length || BlockDictionary.Open(part.Slice(5, length)) is not { } dictionary)
            {
                dictionaries.Dispose();
                return null;
            }

            last = part[0];
            dictionaries._bySpace[last] = dictionary;
            dictionaries.Octets += dictionary.Octets;
            part = part[(5 + length)..];
        }

        return dictionaries;
    }

    /// <summary>Puts trained dictionaries one behind the other.</summary>
    /// <param name="bySpace">By the number of the keyspace; empty where there is none.</param>
    public static byte[] Pack(IReadOnlyList<byte[]> bySpace)
    {
        byte[] part = new byte[bySpace.Sum(dictionary => dictionary.Length == 0 ? 0 : 5 + dictionary.Length)];
        int at = 0;
        for (int space = 0; space < bySpace.Count; space++)
        {
            byte[] dictionary = bySpace[space];
            if (dictionary.Length == 0) continue;
            part[at] = (byte)space;
            BinaryPrimitives.WriteInt32LittleEndian(part.AsSpan(at + 1), dictionary.Length);
            dictionary.CopyTo(part, at + 5);
            at += 5 + dictionary.Length;
        }

        return part;
    }

    public void Dispose()
    {
        foreach (BlockDictionary? dictionary in _bySpace) dictionary?.Dispose();
    }
}
