using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using PassiveDns.Storage.Embedded.Files;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// Opens a table whose index or footer is damaged, by walking over its blocks: each has a mark, a length and a checksum of its own. What is found is in the
/// order of its keys, or it is not taken.
/// </summary>
internal sealed class TableSalvage(string path, SafeFileHandle file, long length, FrameCodec codec, DamageLog damages)
{
    private const int WindowLength = 1 << 20;

    private readonly TableIndex.Builder _index = new();
    private byte[] _first = [];
    private byte[] _lastBlockKey = [];
    private byte[] _block = [];
    private byte[] _window = [];

    /// <summary>Finds what is there.</summary>
    /// <param name="cache">Bounds the unpacked blocks.</param>
    /// <param name="deletionsApplied">What the manifest says of the table.</param>
    /// <returns>The table; <c>null</c> if nothing was found.</returns>
    public FileTable? Open(BlockCache cache, int deletionsApplied)
    {
        long at = TableFile.Magic.Length;
        long sound = at; // everything before is blocks and pages without a gap
        while (FindMark(at) is { } mark)
        {
            if (TryTake(mark, out long end))
            {
                if (mark > sound) damages.Add(StoreDamage.In(path, sound, $"{mark - sound} octets between two blocks cannot be read").Message);
                sound = at = end;
            }
            else
            {
                at = mark + 1;
            }
        }

        if (_index.Count == 0) return null;
        damages.Add($"{path}: {_index.Count} blocks were found without its index; what stood behind offset {sound} is lost if it was not the index.");
        long[] entries = new long[TableFacts.Keyspaces];
        HeadFilter filter = new(All()); // nobody knows the heads: every question looks
        FileTable table = new(path, file, length, (_index.ToIndex(), filter, new(_first, [byte.MaxValue], entries)), null, null, codec, cache) { DeletionsApplied = deletionsApplied, Salvage = damages };
        TableCursor cursor = new(table, isScan: true);
        while (cursor.MoveNext())
        {
            if (cursor.Key[0] <= entries.Length) entries[cursor.Key[0] - 1]++;
        }

        return table;
    }

    /// <summary>The place of the next mark of a block or a page.</summary>
    private long? FindMark(long from)
    {
        Span<byte> here = stackalloc byte[4];
        if (from + TableFile.MarkLength >= length) return null;
        FileTable.ReadAll(file, here, from, path);
        if (here.SequenceEqual(TableFile.BlockMark) || here.SequenceEqual(TableFile.PageMark)) return from; // nearly always
        if (_window.Length == 0) _window = new byte[WindowLength];
        for (long at = from; at + TableFile.MarkLength < length; at += WindowLength - TableFile.MarkLength)
        {
            Span<byte> read = _window.AsSpan(0, (int)Math.Min(WindowLength, length - at));
            FileTable.ReadAll(file, read, at, path);
            int block = read.IndexOf(TableFile.BlockMark), page = read.IndexOf(TableFile.PageMark);
            int found = block < 0 ? page : page < 0 ? block : Math.Min(block, page);
            if (found >= 0) return at + found;
        }

        return null;
    }

    /// <summary>Takes a part whose checksum is sound; a page is only passed over.</summary>
    private bool TryTake(long mark, out long end)
    {
        end = 0;
        Span<byte> head = stackalloc byte[TableFile.MarkLength];
        if (length - mark < head.Length) return false;
        FileTable.ReadAll(file, head, mark, path);
        int frameLength = BinaryPrimitives.ReadInt32LittleEndian(head[4..]);
        long start = mark + head.Length;
        if (frameLength < FrameCodec.TailLength || frameLength > length - start) return false;
        byte[] frame = new byte[frameLength];
        FileTable.ReadAll(file, frame, start, path);
        int unpacked = FrameCodec.Measure(frame, TableFormat.MaxEntryLength + (1 << 20));
        if (unpacked < 0) return false;
        end = start + frameLength;
        if (head.StartsWith(TableFile.PageMark)) return true;
        if (_block.Length < unpacked) _block = new byte[2 * unpacked];
        if (!codec.TryUnpack(frame, _block.AsSpan(0, unpacked)) || !Block.TryOpen(_block, 0, unpacked, out Block block) || FirstKey(block) is not { } key) return false;
        if (key.AsSpan().SequenceCompareTo(_lastBlockKey) <= 0) return false; // of another table that once stood here
        if (_index.Count == 0) _first = key;
        _lastBlockKey = key;
        _index.Add(key, (start, frameLength));
        return true;
    }

    private static byte[]? FirstKey(in Block block)
    {
        ReadOnlySpan<byte> rest = block.Octets.AsSpan(block.Start, block.End - block.Start);
        int at = 0;
        int shared = TableFormat.ReadVarint(rest, ref at), unshared = TableFormat.ReadVarint(rest, ref at);
        if (shared != 0 || TableFormat.ReadVarint(rest, ref at) < 0 || unshared < 1 || unshared > Math.Min(rest.Length - at, TableFormat.MaxKeyLength)) return null;
        return rest.Slice(at, unshared).ToArray();
    }

    private static ulong[] All()
    {
        ulong[] words = new ulong[8];
        words.AsSpan().Fill(ulong.MaxValue);
        return words;
    }
}
