using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// In which part of which block of a table the RRset rows of an owner name begin, by the name's first labels: what questions from the left
/// (<c>www.example.*</c>) look at. Names are known by their <see cref="ForwardKey"/>s, of which few bits are kept: two octets and a half a name.
/// A name that is named in vain costs the reading of some forty rows.
/// </summary>
/// <remarks>
/// <code>
/// page  = section..., 00 * 8                              see <see cref="NameSection"/>
/// index = runs u32, each: first block varint, blocks varint, pages varint, each:
///         first key u64, start u64, length varint, names varint
/// </code>
/// A run is a stretch of blocks whose names were sorted together. A unit is an eighth of a block, by the restarts of the block, counted from the run's first block.
/// </remarks>
internal sealed class NameIndex
{
    /// <summary>Units of a block.</summary>
    public const int UnitsOfBlock = 8;

    private readonly Run[] _runs;
    private readonly PageSource _read;

    public NameIndex(Run[] runs, PageSource read)
    {
        _runs = runs;
        _read = read;
    }

    /// <summary>Reads a page, and checks it.</summary>
    public delegate ReadOnlyMemory<byte> PageSource(Page page);

    public ReadOnlySpan<Run> Runs => _runs;

    /// <summary>Octets in memory, without any page but with a place for each.</summary>
    public long Octets => _runs.Sum(run => (long)Unsafe.SizeOf<Run>() + (Unsafe.SizeOf<Page>() + 8L) * run.Pages.Length);

    public int Pages => _runs.Sum(run => run.Pages.Length);

    /// <summary>Reads what <see cref="NameIndexBuilder.Pack"/> wrote.</summary>
    /// <param name="part">The octets.</param>
    /// <param name="end">Where the last page must end.</param>
    /// <param name="blocks">How many blocks the table has.</param>
    /// <param name="read">Reads a page.</param>
    /// <returns><c>null</c> if it cannot be read.</returns>
    public static NameIndex? Read(ReadOnlySpan<byte> part, long end, int blocks, PageSource read)
    {
        if (part.Length < 4) return null;
        int count = BinaryPrimitives.ReadInt32LittleEndian(part), at = 4, number = 0;
        if (count < 0 || count > part.Length / 3) return null;
        Run[] runs = new Run[count];
        for (int i = 0; i < count; i++)
        {
            int first = TableFormat.ReadVarint(part, ref at), length = TableFormat.ReadVarint(part, ref at), pages = TableFormat.ReadVarint(part, ref at);
            if (first < 0 || length < 1 || length > blocks - first || length > int.MaxValue / UnitsOfBlock || pages < 0 || pages > (part.Length - at) / 18) return null;
            runs[i] = new(first, length, new Page[pages]);
            for (int j = 0; j < pages; j++)
            {
                if (ReadPage(part, ref at, number++) is not { } page || page.Start < 0 || page.Start > end - page.Length) return null;
                runs[i].Pages[j] = page;
            }
        }

        return at == part.Length ? new(runs, read) : null;
    }

    /// <summary>The number of bits that tell the units of a run apart.</summary>
    public static int UnitBits(int blocks) => 32 - BitOperations.LeadingZeroCount((uint)blocks * UnitsOfBlock - 1);

    /// <summary>The unit of an entry, counted from the first block.</summary>
    /// <param name="block">Its block.</param>
    /// <param name="restart">The number of the restart in the block behind which it stands.</param>
    /// <param name="restarts">The restarts of the block.</param>
    public static int UnitOf(int block, int restart, int restarts) => block * UnitsOfBlock + restart * UnitsOfBlock / restarts;

    /// <summary>The restart with which a unit begins, by its number in the block.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="restarts">The restarts of its block.</param>
    public static int FirstRestart(int unit, int restarts) => (unit % UnitsOfBlock * restarts + UnitsOfBlock - 1) / UnitsOfBlock;

    /// <summary>About how many names of some blocks lie in a range of keys: too few by less than two pages a run.</summary>
    /// <param name="range">The keys.</param>
    /// <param name="firstBlock">The first block.</param>
    /// <param name="lastBlock">The last block.</param>
    public long Estimate((ulong First, ulong Last) range, int firstBlock, int lastBlock)
    {
        double estimate = 0;
        foreach (Run run in _runs)
        {
            int from = Math.Max(firstBlock, run.FirstBlock), to = Math.Min(lastBlock, run.FirstBlock + run.Blocks - 1);
            if (from > to) continue;
            long names = 1;
            for (int i = FirstPage(run, range.First); i + 1 < run.Pages.Length && run.Pages[i + 1].First <= range.Last; i++)
            {
                if (run.Pages[i].First >= range.First) names += run.Pages[i].Names;
            }

            estimate += names * (to - from + 1.0) / run.Blocks;
        }

        return (long)Math.Ceiling(estimate);
    }

    /// <summary>Finds the units of a run in which names with a key in some range begin, and a few others.</summary>
    /// <param name="number">The number of the run.</param>
    /// <param name="range">The keys.</param>
    /// <param name="units">The units, counted from the table's first block, rising; what it held is gone.</param>
    /// <returns><c>false</c> if a page cannot be read.</returns>
    public bool TryCollect(int number, (ulong First, ulong Last) range, List<int> units)
    {
        units.Clear();
        Run run = _runs[number];
        int unitBits = UnitBits(run.Blocks);
        for (int i = FirstPage(run, range.First); i < run.Pages.Length && run.Pages[i].First <= range.Last; i++)
        {
            ReadOnlySpan<byte> page = _read(run.Pages[i]).Span;
            for (int at = 0; at < page.Length - NameSection.Padding;)
            {
                if (!NameSection.TryCollect(page, ref at, unitBits, range.First, range.Last, units)) return false;
            }
        }

        units.Sort();
        int kept = 0;
        for (int i = 0; i < units.Count; i++)
        {
            int unit = units[i] + run.FirstBlock * UnitsOfBlock;
            if (unit >= (run.FirstBlock + run.Blocks) * UnitsOfBlock) return false;
            if (kept == 0 || unit != units[kept - 1]) units[kept++] = unit;
        }

        units.RemoveRange(kept, units.Count - kept);
        return true;
    }

    /// <summary>Reads a page for those who compare it.</summary>
    public ReadOnlyMemory<byte> ReadPage(Page page) => _read(page);

    /// <summary>The first page that can have a key: names of one key may stand on both sides of a page's end.</summary>
    private static int FirstPage(in Run run, ulong key)
    {
        int low = 0, high = run.Pages.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (run.Pages[middle].First < key) low = middle + 1;
            else high = middle;
        }

        return Math.Max(0, low - 1);
    }

    private static Page? ReadPage(ReadOnlySpan<byte> part, ref int at, int number)
    {
        if (part.Length - at < 18) return null;
        ulong first = BinaryPrimitives.ReadUInt64LittleEndian(part[at..]);
        long start = BinaryPrimitives.ReadInt64LittleEndian(part[(at + 8)..]);
        at += 16;
        int length = TableFormat.ReadVarint(part, ref at), names = TableFormat.ReadVarint(part, ref at);
        return (length | names) < 0 ? null : new(number, first, start, length, names);
    }

    /// <summary>A stretch of blocks whose names were sorted together.</summary>
    /// <param name="FirstBlock">The first block.</param>
    /// <param name="Blocks">How many blocks.</param>
    /// <param name="Pages">Its pages, by key.</param>
    internal readonly record struct Run(int FirstBlock, int Blocks, Page[] Pages);

    /// <summary>Where a page is, and what it has.</summary>
    /// <param name="Number">Its number in the index.</param>
    /// <param name="First">The first key.</param>
    /// <param name="Start">Where it starts.</param>
    /// <param name="Length">How long it is as it is kept.</param>
    /// <param name="Names">How many names it has.</param>
    internal readonly record struct Page(int Number, ulong First, long Start, int Length, int Names);
}
