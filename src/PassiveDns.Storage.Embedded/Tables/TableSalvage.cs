using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using PassiveDns.Storage.Embedded.Files;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// Opens a table whose index or footer is damaged, by walking over its blocks: each has a mark, a length and a checksum of its own. What is found is in the
/// order of its keys, or it is not taken.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="file">It, open for reading.</param>
/// <param name="length">How much of it is walked over.</param>
/// <param name="codec">Unpacks frames.</param>
/// <param name="damages">Takes what was passed over.</param>
/// <param name="dictionaries">What the blocks were packed with, if that is known and they were.</param>
internal sealed class TableSalvage(string path, SafeFileHandle file, long length, FrameCodec codec, DamageLog damages, TableDictionaries? dictionaries = null)
{
    private const int WindowLength = 1 << 20;

    private readonly IndexPage.Builder _index = new();
    private readonly List<string> _gaps = []; // behind the last block: of no matter unless another one comes
    private byte[] _first = [];
    private byte[] _lastBlockKey = [];
    private byte[] _block = [];
    private byte[] _window = [];
    private TableDictionaries? _dictionaries = dictionaries;
    private bool _lacksDictionaries;

    /// <summary>Finds what is there.</summary>
    /// <param name="cache">Bounds the unpacked blocks.</param>
    /// <param name="deletionsApplied">What the manifest says of the table.</param>
    /// <returns>The table; <c>null</c> if nothing was found.</returns>
    public FileTable? Open(BlockCache cache, int deletionsApplied)
    {
        _dictionaries = FindDictionaries();
        long sound = Walk(TableFile.Magic.Length);
        if (_lacksDictionaries) damages.Add($"{path}: neither of its dictionaries can be read, and the blocks that were packed with them are lost.");
        if (_index.Count == 0)
        {
            _dictionaries?.Dispose();
            return null;
        }

        damages.Add($"{path}: {_index.Count} blocks were found without its index; what stood behind offset {sound} is lost if it was not the index.");
        long[] entries = new long[TableFacts.Keyspaces];
        FileTable.Parts parts = new(new(_first, [byte.MaxValue], entries), _index.ToPage(hasHours: false), 0) { Filter = new(All()), Dictionaries = _dictionaries }; // nobody knows the heads: every question looks
        FileTable table = new(path, file, length, parts, codec, cache) { DeletionsApplied = deletionsApplied, Salvage = damages };
        TableCursor cursor = new(table, isScan: true);
        while (cursor.MoveNext())
        {
            if (cursor.Key[0] <= entries.Length) entries[cursor.Key[0] - 1]++;
        }

        return table;
    }

    /// <summary>Makes a page of an index anew that is damaged: its blocks stand before it.</summary>
    /// <param name="from">Where the page before it ends.</param>
    /// <param name="count">How many blocks it had. Those that are lost, too, are empty, and the first ones.</param>
    /// <param name="firstKey">Its first key.</param>
    public IndexPage Rebuild(long from, int count, ReadOnlySpan<byte> firstKey)
    {
        long sound = Walk(from);
        IndexPage found = _index.ToPage(hasHours: false);
        foreach (string gap in _gaps) damages.Add(gap);
        if (sound < length) damages.Add(Gap(sound, length));
        int kept = Math.Min(found.Count, count);
        IndexPage.Builder page = new();
        for (int lost = 0; lost < count - kept; lost++) page.Add(firstKey, (from, 0), BlockHours.None);
        for (int i = 0; i < kept; i++) page.Add(found.Key(i), (found.Start(i), found.Length(i)), BlockHours.Any);
        return page.ToPage(hasHours: false);
    }

    /// <summary>The dictionaries: they stand behind the magic number, and once more behind the blocks.</summary>
    private TableDictionaries? FindDictionaries()
    {
        for (long at = TableFile.Magic.Length; FindMark(at) is { } mark; at = mark + 1)
        {
            if (TableFile.ReadDictionaries(file, path, codec, mark, length) is { } found) return found;
        }

        return null;
    }

    /// <returns>Where the last block or page ends of those that follow each other without a gap.</returns>
    private long Walk(long from)
    {
        long at = from, sound = from; // everything before is blocks and pages without a gap
        while (FindMark(at) is { } mark)
        {
            if (!TryTake(mark, out long end, out bool isBlock))
            {
                at = mark + 1;
                continue;
            }

            if (mark > sound) _gaps.Add(Gap(sound, mark));
            at = end;
            sound = end;
            if (!isBlock) continue;
            foreach (string gap in _gaps) damages.Add(gap);
            _gaps.Clear();
        }

        return sound;
    }

    /// <summary>The place of the next mark of a block or a page.</summary>
    private long? FindMark(long from)
    {
        Span<byte> here = stackalloc byte[4];
        if (from + TableFile.MarkLength >= length) return null;
        FileTable.ReadAll(file, here, from, path);
        if (IsMark(here)) return from; // nearly always
        if (_window.Length == 0) _window = new byte[WindowLength];
        for (long at = from; at + TableFile.MarkLength < length; at += WindowLength - TableFile.MarkLength)
        {
            Span<byte> read = _window.AsSpan(0, (int)Math.Min(WindowLength, length - at));
            FileTable.ReadAll(file, read, at, path);
            for (int found = 0, next; (next = read[found..].IndexOf(TableFile.BlockMark[..3])) >= 0; found++)
            {
                found += next;
                if (IsMark(read[found..])) return at + found;
            }
        }

        return null;
    }

    private string Gap(long from, long to) => StoreDamage.In(path, from, $"{to - from} octets between two blocks cannot be read").Message;

    private static bool IsMark(ReadOnlySpan<byte> octets) =>
        octets.StartsWith(TableFile.DictionaryMark) || octets.StartsWith(TableFile.BlockMark) || octets.StartsWith(TableFile.PageMark) || octets.StartsWith(TableFile.IndexMark) || octets.StartsWith(TableFile.FilterMark);

    /// <summary>Takes a part whose checksum is sound; a page is only passed over.</summary>
    private bool TryTake(long mark, out long end, out bool isBlock)
    {
        end = 0;
        isBlock = false;
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
        if (!head.StartsWith(TableFile.BlockMark)) return true;
        isBlock = true;
        if (_block.Length < unpacked) _block = new byte[2 * unpacked];
        if (!codec.TryUnpack(frame, _block.AsSpan(0, unpacked), _dictionaries))
        {
            _lacksDictionaries = _dictionaries is null;
            return false;
        }

        if (!Block.TryOpen(_block, 0, unpacked, out Block block) || FirstKey(block) is not { } key) return false;
        if (key.AsSpan().SequenceCompareTo(_lastBlockKey) <= 0) return false; // of another table that once stood here
        if (_index.Count == 0) _first = key;
        _lastBlockKey = key;
        _index.Add(key, (start, frameLength), BlockHours.Any);
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

    private static byte[] All()
    {
        byte[] line = new byte[HeadFilter.LineLength];
        line.AsSpan().Fill(byte.MaxValue);
        return line;
    }
}
