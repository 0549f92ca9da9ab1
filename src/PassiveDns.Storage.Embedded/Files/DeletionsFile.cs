using System.Buffers.Binary;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Files;

/// <summary>
/// The ledger of deletions in a file of its own, so that it can be read when the rest of a store is damaged. Replaced as a whole. A store without
/// deletions has none.
/// </summary>
/// <remarks>
/// <code>
/// deletions = magic 8, format u32, number u32, then for each: length u32, packed (see Deletion); CRC-32C u32 of all before it
/// </code>
/// Numbers are little-endian, but within the packed entries.
/// </remarks>
internal static class DeletionsFile
{
    private const int Format = 1;
    private const int HeadLength = 8 + 4 + 4;
    private const int MaxLength = 1 << 28;

    private static ReadOnlySpan<byte> Magic => "PDNSDELE"u8;

    /// <exception cref="ObservationStoreException">The file is damaged or of a newer format.</exception>
    public static DeletionLedger Read(StoreFiles files)
    {
        string path = files.Deletions;
        FileInfo file = new(path);
        if (!file.Exists) return DeletionLedger.Empty;
        if (file.Length > MaxLength) throw StoreDamage.Of(path, "it is longer than any that was ever written");
        byte[] octets = File.ReadAllBytes(path);
        if (octets.Length < HeadLength + Crc32C.Length) throw StoreDamage.In(path, octets.Length, "the file ends there");
        if (!octets.AsSpan().StartsWith(Magic)) throw StoreDamage.In(path, 0, "this is no list of deletions");
        if (!Crc32C.IsSound(octets)) throw StoreDamage.In(path, octets.Length - Crc32C.Length, "the checksum does not fit");
        int format = BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(8));
        if (format != Format) throw new ObservationStoreException($"{path} has format {format}, this version reads format {Format}: use a newer version of PassiveDns.");
        List<Deletion> deletions = [];
        ReadOnlySpan<byte> rest = octets.AsSpan(HeadLength..^Crc32C.Length);
        for (int left = BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(12)); left > 0; left--)
        {
            int length = rest.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest);
            if (length < 0 || length > rest.Length - 4 || !Deletion.TryDecode(rest.Slice(4, length), out Deletion? deletion)) throw StoreDamage.Of(path, "an entry cannot be read");
            deletions.Add(deletion);
            rest = rest[(4 + length)..];
        }

        return DeletionLedger.Empty.With(deletions);
    }

    /// <summary>Puts a ledger in the place of the one before; durable when the call returns.</summary>
    public static void Write(StoreFiles files, DeletionLedger ledger)
    {
        byte[][] packed = [.. ledger.Deletions.Select(deletion => deletion.Encode())];
        byte[] octets = new byte[HeadLength + packed.Sum(entry => 4 + entry.Length) + Crc32C.Length];
        Magic.CopyTo(octets);
        BinaryPrimitives.WriteInt32LittleEndian(octets.AsSpan(8), Format);
        BinaryPrimitives.WriteInt32LittleEndian(octets.AsSpan(12), packed.Length);
        int at = HeadLength;
        foreach (byte[] entry in packed)
        {
            BinaryPrimitives.WriteInt32LittleEndian(octets.AsSpan(at), entry.Length);
            entry.CopyTo(octets, at + 4);
            at += 4 + entry.Length;
        }

        Crc32C.Seal(octets);
        using (FileStream draft = new(files.DeletionsDraft, FileMode.Create, FileAccess.Write))
        {
            draft.Write(octets);
            draft.Flush(flushToDisk: true);
        }

        File.Move(files.DeletionsDraft, files.Deletions, overwrite: true);
        DurableDirectory.Sync(files.Directory);
    }
}
