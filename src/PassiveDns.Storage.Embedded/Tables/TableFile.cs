using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using PassiveDns.Storage.Embedded.Files;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Opens table files.</summary>
/// <remarks>
/// <code>
/// table   = magic 8, dictionaries, part..., dictionaries once more, names frame, changes frame, index frame, facts frame, footer
/// part    = mark 4, length of the frame u32, frame            a block ("PDTB"), a page of the index ("PDTI"), a page of the filter ("PDTF"), or a page of one of the next two ("PDTC")
/// dictionaries = mark "PDTD", length of the frame u32, frame, see <see cref="TableDictionaries"/>; not there in either place if blocks were packed without
/// names   = see <see cref="NameIndex"/>
/// changes = see <see cref="ChangeIndex"/>
/// index   = number of blocks u32, length of the frame of each page of the filter varint, then a page of pages, see <see cref="IndexPage"/>; each page but the last one has
///           <see cref="TableIndex.BlocksOfPage"/> blocks and stands behind them and before the next one's
/// filter  = page...: for each page of the index, and next to it, the lines of a <see cref="HeadFilter"/> of what is in its blocks
/// facts   = first key length u16, first key, last key length u16, last key, entries of keyspaces 1 to 6 u64 each, start of the second dictionaries u64
///           (that of names if there are none), start of names u64
/// footer  = start of index u64, start of facts u64, the same once more,  start of changes u64, format u32, CRC-32C u32 of all of the footer before it
/// </code>
/// Frames as in <see cref="FrameCodec"/>; numbers are little-endian. In format 4 there are no dictionaries, and the index is one frame: number of blocks u32, then for each: octets between it and the block
/// before u32, length of its frame u32, key length u16, key; and the filter is one frame behind it, whose start stands first of the two in the footer: all lines; the facts have a sketch of the heads, 1024 octets, before the start of the names. Format 3 has no stems in its filter. Format 2 has neither names nor columns,
/// either. Format 1 has neither marks nor changes, either: its blocks follow each other, and neither the octets between them nor the start of the changes are written; there is no
/// keyspace 6, and the rows of DNSSEC types stand in keyspace 1.
/// </remarks>
internal static class TableFile
{
    public const int Format = 5;
    public const int FooterLength = 4 * 8 + 4 + Crc32C.Length;
    public const int MarkLength = 4 + 4;

    private const int MaxDictionaries = 8 << 20;
    private const int FormatWithoutChanges = 1, FormatWithoutNames = 2, FormatWithoutStems = 3, FormatWithoutPages = 4;
    private const int IndexEntryLength = 4 + 4 + 2;
    private const int SketchLength = 1 << 10;
    private const int KeyspacesOfMixed = (int)Keyspace.Sets;
    private const int FooterLengthWithoutChanges = 3 * 8 + 4 + Crc32C.Length;

    public static ReadOnlySpan<byte> Magic => "PDNSTABL"u8;

    public static ReadOnlySpan<byte> BlockMark => "PDTB"u8;

    public static ReadOnlySpan<byte> PageMark => "PDTC"u8;

    public static ReadOnlySpan<byte> DictionaryMark => "PDTD"u8;

    public static ReadOnlySpan<byte> IndexMark => "PDTI"u8;

    public static ReadOnlySpan<byte> FilterMark => "PDTF"u8;

    /// <summary>Opens a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="codec">Unpacks frames.</param>
    /// <param name="cache">Bounds the unpacked blocks.</param>
    /// <param name="deletionsApplied">What the manifest says of the table.</param>
    /// <param name="salvage">Takes the damage behind which reading goes on, or <c>null</c> to fail at it.</param>
    /// <exception cref="ObservationStoreException">It is damaged, or of a newer format.</exception>
    public static FileTable Open(string path, FrameCodec codec, BlockCache cache, int deletionsApplied = 0, DamageLog? salvage = null)
    {
        SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.RandomAccess);
        try
        {
            long length = RandomAccess.GetLength(file);
            try
            {
                return Open(path, file, length, codec, cache, deletionsApplied, salvage);
            }
            catch (ObservationStoreException damage) when (salvage is not null && StoreDamage.IsIn(damage, path))
            {
                if (new TableSalvage(path, file, length, codec, salvage).Open(cache, deletionsApplied) is not { } saved) throw;
                salvage.Add(damage.Message);
                return saved;
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static FileTable Open(string path, SafeFileHandle file, long length, FrameCodec codec, BlockCache cache, int deletionsApplied, DamageLog? salvage)
    {
        if (length < Magic.Length + FooterLengthWithoutChanges) throw StoreDamage.In(path, length, "the file ends there");
        Span<byte> head = stackalloc byte[Magic.Length];
        FileTable.ReadAll(file, head, 0, path);
        if (!head.SequenceEqual(Magic)) throw StoreDamage.In(path, 0, "this is no table");
        Footer footer = ReadFooter(file, path, length);
        bool hasChanges = footer.Format != FormatWithoutChanges;
        byte[] facts = ReadPart(file, path, codec, footer.Facts, footer.Start);
        long? names = footer.Format > FormatWithoutNames ? TakeStart(ref facts, footer.Changes, footer, path) : null;
        long end = names ?? (hasChanges ? footer.Changes : footer.Index); // of the blocks, and of pages of indexes between and behind them
        bool isPaged = footer.Format > FormatWithoutPages;
        long second = isPaged ? TakeStart(ref facts, end, footer, path) : end; // dictionaries
        byte[] index = ReadPart(file, path, codec, footer.Index, footer.Filter);
        int blocks = 0;
        int[] filters = [];
        FileTable.Parts parts = new(
            ReadFacts(facts, path, footer.Facts, hasStems: footer.Format > FormatWithoutStems), isPaged ? ReadRoot(index, end, path, out blocks, out filters) : ReadIndex(index, end, path, hasChanges), blocks)
        {
            Filter = isPaged ? null : ReadFilter(ReadPart(file, path, codec, footer.Filter, footer.Facts), path, footer.Filter),
            FilterLengths = filters,
            Changes = hasChanges ? (footer.Changes, footer.Index) : null,
            Names = names is { } start ? (start, footer.Changes) : null,
            Dictionaries = second == end ? null : ReadDictionaries(file, path, codec, second, salvage),
            DictionariesAt = second == end ? [] : [Magic.Length, second],
        };
        return new(path, file, length, parts, codec, cache)
        {
            DeletionsApplied = deletionsApplied,
            Salvage = salvage,
        };
    }

    /// <summary>Reads the dictionaries that stand behind the magic number or, if they are damaged there, those that stand before the names.</summary>
    /// <returns><c>null</c> if they are lost and that is passed over.</returns>
    private static TableDictionaries? ReadDictionaries(SafeFileHandle file, string path, FrameCodec codec, long second, DamageLog? salvage)
    {
        if ((ReadDictionaries(file, path, codec, Magic.Length, second) ?? ReadDictionaries(file, path, codec, second, RandomAccess.GetLength(file))) is { } found) return found;
        ObservationStoreException damage = StoreDamage.In(path, second, "the dictionaries cannot be read, neither these nor those behind the magic number, and the blocks that were packed with them are lost");
        if (salvage is null) throw damage;
        salvage.Add(damage.Message);
        return null;
    }

    /// <summary>Reads the dictionaries of a table from one of their places.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its name.</param>
    /// <param name="codec">Unpacks the frame.</param>
    /// <param name="mark">Where the mark before them stands.</param>
    /// <param name="end">They end there or before.</param>
    /// <returns><c>null</c> if they are damaged.</returns>
    public static TableDictionaries? ReadDictionaries(SafeFileHandle file, string path, FrameCodec codec, long mark, long end)
    {
        Span<byte> head = stackalloc byte[MarkLength];
        if (end - mark < head.Length) return null;
        FileTable.ReadAll(file, head, mark, path);
        int length = BinaryPrimitives.ReadInt32LittleEndian(head[DictionaryMark.Length..]);
        if (!head.StartsWith(DictionaryMark) || length < FrameCodec.TailLength || length > Math.Min(MaxDictionaries, end - mark - head.Length)) return null;
        byte[] frame = new byte[length];
        FileTable.ReadAll(file, frame, mark + head.Length, path);
        int unpacked = FrameCodec.Measure(frame, MaxDictionaries);
        if (unpacked < 0) return null;
        byte[] part = new byte[unpacked];
        return codec.TryUnpack(frame, part) ? TableDictionaries.Open(part) : null;
    }

    private static Footer ReadFooter(SafeFileHandle file, string path, long length)
    {
        Span<byte> end = stackalloc byte[FooterLength];
        end = end[..(int)Math.Min(FooterLength, length - Magic.Length)];
        FileTable.ReadAll(file, end, length - end.Length, path);
        int format = BinaryPrimitives.ReadInt32LittleEndian(end[^8..]);
        ReadOnlySpan<byte> footer = format == FormatWithoutChanges ? end[^FooterLengthWithoutChanges..] : end;
        long start = length - footer.Length;
        if (!Crc32C.IsSound(footer)) throw StoreDamage.In(path, start, "the checksum of the footer does not fit");
        if (format is < FormatWithoutChanges or > Format) throw new ObservationStoreException($"{path} has format {format}, this version reads up to {Format}: use a newer version of PassiveDns.");
        long index = BinaryPrimitives.ReadInt64LittleEndian(footer), filter = BinaryPrimitives.ReadInt64LittleEndian(footer[8..]), facts = BinaryPrimitives.ReadInt64LittleEndian(footer[16..]);
        long changes = format == FormatWithoutChanges ? index : BinaryPrimitives.ReadInt64LittleEndian(footer[24..]);
        bool isSound = footer.Length == (format == FormatWithoutChanges ? FooterLengthWithoutChanges : FooterLength) && changes >= Magic.Length && index >= changes && filter >= index && facts >= filter && facts <= start;
        return isSound ? new(index, filter, facts, changes, start, format) : throw StoreDamage.In(path, start, "the footer cannot be read");
    }

    /// <summary>Reads a frame of the file.</summary>
    /// <exception cref="ObservationStoreException">It is damaged.</exception>
    public static byte[] ReadPart(SafeFileHandle file, string path, FrameCodec codec, long start, long end)
    {
        if (end - start > Array.MaxLength / 2) throw StoreDamage.In(path, start, "a part is longer than any that was ever written");
        byte[] rented = ArrayPool<byte>.Shared.Rent((int)(end - start));
        try
        {
            Span<byte> frame = rented.AsSpan(0, (int)(end - start));
            FileTable.ReadAll(file, frame, start, path);
            // zstd never packs more than about 1 : 30,000, but a part of a table is keys and random bits: more than 1 : 64 was not written by us
            int length = FrameCodec.Measure(frame, 64L * frame.Length + (1 << 16));
            if (length < 0) throw StoreDamage.In(path, start, "the checksum of a part does not fit");
            byte[] part = GC.AllocateUninitializedArray<byte>(length);
            if (!codec.TryUnpack(frame, part)) throw StoreDamage.In(path, start, "a part cannot be unpacked");
            return part;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static IndexPage ReadRoot(ReadOnlySpan<byte> part, long end, string path, out int blocks, out int[] filters)
    {
        blocks = part.Length < 4 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(part);
        if (blocks < 1 || blocks > end / (MarkLength + FrameCodec.TailLength)) throw Unreadable(path, end);
        int pages = (blocks - 1) / TableIndex.BlocksOfPage + 1, at = 4;
        filters = new int[pages];
        foreach (ref int length in filters.AsSpan())
        {
            length = TableFormat.ReadVarint(part, ref at);
            if (length < HeadFilter.LineLength + FrameCodec.TailLength || (length - FrameCodec.TailLength) % HeadFilter.LineLength != 0) throw Unreadable(path, end);
        }

        return IndexPage.Read(part[at..], pages, end) ?? throw Unreadable(path, end);
    }

    private static IndexPage ReadIndex(ReadOnlySpan<byte> part, long end, string path, bool hasGaps)
    {
        int fixedLength = hasGaps ? IndexEntryLength : IndexEntryLength - 4;
        if (part.Length < 4) throw Unreadable(path, end);
        int count = BinaryPrimitives.ReadInt32LittleEndian(part);
        if (count < 1 || count > (part.Length - 4) / fixedLength) throw Unreadable(path, end);
        byte[] keys = new byte[part.Length - 4 - fixedLength * count];
        int[] ends = new int[count], lengths = new int[count];
        long[] starts = new long[count];
        int at = 4, key = 0;
        long before = Magic.Length;
        for (int i = 0; i < count; i++)
        {
            if (part.Length - at < fixedLength) throw Unreadable(path, end);
            uint gap = hasGaps ? BinaryPrimitives.ReadUInt32LittleEndian(part[at..]) : 0;
            at += hasGaps ? 4 : 0;
            uint frame = BinaryPrimitives.ReadUInt32LittleEndian(part[at..]);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(part[(at + 4)..]);
            at += 6;
            starts[i] = before + gap;
            before = starts[i] + frame;
            if (frame is < FrameCodec.TailLength or > int.MaxValue / 2 || before > end || length > part.Length - at || length > keys.Length - key) throw Unreadable(path, end);
            lengths[i] = (int)frame;
            part.Slice(at, length).CopyTo(keys.AsSpan(key));
            at += length;
            ends[i] = key += length;
        }

        // behind the last block there can be pages of indexes, but for format 1
        if ((!hasGaps && before != end) || at != part.Length) throw Unreadable(path, end);
        return new(keys, ends, starts, lengths, null);
    }

    private static HeadFilter ReadFilter(byte[] part, string path, long start)
    {
        if (part.Length == 0 || part.Length % HeadFilter.LineLength != 0) throw StoreDamage.In(path, start, "the filter cannot be read");
        return new(part);
    }

    /// <summary>Takes the start of a part from the end of the facts: the footer is of one length, so that earlier versions read in it that the format is not theirs.</summary>
    private static long TakeStart(ref byte[] facts, long most, in Footer footer, string path)
    {
        long start = facts.Length < 8 ? -1 : BinaryPrimitives.ReadInt64LittleEndian(facts.AsSpan(facts.Length - 8));
        if (start < Magic.Length || start > most) throw StoreDamage.In(path, footer.Facts, "the facts cannot be read");
        facts = facts[..^8];
        return start;
    }

    private static TableFacts ReadFacts(ReadOnlySpan<byte> part, string path, long start, bool hasStems)
    {
        int at = 0;
        byte[] first = ReadKey(part, ref at), last = ReadKey(part, ref at);
        long[] entries = new long[TableFacts.Keyspaces];
        int known = part.Length - at == 8 * KeyspacesOfMixed ? KeyspacesOfMixed : TableFacts.Keyspaces;
        bool hasSketch = part.Length - at == 8 * known + SketchLength;
        if (!hasSketch && part.Length - at != 8 * known) throw StoreDamage.In(path, start, "the facts cannot be read");
        for (int i = 0; i < known; i++) entries[i] = BinaryPrimitives.ReadInt64LittleEndian(part[(at + 8 * i)..]);
        return new(first, last, entries) { IsMixed = known == KeyspacesOfMixed, HasStems = hasStems };

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

    private readonly record struct Footer(long Index, long Filter, long Facts, long Changes, long Start, int Format);
}
