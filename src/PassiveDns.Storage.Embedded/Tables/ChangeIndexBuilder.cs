using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Derives a table's <see cref="ChangeIndex"/> while its RRset rows go by. What it keeps is bounded, however many rows come.</summary>
/// <param name="writePage">Keeps a page and says where.</param>
/// <param name="maxEntries">Entries of a run: so many are sorted by hour at a time.</param>
internal sealed class ChangeIndexBuilder(ChangeIndexBuilder.PageSink writePage, int maxEntries = ChangeIndexBuilder.MaxEntries)
{
    /// <summary>What a run has at the most, where memory is not short.</summary>
    public const int MaxEntries = 1 << 18;

    /// <summary>What sorting an entry takes.</summary>
    public const int OctetsOfEntry = 2 * sizeof(ulong);

    private const int PageLength = 16 << 10;
    private const int RowShift = ChangeIndex.RowShift, HourShift = 32, DigitBits = 8;

    private readonly List<int> _blockRows = [];
    private readonly List<ChangeIndex.Run> _runs = [];
    private readonly byte[] _page = new byte[PageLength + 1 + 2 * 5];
    private ulong[] _entries = new ulong[1 << 10]; // hour, row of the run, what happened: from the upper bits to the lower
    private ulong[] _spare = [];
    private int _count;
    private int _rows;
    private int _rowsInRun;
    private int _least = int.MaxValue;
    private int _most;

    /// <summary>Keeps a page.</summary>
    /// <param name="page">The page; borrowed.</param>
    /// <returns>What finds it again.</returns>
    public delegate (long Start, int Length) PageSink(ReadOnlySpan<byte> page);

    /// <summary>Takes the next RRset row of the table.</summary>
    /// <param name="history">Its packed history.</param>
    /// <param name="life">Its earliest and its latest sighting; the count is not known.</param>
    /// <returns><c>false</c> if the history cannot be read.</returns>
    public bool Add(ReadOnlySpan<byte> history, out SightingInterval life)
    {
        if (_count > maxEntries - 2 * SightingHistory.MaxIntervals) EndRun();
        if (_entries.Length - _count < 2 * SightingHistory.MaxIntervals) Array.Resize(ref _entries, Math.Min(maxEntries, 2 * _entries.Length + 2 * SightingHistory.MaxIntervals));
        _rows++;
        life = default;
        bool isWhole = SightingCursor.TryOpen(history, out SightingCursor cursor);
        int firstOfRow = _count;
        for (bool isFirst = true; isWhole && cursor.Remaining > 0; isFirst = false)
        {
            isWhole = cursor.TryNext(out SightingInterval interval);
            if (!isWhole) break;
            life = new(isFirst ? interval.First : life.First, interval.Last, 0);
            Put(interval.First, ChangeIndex.Begins, firstOfRow);
            Put(interval.Last, ChangeIndex.Ends, firstOfRow);
        }

        _rowsInRun++;
        return isWhole;
    }

    /// <summary>The block that holds the rows since the last call is closed.</summary>
    public void EndBlock()
    {
        if (_rows == 0) return;
        _blockRows.Add(_rows);
        _rows = 0;
    }

    /// <summary>Writes out what is left: no row comes any more.</summary>
    public void EndRun()
    {
        if (_rowsInRun == 0) return;
        ulong[] sorted = SortByHour();
        _runs.Add(new(_rowsInRun, WritePages(sorted.AsSpan(0, _count))));
        _count = 0;
        _rowsInRun = 0;
        _least = int.MaxValue;
        _most = 0;
    }

    /// <summary>The index, for those who keep the pages in memory.</summary>
    /// <param name="read">Finds a page again.</param>
    public ChangeIndex ToIndex(ChangeIndex.PageSource read) => new(CollectionsMarshal.AsSpan(_blockRows), [.. _runs], read);

    /// <summary>What the table file says of blocks, runs and pages.</summary>
    public byte[] Pack()
    {
        byte[] octets = new byte[8 + 5 * _blockRows.Count + _runs.Sum(run => 10 + (8 + 4 * 5) * run.Pages.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(octets, _blockRows.Count);
        int at = 4;
        foreach (int rows in _blockRows) at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)rows);
        BinaryPrimitives.WriteInt32LittleEndian(octets.AsSpan(at), _runs.Count);
        at += 4;
        foreach (ChangeIndex.Run run in _runs)
        {
            at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)run.Rows);
            at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)run.Pages.Length);
            foreach (ChangeIndex.Page page in run.Pages)
            {
                BinaryPrimitives.WriteInt64LittleEndian(octets.AsSpan(at), page.Start);
                at += 8;
                at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)page.Length);
                at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)page.FirstHour);
                at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)(page.LastHour - page.FirstHour));
                at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)page.Entries);
            }
        }

        return octets[..at];
    }

    /// <summary>Notes that something happened to a row; once for each hour, since the boundaries of intervals come in the order of time.</summary>
    private void Put(long time, uint what, int firstOfRow)
    {
        int hour = ChangeIndex.HourOf(time);
        if (_count > firstOfRow && (int)(_entries[_count - 1] >> HourShift) == hour)
        {
            _entries[_count - 1] |= what;
            return;
        }

        _entries[_count++] = (ulong)hour << HourShift | (uint)_rowsInRun << RowShift | what;
        _least = Math.Min(_least, hour);
        _most = Math.Max(_most, hour);
    }

    /// <summary>Sorts digit by digit from the lowest one, which leaves the rows of an hour in their order: they came in it.</summary>
    private ulong[] SortByHour()
    {
        ulong[] from = _entries, to = _spare;
        Span<int> places = stackalloc int[1 << DigitBits];
        for (int shift = 0; _count > 0 && _most - _least >> shift > 0; shift += DigitBits)
        {
            if (to.Length < from.Length) to = new ulong[from.Length];
            places.Clear();
            foreach (ulong entry in from.AsSpan(0, _count)) places[Digit(entry, shift)]++;
            int at = 0;
            foreach (ref int place in places) (place, at) = (at, at + place);
            foreach (ulong entry in from.AsSpan(0, _count)) to[places[Digit(entry, shift)]++] = entry;
            (from, to) = (to, from);
            if (shift + DigitBits >= 31) break;
        }

        (_entries, _spare) = (from, to);
        return from;
    }

    private int Digit(ulong entry, int shift) => (int)(entry >> HourShift) - _least >> shift & (1 << DigitBits) - 1;

    private ChangeIndex.Page[] WritePages(ReadOnlySpan<ulong> entries)
    {
        List<ChangeIndex.Page> pages = [];
        while (!entries.IsEmpty)
        {
            int taken = FillPage(entries, out int length);
            (long start, int kept) = writePage(_page.AsSpan(0, length));
            pages.Add(new(start, kept, (int)(entries[0] >> HourShift), (int)(entries[taken - 1] >> HourShift), taken));
            entries = entries[taken..];
        }

        return [.. pages];
    }

    private int FillPage(ReadOnlySpan<ulong> entries, out int length)
    {
        int hour = 0, row = 0, taken = 0;
        length = 0;
        for (; taken < entries.Length && length < PageLength; taken++)
        {
            int next = (int)(entries[taken] >> HourShift), mine = (int)((uint)entries[taken] >> RowShift);
            if (taken == 0 || next != hour)
            {
                if (taken > 0) _page[length++] = ChangeIndex.EndOfHour;
                length += TableFormat.WriteVarint(_page.AsSpan(length), (uint)(next - hour));
                (hour, row) = (next, 0);
            }

            length += TableFormat.WriteVarint(_page.AsSpan(length), (uint)(mine - row) << RowShift | (uint)entries[taken] & ChangeIndex.Both);
            row = mine;
        }

        return taken;
    }
}
