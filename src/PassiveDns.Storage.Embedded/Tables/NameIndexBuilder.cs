using System.Buffers.Binary;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Derives a table's <see cref="NameIndex"/> while its RRset rows go by. What it keeps is bounded, however many names come.</summary>
/// <param name="writePage">Keeps a page and says where.</param>
/// <param name="maxNames">Names of a run, but for those of its last block: so many are sorted at a time.</param>
internal sealed class NameIndexBuilder(NameIndexBuilder.PageSink writePage, int maxNames = NameIndexBuilder.MaxNames)
{
    /// <summary>What a run has at the most, where memory is not short.</summary>
    public const int MaxNames = 1 << 19;

    /// <summary>What sorting a name takes.</summary>
    public const int OctetsOfName = 2 * (sizeof(ulong) + sizeof(uint));

    private const int NamesOfBlock = 1 << 12; // hardly any block has more

    /// <summary>
    /// Names that share a label so often get sections of their own. The places of a section are even over its keys: among the names of many first
    /// labels, the second labels of a frequent one could not be told apart.
    /// </summary>
    private const int FrequentNames = 64;

    private const int PageLength = 8 << 10;
    private const int DigitBits = 11, Digits = 6;

    private readonly List<NameIndex.Run> _runs = [];
    private readonly List<NameIndex.Page> _pages = [];
    private readonly int[] _places = new int[Digits << DigitBits]; // of sorting
    private readonly byte[] _last = new byte[TableFormat.MaxKeyLength];
    private byte[] _page = [];
    private ulong[] _keys = new ulong[1 << 10], _spareKeys = [];
    private uint[] _units = new uint[1 << 10], _spareUnits = [];
    private int _count;
    private int _ended;
    private int _lastLength;
    private int _firstBlock;
    private int _block;
    private byte _space;
    private int _pageLength;
    private int _pageNames;
    private int _pageCount;
    private ulong _pageFirst;

    /// <summary>Where the runs begin that are written, how long they are, and how many pages they have.</summary>
    public IEnumerable<(int FirstBlock, int Blocks, int Pages)> Runs => _runs.Select(run => (run.FirstBlock, run.Blocks, run.Pages.Length));

    /// <summary>Keeps a page.</summary>
    /// <param name="page">The page; borrowed.</param>
    /// <returns>What finds it again.</returns>
    public delegate (long Start, int Length) PageSink(ReadOnlySpan<byte> page);

    /// <summary>Takes the owner name of the next row; that of the row before is passed over.</summary>
    /// <param name="head">The row's key up to the end of the name.</param>
    /// <param name="block">The row's block.</param>
    /// <param name="restart">The number of the restart in the block behind which the row stands.</param>
    public void Add(ReadOnlySpan<byte> head, int block, int restart)
    {
        if (head.SequenceEqual(_last.AsSpan(0, _lastLength))) return;
        head.CopyTo(_last);
        _lastLength = head.Length;
        if (head.Length == 2) return; // the root begins with no label
        if (_space != head[0] && _ended == _count) EndRun(); // what lies between would only make the numbers of the units longer
        if (_count == 0) _firstBlock = block;
        if (_count == _keys.Length)
        {
            int room = _count < maxNames + NamesOfBlock ? Math.Min(2 * _count, maxNames + NamesOfBlock) : 2 * _count;
            Array.Resize(ref _keys, room);
            Array.Resize(ref _units, room);
        }

        _space = head[0];
        _block = block;
        _keys[_count] = ForwardKey.Of(head[1..]);
        _units[_count++] = (uint)restart;
    }

    /// <summary>The block is closed that holds the rows since the last call.</summary>
    /// <param name="restarts">All restarts of the block.</param>
    public void EndBlock(int restarts)
    {
        for (; _ended < _count; _ended++) _units[_ended] = (uint)NameIndex.UnitOf(_block - _firstBlock, (int)_units[_ended], restarts);
        if (_count >= maxNames) EndRun();
    }

    /// <summary>Writes out what is left: no row comes any more, or one of another stretch.</summary>
    public void EndRun()
    {
        if (_count == 0) return;
        Sort();
        int blocks = _block - _firstBlock + 1;
        _pages.Clear();
        WriteGroup(0, _count, 1, NameIndex.UnitBits(blocks));
        WritePage();
        _runs.Add(new(_firstBlock, blocks, [.. _pages]));
        _count = 0;
        _ended = 0;
    }

    /// <summary>The index, for those who keep the pages in memory.</summary>
    /// <param name="read">Finds a page again.</param>
    public NameIndex ToIndex(NameIndex.PageSource read) => new([.. _runs], read);

    /// <summary>What the table file says of runs and pages.</summary>
    public byte[] Pack()
    {
        byte[] octets = new byte[4 + _runs.Sum(run => 3 * 5 + (16 + 2 * 5) * run.Pages.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(octets, _runs.Count);
        int at = 4;
        foreach (NameIndex.Run run in _runs)
        {
            at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)run.FirstBlock);
            at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)run.Blocks);
            at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)run.Pages.Length);
            foreach (NameIndex.Page page in run.Pages)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(octets.AsSpan(at), page.First);
                BinaryPrimitives.WriteInt64LittleEndian(octets.AsSpan(at + 8), page.Start);
                at += 16;
                at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)page.Length);
                at += TableFormat.WriteVarint(octets.AsSpan(at), (uint)page.Names);
            }
        }

        return octets[..at];
    }

    /// <summary>Sorts by key, digit by digit from the lowest one.</summary>
    private void Sort()
    {
        if (_spareKeys.Length < _count)
        {
            _spareKeys = new ulong[_keys.Length];
            _spareUnits = new uint[_keys.Length];
        }

        Array.Clear(_places);
        foreach (ulong key in _keys.AsSpan(0, _count))
        {
            for (int digit = 0; digit < Digits; digit++) _places[digit << DigitBits | Digit(key, digit)]++;
        }

        for (int digit = 0; digit < Digits; digit++)
        {
            Span<int> places = _places.AsSpan(digit << DigitBits, 1 << DigitBits);
            int at = 0;
            foreach (ref int place in places) (place, at) = (at, at + place);
            for (int i = 0; i < _count; i++)
            {
                int place = places[Digit(_keys[i], digit)]++;
                _spareKeys[place] = _keys[i];
                _spareUnits[place] = _units[i];
            }

            (_keys, _spareKeys) = (_spareKeys, _keys);
            (_units, _spareUnits) = (_spareUnits, _units);
        }
    }

    private static int Digit(ulong key, int digit) => (int)(key >> digit * DigitBits) & (1 << DigitBits) - 1;

    /// <summary>Writes names that agree in all labels before one: those that agree in this one, too, by themselves if they are many.</summary>
    private void WriteGroup(int from, int to, int label, int unitBits)
    {
        int waiting = from;
        for (int at = from, end; at < to; at = end)
        {
            end = at + 1;
            while (end < to && ForwardKey.Agree(_keys[at], _keys[end], label)) end++;
            if (end - at < FrequentNames) continue;
            WriteSections(waiting, at, unitBits);
            if (label < ForwardKey.Labels) WriteGroup(at, end, label + 1, unitBits);
            else WriteSections(at, end, unitBits);
            waiting = end;
        }

        WriteSections(waiting, to, unitBits);
    }

    private void WriteSections(int from, int to, int unitBits)
    {
        for (int names; from < to; from += names)
        {
            names = Math.Min(to - from, NameSection.MaxNames);
            int most = _pageLength + NameSection.MaxLength(names, unitBits);
            if (_page.Length < most) Array.Resize(ref _page, Math.Max(most, PageLength + NameSection.MaxLength(NameSection.MaxNames, unitBits)));
            if (_pageNames == 0) _pageFirst = _keys[from];
            _pageLength += NameSection.Write(_keys.AsSpan(from, names), _units.AsSpan(from, names), unitBits, _page.AsSpan(_pageLength));
            _pageNames += names;
            if (_pageLength >= PageLength) WritePage();
        }
    }

    private void WritePage()
    {
        if (_pageNames == 0) return;
        (long start, int length) = writePage(_page.AsSpan(0, _pageLength + NameSection.Padding)); // which the last section has cleared
        _pages.Add(new(_pageCount++, _pageFirst, start, length, _pageNames));
        _pageLength = 0;
        _pageNames = 0;
    }
}
