using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Opens table files.</summary>
/// <remarks>
/// <code>
/// table  = magic 8, block frame..., index frame, filter frame, facts frame, footer
/// index  = number of blocks u32, then for each: length of its frame u32, key length u16, key
/// filter = words u64...
/// facts  = first key length u16, first key, last key length u16, last key, entries of keyspaces 1 to 5 u64 each
/// footer = start of index u64, start of filter u64, start of facts u64, format u32, CRC-32C u32 of all of the footer before it
/// </code>
/// Frames as in <see cref="FrameCodec"/>; numbers are little-endian.
/// </remarks>
internal static class TableFile
{
    public const int Format = 1;
    public const int FooterLength = 3 * 8 + 4 + Crc32C.Length;

    public static ReadOnlySpan<byte> Magic => "PDNSTABL"u8;

    public static FileTable Open(string path, FrameCodec codec, BlockCache cache, int deletionsApplied = 0)
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.RandomAccess);
        try
        {
            long length = RandomAccess.GetLength(file);
            if (length < Magic.Length + FooterLength) throw StoreDamage.In(path, length, "the file ends there");
            Span<byte> head = stackalloc byte[Magic.Length];
            FileTable.ReadAll(file, head, 0, path);
            if (!head.SequenceEqual(Magic)) throw StoreDamage.In(path, 0, "this is no table");
            Span<byte> footer = stackalloc byte[FooterLength];
            FileTable.ReadAll(file, footer, length - FooterLength, path);
            if (!Crc32C.IsSound(footer)) throw StoreDamage.In(path, length - FooterLength, "the checksum of the footer does not fit");
            int format = BinaryPrimitives.ReadInt32LittleEndian(footer[24..]);
            if (format != Format) throw new ObservationStoreException($"{path} has format {format}, this version reads format {Format}: use a newer version of PassiveDns.");
            long index = BinaryPrimitives.ReadInt64LittleEndian(footer);
            long filter = BinaryPrimitives.ReadInt64LittleEndian(footer[8..]);
            long facts = BinaryPrimitives.ReadInt64LittleEndian(footer[16..]);
            if (index < Magic.Length || filter < index || facts < filter || facts > length - FooterLength) throw StoreDamage.In(path, length - FooterLength, "the footer cannot be read");
            return new(
                path,
                file,
                length,
                (ReadIndex(ReadPart(file, path, codec, index, filter), index, path),
                    ReadFilter(ReadPart(file, path, codec, filter, facts), path, filter),
                    ReadFacts(ReadPart(file, path, codec, facts, length - FooterLength), path, facts)),
                codec,
                cache)
            {
                DeletionsApplied = deletionsApplied,
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static byte[] ReadPart(SafeFileHandle file, string path, FrameCodec codec, long start, long end)
    {
        if (end - start > Array.MaxLength / 2) throw StoreDamage.In(path, start, "a part is longer than any that was ever written");
        byte[] frame = new byte[end - start];
        FileTable.ReadAll(file, frame, start, path);
        // zstd never packs more than about 1 : 30,000, but a part of a table is keys and random bits: more than 1 : 64 was not written by us
        int length = FrameCodec.Measure(frame, 64L * frame.Length + (1 << 16));
        if (length < 0) throw StoreDamage.In(path, start, "the checksum of a part does not fit");
        byte[] part = new byte[length];
        if (!codec.TryUnpack(frame, part)) throw StoreDamage.In(path, start, "a part cannot be unpacked");
        return part;
    }

    private static TableIndex ReadIndex(ReadOnlySpan<byte> part, long end, string path)
    {
        if (part.Length < 4) throw Unreadable(path, end);
        int count = BinaryPrimitives.ReadInt32LittleEndian(part);
        if (count < 1 || count > (part.Length - 4) / 6) throw Unreadable(path, end);
        byte[] keys = new byte[part.Length - 4 - 6 * count];
        int[] ends = new int[count];
        long[] starts = new long[count + 1];
        starts[0] = Magic.Length;
        int at = 4, key = 0;
        for (int i = 0; i < count; i++)
        {
            if (part.Length - at < 6) throw Unreadable(path, end);
            uint frame = BinaryPrimitives.ReadUInt32LittleEndian(part[at..]);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(part[(at + 4)..]);
            at += 6;
            starts[i + 1] = starts[i] + frame;
            if (frame is < FrameCodec.TailLength or > int.MaxValue / 2 || starts[i + 1] > end || length > part.Length - at || length > keys.Length - key) throw Unreadable(path, end);
            part.Slice(at, length).CopyTo(keys.AsSpan(key));
            at += length;
            ends[i] = key += length;
        }

        if (starts[count] != end || at != part.Length) throw Unreadable(path, end);
        return new(keys, ends, starts);
    }

    private static HeadFilter ReadFilter(byte[] part, string path, long start)
    {
        if (part.Length == 0 || part.Length % 64 != 0) throw StoreDamage.In(path, start, "the filter cannot be read");
        ulong[] words = new ulong[part.Length / 8];
        if (BitConverter.IsLittleEndian) MemoryMarshal.Cast<byte, ulong>(part).CopyTo(words);
        else for (int i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt64LittleEndian(part.AsSpan(8 * i));
        return new(words);
    }

    private static TableFacts ReadFacts(ReadOnlySpan<byte> part, string path, long start)
    {
        int at = 0;
        byte[] first = ReadKey(part, ref at), last = ReadKey(part, ref at);
        long[] entries = new long[(int)Keyspace.Sets];
        if (part.Length - at != 8 * entries.Length) throw StoreDamage.In(path, start, "the facts cannot be read");
        for (int i = 0; i < entries.Length; i++) entries[i] = BinaryPrimitives.ReadInt64LittleEndian(part[(at + 8 * i)..]);
        return new(first, last, entries);

        byte[] ReadKey(ReadOnlySpan<byte> octets, ref int from)
        {
            if (octets.Length - from < 2) throw StoreDamage.In(path, start, "the facts cannot be read");
            int length = BinaryPrimitives.ReadUInt16LittleEndian(octets[from..]);
            from += 2;
            if (length == 0 || length > TableFormat.MaxKeyLength || length > octets.Length - from) throw StoreDamage.In(path, start, "the facts cannot be read");
            byte[] key = octets.Slice(from, length).ToArray();
            from += length;
            return key;
        }
    }

    private static ObservationStoreException Unreadable(string path, long offset) => StoreDamage.In(path, offset, "the index cannot be read");
}
