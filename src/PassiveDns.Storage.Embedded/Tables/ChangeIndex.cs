using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using PassiveDns.Storage.Keys;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>
/// Which RRset rows of a table have an interval that begins or ends in which hour. The rows are known by their number in the table, which costs two to
/// five octets for each and, since it is derived when the table is made, no key anywhere.
/// </summary>
/// <remarks>
/// <code>
/// page  = hour, hour...            of one run; the hours rise
/// hour  = number varint (less the one before in the page; since 1970), row..., 00 if another hour follows
/// row   = 4 * (number in the run, less the one before in the hour) + what happened, varint: 1 an interval begins, 2 one ends, 3 both
/// index = blocks that hold RRset rows u32, rows of each varint; runs u32, each: rows varint, pages varint, each:
///         start u64, length varint, first hour varint, last hour less the first varint, rows named varint
/// </code>
/// A run is a stretch of rows short enough to be sorted by hour in memory. The boundaries of a merged history are a subset of those of its versions, so
/// what the indexes of all tables name together is never too little; the histories themselves decide.
/// </remarks>
internal sealed class ChangeIndex
{
    public const uint Begins = 1, Ends = 2, Both = Begins | Ends;
    public const byte EndOfHour = 0;
    public const int RowShift = 2;

    private const int SecondsOfHour = 3600;

    private readonly long[] _blockRows;
    private readonly Run[] _runs;
    private readonly PageSource _read;

    /// <param name="blockRows">How many rows the blocks have that hold some.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="read">Reads a page.</param>
    public ChangeIndex(ReadOnlySpan<int> blockRows, Run[] runs, PageSource read)
    {
        _blockRows = new long[blockRows.Length + 1];
        for (int i = 0; i < blockRows.Length; i++) _blockRows[i + 1] = _blockRows[i] + blockRows[i];
        _runs = runs;
        _read = read;
    }

    /// <summary>Reads a page, and checks it.</summary>
    public delegate ReadOnlyMemory<byte> PageSource(Page page);

    /// <summary>Octets in memory, without any page.</summary>
    public long Octets => 8L * _blockRows.Length + _runs.Sum(run => (long)Unsafe.SizeOf<Run>() + Unsafe.SizeOf<Page>() * run.Pages.Length);

    /// <summary>RRset rows of the table.</summary>
    public long Rows => _blockRows[^1];

    public ReadOnlySpan<Run> Runs => _runs;

    public static int HourOf(long time) => (int)Math.Clamp(time / SecondsOfHour, 0, int.MaxValue);

    /// <summary>Reads what <see cref="ChangeIndexBuilder.Pack"/> wrote.</summary>
    /// <param name="part">The octets.</param>
    /// <param name="end">Where the last page must end.</param>
    /// <param name="read">Reads a page.</param>
    /// <returns><c>null</c> if it cannot be read.</returns>
    public static ChangeIndex? Read(ReadOnlySpan<byte> part, long end, PageSource read)
    {
        int at = 0;
        int blocks = ReadCount(part, ref at, 1);
        if (blocks < 0) return null;
        int[] blockRows = new int[blocks];
        long rows = 0;
        for (int i = 0; i < blocks; i++)
        {
            blockRows[i] = TableFormat.ReadVarint(part, ref at);
            if (blockRows[i] < 1) return null;
            rows += blockRows[i];
        }

        int count = ReadCount(part, ref at, 2);
        if (count < 0) return null;
        Run[] runs = new Run[count];
        for (int i = 0; i < count; i++)
        {
            int length = TableFormat.ReadVarint(part, ref at);
            int pages = TableFormat.ReadVarint(part, ref at);
            if (length < 1 || pages < 0 || pages > (part.Length - at) / 12) return null;
            runs[i] = new(length, new Page[pages]);
            rows -= length;
            for (int j = 0; j < pages; j++)
            {
                if (ReadPage(part, ref at) is not { } page || page.Start < 0 || page.Start > end - page.Length) return null;
                runs[i].Pages[j] = page;
            }
        }

        return rows == 0 && at == part.Length ? new(blockRows, runs, read) : null;
    }

    /// <summary>About how many rows of some blocks have something in a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="firstBlock">The first block.</param>
    /// <param name="lastBlock">The last block.</param>
    public long Estimate(ChangeWindow window, int firstBlock, int lastBlock)
    {
        int from = HourOf(window.From), to = HourOf(window.To);
        long firstRow = FirstRow(firstBlock), endRow = FirstRow(lastBlock + 1), rows = 0;
        double estimate = 0;
        foreach (Run run in _runs)
        {
            double share = (Math.Min(endRow, rows + run.Rows) - (double)Math.Max(firstRow, rows)) / run.Rows;
            rows += run.Rows;
            if (share <= 0) continue;
            foreach (Page page in run.Pages)
            {
                double hours = Math.Min(to, page.LastHour) - (double)Math.Max(from, page.FirstHour) + 1;
                if (hours > 0) estimate += share * Math.Max(1, page.Entries * hours / ((double)page.LastHour - page.FirstHour + 1));
            }
        }

        return (long)estimate;
    }

    /// <summary>Finds the rows of a run that have something in a window's hours.</summary>
    /// <param name="number">The number of the run.</param>
    /// <param name="window">The window.</param>
    /// <param name="rows">Their numbers in the run, rising; what it held is gone.</param>
    /// <returns><c>false</c> if a page cannot be read.</returns>
    public bool TryCollect(int number, ChangeWindow window, List<int> rows)
    {
        rows.Clear();
        int from = HourOf(window.From), to = HourOf(window.To);
        foreach (Page page in _runs[number].Pages)
        {
            if (page.LastHour < from || page.FirstHour > to) continue;
            if (!TryCollect(_read(page).Span, from, to, window.BeginsOnly ? Begins : Both, _runs[number].Rows, rows)) return false;
        }

        rows.Sort();
        int kept = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            if (i == 0 || rows[i] != rows[kept - 1]) rows[kept++] = rows[i];
        }

        rows.RemoveRange(kept, rows.Count - kept);
        return true;
    }

    /// <summary>Reads a page for those who compare it.</summary>
    public ReadOnlyMemory<byte> ReadPage(Page page) => _read(page);

    /// <summary>The block that holds a row, and the row's number in it.</summary>
    public (int Block, int Entry) Find(long row)
    {
        int place = Array.BinarySearch(_blockRows, row);
        int block = place >= 0 ? place : ~place - 1;
        return (block, (int)(row - _blockRows[block]));
    }

    /// <summary>The number of the first row of a block; of one behind the last row, how many there are.</summary>
    public long FirstRow(int block) => _blockRows[Math.Min(block, _blockRows.Length - 1)];

    private static bool TryCollect(ReadOnlySpan<byte> page, int from, int to, uint wanted, int rowsOfRun, List<int> rows)
    {
        int at = 0;
        long hour = 0;
        while (at < page.Length)
        {
            int step = TableFormat.ReadVarint(page, ref at);
            if (step < 0 || (hour += step) > int.MaxValue) return false;
            if (hour > to) return true;
            int row = 0;
            while (at < page.Length)
            {
                int entry = TableFormat.ReadVarint(page, ref at);
                if (entry == EndOfHour) break;
                if (entry < 0 || (row += entry >> RowShift) >= rowsOfRun) return false;
                if (hour >= from && (entry & wanted) != 0) rows.Add(row);
            }
        }

        return true;
    }

    private static int ReadCount(ReadOnlySpan<byte> part, ref int at, int leastLength)
    {
        if (part.Length - at < 4) return -1;
        int count = BinaryPrimitives.ReadInt32LittleEndian(part[at..]);
        at += 4;
        return count > (part.Length - at) / leastLength ? -1 : count;
    }

    private static Page? ReadPage(ReadOnlySpan<byte> part, ref int at)
    {
        if (part.Length - at < 12) return null;
        long start = BinaryPrimitives.ReadInt64LittleEndian(part[at..]);
        at += 8;
        int length = TableFormat.ReadVarint(part, ref at);
        int first = TableFormat.ReadVarint(part, ref at);
        int hours = TableFormat.ReadVarint(part, ref at);
        int entries = TableFormat.ReadVarint(part, ref at);
        return (length | first | hours | entries) < 0 || hours > int.MaxValue - first ? null : new(start, length, first, first + hours, entries);
    }

    /// <summary>A stretch of rows whose changes were sorted together.</summary>
    /// <param name="Rows">How many rows.</param>
    /// <param name="Pages">Its pages, by hour.</param>
    internal readonly record struct Run(int Rows, Page[] Pages);

    /// <summary>Where a page is, and what it has.</summary>
    /// <param name="Start">Where it starts.</param>
    /// <param name="Length">How long it is as it is kept.</param>
    /// <param name="FirstHour">The first hour.</param>
    /// <param name="LastHour">The last hour.</param>
    /// <param name="Entries">How many rows it names, over all hours.</param>
    internal readonly record struct Page(long Start, int Length, int FirstHour, int LastHour, int Entries);
}
