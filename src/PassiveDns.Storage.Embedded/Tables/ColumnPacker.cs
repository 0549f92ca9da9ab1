using System.Buffers.Binary;
using System.Numerics;
using ZstdSharp;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Packs blocks as <see cref="ColumnFormat"/> says. For one thread.</summary>
internal sealed class ColumnPacker
{
    private const int MaxFixed = 7 * 5 + 1;

    private readonly OctetColumn _shared = new(), _rest = new(), _kinds = new(), _heads = new(), _keys = new(), _text = new();
    private readonly BitWriter _bits = new();
    private readonly byte[] _key = new byte[TableFormat.MaxKeyLength];
    private readonly HeadNumbers _known = new();
    private int[] _numbers = new int[4 << 10];
    private int _count;
    private int _entries;
    private int _least;
    private int _most;
    private int _dictionary;

    /// <summary>Packs a block.</summary>
    /// <param name="block">A block of <see cref="BlockBuilder"/>.</param>
    /// <param name="zstd">Packs the text.</param>
    /// <param name="dictionaries">By the number of the keyspace, empty where there is none: the one of the block's first key is loaded if it is not yet.</param>
    /// <param name="destination">Takes the columns; made longer if it must be.</param>
    /// <param name="reserved">Octets to leave free behind them.</param>
    /// <returns>The octets written.</returns>
    public int Pack(ReadOnlySpan<byte> block, Compressor zstd, IReadOnlyList<byte[]> dictionaries, ref byte[] destination, int reserved)
    {
        ReadOnlySpan<byte> text = TakeText(block);
        int space = _keys.Octets[0];
        if (space >= dictionaries.Count || dictionaries[space].Length == 0) space = 0;
        if (space != _dictionary) zstd.LoadDictionary(space == 0 ? [] : dictionaries[space]);
        _dictionary = space;
        int bits = _most > _least ? 32 - BitOperations.LeadingZeroCount((uint)(_most - _least)) : 0;
        if (_count == 0) _least = 0;
        WriteNumbers(bits);
        ReadOnlySpan<byte> numbers = _bits.Finish();
        int most = MaxFixed + Compressor.GetCompressBound(text.Length) + numbers.Length + reserved;
        if (destination.Length < most) destination = new byte[most];
        Span<byte> room = destination;
        int packed = zstd.Wrap(text, room[MaxFixed..]);
        int at = 0;
        foreach (int number in (ReadOnlySpan<int>)[_entries, _shared.Length, _rest.Length, _heads.Length, _keys.Length, packed, _least]) at += TableFormat.WriteVarint(room[at..], (uint)number);
        room[at++] = (byte)(bits | space << ColumnFormat.DictionaryShift);
        room.Slice(MaxFixed, packed).CopyTo(room[at..]);
        numbers.CopyTo(room[(at + packed)..]);
        return at + packed + numbers.Length;
    }

    /// <summary>The text of a block before it is packed; valid until the next call.</summary>
    public ReadOnlySpan<byte> TakeText(ReadOnlySpan<byte> block)
    {
        TakeApart(block);
        _text.Clear();
        foreach (OctetColumn column in (ReadOnlySpan<OctetColumn>)[_shared, _rest, _kinds, _heads, _keys]) _text.Add(column.Octets);
        return _text.Octets;
    }

    private void TakeApart(ReadOnlySpan<byte> block)
    {
        foreach (OctetColumn column in (ReadOnlySpan<OctetColumn>)[_shared, _rest, _kinds, _heads, _keys]) column.Clear();
        _known.Clear();
        (_entries, _count, _least, _most) = (0, 0, int.MaxValue, 0);
        int end = block.Length - 4 * (1 + BinaryPrimitives.ReadInt32LittleEndian(block[^4..]));
        int keyLength = 0;
        for (int at = 0; at < end; _entries++)
        {
            int shared = TableFormat.ReadVarint(block, ref at), rest = TableFormat.ReadVarint(block, ref at), length = TableFormat.ReadVarint(block, ref at);
            ReadOnlySpan<byte> unshared = block.Slice(at, rest);
            ReadOnlySpan<byte> value = block.Slice(at + rest, length);
            at += rest + length;
            if (_entries % TableFormat.RestartInterval == 0)
            {
                shared = unshared.CommonPrefixLength(_key.AsSpan(0, keyLength));
                unshared = unshared[shared..];
            }

            unshared.CopyTo(_key.AsSpan(shared));
            keyLength = shared + unshared.Length;
            _shared.AddVarint((uint)shared);
            _rest.AddVarint((uint)unshared.Length);
            _keys.Add(unshared);
            TakeValue(value);
        }
    }

    private void TakeValue(ReadOnlySpan<byte> value)
    {
        int head = ColumnFormat.MeasureHead(value), before = _count;
        if (head >= 0 && TryTakeNumbers(value[head..]))
        {
            int kind = _known.Find(value[..head], _heads);
            if (kind >= 0)
            {
                _kinds.AddOctet((byte)kind);
                return;
            }

            _count = before;
        }

        _kinds.AddOctet(ColumnFormat.Whole);
        _heads.AddVarint((uint)value.Length);
        _heads.Add(value);
    }

    private bool TryTakeNumbers(ReadOnlySpan<byte> rest)
    {
        int at = 0, taken = _count;
        int intervals = ReadNumber(rest, ref at);
        if (intervals < 1 || intervals > Math.Min(SightingHistory.MaxIntervals, (rest.Length - at) / 3)) return false;
        if (_numbers.Length - _count < 1 + 3 * intervals) Array.Resize(ref _numbers, 2 * _numbers.Length + 3 * intervals);
        _numbers[taken++] = intervals;
        for (int i = 0; i < intervals; i++)
        {
            int first = ReadNumber(rest, ref at), length = ReadNumber(rest, ref at), count = ReadNumber(rest, ref at);
            if ((first | length | count) < 0 || count == int.MaxValue || (count == 1 && length > 0)) return false;
            _numbers[taken] = first;
            _numbers[taken + 1] = count;
            _numbers[taken + 2] = length;
            taken += 3;
        }

        if (at != rest.Length) return false;
        _least = Math.Min(_least, _numbers[_count + 1]);
        _most = Math.Max(_most, _numbers[_count + 1]);
        _count = taken;
        return true;
    }

    /// <returns>-1 also for a number that is longer than it must be, which would not come out as it went in.</returns>
    private static int ReadNumber(ReadOnlySpan<byte> source, ref int at)
    {
        int start = at;
        int number = TableFormat.ReadVarint(source, ref at);
        return at - start > 1 && source[at - 1] == 0 ? -1 : number;
    }

    private void WriteNumbers(int bitsOfFirst)
    {
        _bits.Clear();
        for (int at = 0; at < _count; )
        {
            int intervals = _numbers[at++];
            _bits.WriteGamma((uint)intervals);
            for (int i = 0; i < intervals; i++, at += 3)
            {
                if (i == 0) _bits.Write((uint)(_numbers[at] - _least), bitsOfFirst);
                else _bits.WriteSized((uint)_numbers[at]);
                _bits.WriteGamma((uint)_numbers[at + 1] + 1);
                if (_numbers[at + 1] != 1) _bits.WriteSized((uint)_numbers[at + 2]);
            }
        }
    }

    /// <summary>The heads of a block by number.</summary>
    private sealed class HeadNumbers
    {
        private const int Places = 1 << 10;

        private readonly byte[] _octets = new byte[ColumnFormat.Whole * ColumnFormat.MaxHead];
        private readonly int[] _ends = new int[ColumnFormat.Whole + 1];
        private readonly short[] _places = new short[Places]; // number + 1
        private int _count;
        private int _last;

        public void Clear()
        {
            _count = 0;
            _last = 0;
            _places.AsSpan().Clear();
        }

        /// <summary>The number of a head; a new one is told of.</summary>
        /// <returns>-1 if there are too many.</returns>
        public int Find(ReadOnlySpan<byte> head, OctetColumn news)
        {
            if (_count > 0 && Head(_last).SequenceEqual(head)) return _last;
            for (int place = (int)(KeyHead.Hash(head) & Places - 1); ; place = (place + 1) & Places - 1)
            {
                int number = _places[place] - 1;
                if (number >= 0 && !Head(number).SequenceEqual(head)) continue;
                if (number >= 0) return _last = number;
                if (_count == ColumnFormat.Whole) return -1;
                _places[place] = (short)(_count + 1);
                head.CopyTo(_octets.AsSpan(_ends[_count]));
                _ends[_count + 1] = _ends[_count] + head.Length;
                news.AddOctet((byte)head.Length);
                news.Add(head);
                return _last = _count++;
            }
        }

        private ReadOnlySpan<byte> Head(int number) => _octets.AsSpan(_ends[number], _ends[number + 1] - _ends[number]);
    }
}
