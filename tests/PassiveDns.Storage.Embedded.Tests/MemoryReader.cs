using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using PassiveDns.Storage.Embedded.Tables;

namespace PassiveDns.Storage.Embedded.Tests;

/// <summary>
/// What the test program does when it is started again with <see cref="Variable"/> set: it writes the table named there, whose index and filter are longer
/// than the heap that it was given, and looks keys up in it.
/// </summary>
internal static class MemoryReader
{
    public const string Variable = "PDNS_TEST_MEMORY_READER";
    public const long HeapBytes = 8 << 20;

    private const int Entries = 8_000_000, LookUps = 60_000;
    private const int CacheBytes = 1 << 20;

    /// <returns>Octets of index and filter as they would be in memory, of what is, and how many look-ups did not find what is there.</returns>
    public static string Run(string path)
    {
        byte[] key = new byte[1 + 16];
        key[0] = 5;
        using (FileTableBuilder builder = new(path, 0))
        {
            for (int i = 0; i < Entries; i++) builder.Add(Write(key, i), []);
            builder.Finish();
        }

        BlockCache cache = new(CacheBytes);
        FileTable table = TableFile.Open(path, new(), cache);
        long whole = 0;
        for (int page = 0; page < table.Index.Pages; page++) whole += table.Index.Page(page, keep: false).Octets + table.FilterPageAt(page).Length;
        TableCursor cursor = new(table);
        int lost = 0;
        for (int i = 0; i < LookUps; i++)
        {
            Write(key, (int)(i * 2_654_435_761L % Entries));
            if (!cursor.MayFind(key, KeyHead.Hash(key)) || !cursor.Find(key)) lost++;
        }

        long kept = table.ResidentOctets + Math.Max(cache.Octets, CacheBytes);
        table.Release();
        return string.Create(CultureInfo.InvariantCulture, $"{whole} {kept} {lost}");
    }

    /// <summary>A key that rises with its number, with lower bits that no other has.</summary>
    private static ReadOnlySpan<byte> Write(byte[] key, int number)
    {
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(1), number);
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(5), BitOperations.RotateLeft((uint)number * 2_654_435_761, 7));
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(9), (ulong)number * 0x9E3779B97F4A7C15);
        return key;
    }
}
