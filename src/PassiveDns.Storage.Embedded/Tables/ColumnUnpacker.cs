using System.Buffers.Binary;

namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>Makes blocks again of what <see cref="ColumnPacker"/> made of them. For one thread at a time.</summary>
internal sealed class ColumnUnpacker
{
    private readonly byte[] _key = new byte[TableFormat.MaxKeyLength];
    private readonly int[] _heads = new int[ColumnFormat.Whole];
    private byte[] _text = new byte[16 << 10];
    private byte[] _value = new byte[ColumnFormat.MaxHead + 5 + ColumnFormat.MaxInterval];

    /// <summary>Unpacks a block.</summary>
    /// <param name="columns">What was packed.</param>
    /// <param name="zstd">Unpacks the text.</param>
    /// <param name="dictionaries">Those of the table, if it has any.</param>
    /// <param name="block">Takes the block, which has exactly this length.</param>
    /// <returns><c>false</c> if it is damaged, or its dictionary is not there.</returns>
    public bool TryUnpack(ReadOnlySpan<byte> columns, ZstdUnpacker zstd, TableDictionaries? dictionaries, Span<byte> block) => TryUnpack(columns, zstd, dictionaries, hasMagic: false, block);

    /// <summary>Unpacks a block of table format 3 or 4.</summary>
    /// <param name="columns">What was packed.</param>
    /// <param name="zstd">Unpacks the text.</param>
    /// <param name="block">Takes the block, which has exactly this length.</param>
    /// <returns><c>false</c> if it is damaged.</returns>
    public bool TryUnpackWithMagic(ReadOnlySpan<byte> columns, ZstdUnpacker zstd, Span<byte> block) => TryUnpack(columns, zstd, null, hasMagic: true, block);

    private bool TryUnpack(ReadOnlySpan<byte> columns, ZstdUnpacker zstd, TableDictionaries? dictionaries, bool hasMagic, Span<byte> block)
    {
        int at = 0;
        int entries = TableFormat.ReadVarint(columns, ref at), shared = TableFormat.ReadVarint(columns, ref at), rest = TableFormat.ReadVarint(columns, ref at);
        int heads = TableFormat.ReadVarint(columns, ref at), keys = TableFormat.ReadVarint(columns, ref at), packed = TableFormat.ReadVarint(columns, ref at);
        int least = TableFormat.ReadVarint(columns, ref at);
        if ((entries | shared | rest | heads | keys | packed | least) < 0 || packed > columns.Length - at - 1) return false;
        int dictionary = columns[at] >> ColumnFormat.DictionaryShift, bitsOfFirst = columns[at++] & (1 << ColumnFormat.DictionaryShift) - 1;
        long length = (long)shared + rest + entries + heads + keys;
        if (entries == 0 || length > 2L * block.Length) return false; // a block has all of it but the kinds, of which there is one for three octets at least
        if (_text.Length < length) _text = new byte[2 * length];
        Span<byte> text = _text.AsSpan(0, (int)length);
        if (!TryUnpackText(columns.Slice(at, packed), zstd, dictionaries, dictionary, hasMagic, text)) return false;
        int restarts = (entries + TableFormat.RestartInterval - 1) / TableFormat.RestartInterval;
        int end = block.Length - 4 * (restarts + 1);
        if (end < 0) return false;
        BinaryPrimitives.WriteInt32LittleEndian(block[^4..], restarts);
        int middle = shared + rest + entries;
        return TryWrite(text[..shared], text.Slice(shared, rest), text.Slice(shared + rest, entries), text.Slice(middle, heads), text[(middle + heads)..],
            new(columns[(at + packed)..]), (least, bitsOfFirst), block[..end], block[end..]);
    }

    private static bool TryUnpackText(ReadOnlySpan<byte> packed, ZstdUnpacker zstd, TableDictionaries? dictionaries, int number, bool hasMagic, Span<byte> text)
    {
        if (hasMagic) return number == 0 && zstd.TryUnpack(packed, text);
        BlockDictionary? dictionary = number == 0 ? null : dictionaries?.Of(number);
        return (number == 0 || dictionary is not null) && zstd.TryUnpackWithoutMagic(packed, text, dictionary);
    }

    private bool TryWrite(
        ReadOnlySpan<byte> shared, ReadOnlySpan<byte> rest, ReadOnlySpan<byte> kinds, ReadOnlySpan<byte> heads, ReadOnlySpan<byte> keys, BitReader numbers,
        (int Least, int Bits) first, Span<byte> body, Span<byte> restarts)
    {
        int atShared = 0, atRest = 0, atHeads = 0, atKeys = 0, at = 0, keyLength = 0, known = 0;
        for (int i = 0; i < kinds.Length; i++)
        {
            int common = TableFormat.ReadVarint(shared, ref atShared), own = TableFormat.ReadVarint(rest, ref atRest);
            if ((common | own) < 0 || common > keyLength || own > TableFormat.MaxKeyLength - common || own > keys.Length - atKeys) return false;
            keys.Slice(atKeys, own).CopyTo(_key.AsSpan(common));
            atKeys += own;
            keyLength = common + own;
            if (i % TableFormat.RestartInterval == 0)
            {
                BinaryPrimitives.WriteInt32LittleEndian(restarts[(i / TableFormat.RestartInterval * 4)..], at);
                common = 0;
            }

            scoped ReadOnlySpan<byte> value;
            if (kinds[i] == ColumnFormat.Whole)
            {
                int length = TableFormat.ReadVarint(heads, ref atHeads);
                if (length < 0 || length > heads.Length - atHeads) return false;
                value = heads.Slice(atHeads, length);
                atHeads += length;
            }
            else
            {
                if (kinds[i] == known)
                {
                    if (atHeads == heads.Length || heads[atHeads] > Math.Min(ColumnFormat.MaxHead, heads.Length - atHeads - 1)) return false;
                    _heads[known++] = atHeads;
                    atHeads += 1 + heads[atHeads];
                }

                if (kinds[i] >= known) return false;
                int head = _heads[kinds[i]];
                int length = TryReadHistory(heads.Slice(head + 1, heads[head]), ref numbers, first);
                if (length < 0) return false;
                value = _value.AsSpan(0, length);
            }

            if (body.Length - at < 15 + keyLength - common + value.Length && body.Length - at < Measure(common, keyLength - common, value.Length)) return false;
            at += TableFormat.WriteVarint(body[at..], (uint)common);
            at += TableFormat.WriteVarint(body[at..], (uint)(keyLength - common));
            at += TableFormat.WriteVarint(body[at..], (uint)value.Length);
            _key.AsSpan(common, keyLength - common).CopyTo(body[at..]);
            at += keyLength - common;
            value.CopyTo(body[at..]);
            at += value.Length;
        }

        return at == body.Length && atShared == shared.Length && atRest == rest.Length && atHeads == heads.Length && atKeys == keys.Length && numbers.IsSound;
    }

    /// <summary>Puts a history together.</summary>
    /// <returns>Its length in <see cref="_value"/>, or -1 if it is damaged.</returns>
    private int TryReadHistory(ReadOnlySpan<byte> head, ref BitReader numbers, (int Least, int Bits) first)
    {
        uint intervals = numbers.ReadGamma();
        if (intervals > SightingHistory.MaxIntervals) return -1;
        int most = head.Length + 5 + (int)intervals * ColumnFormat.MaxInterval;
        if (_value.Length < most) _value = new byte[most];
        head.CopyTo(_value);
        int at = head.Length + TableFormat.WriteVarint(_value.AsSpan(head.Length), intervals);
        for (uint i = 0; i < intervals; i++)
        {
            uint start = i == 0 ? (uint)first.Least + numbers.Read(first.Bits) : numbers.ReadSized();
            uint count = numbers.ReadGamma() - 1;
            uint length = count == 1 ? 0 : numbers.ReadSized();
            at += TableFormat.WriteVarint(_value.AsSpan(at), start);
            at += TableFormat.WriteVarint(_value.AsSpan(at), length);
            at += TableFormat.WriteVarint(_value.AsSpan(at), count);
        }

        return at;
    }

    private static int Measure(int shared, int rest, int value) => MeasureVarint(shared) + MeasureVarint(rest) + MeasureVarint(value) + rest + value;

    private static int MeasureVarint(int number) => 1 + System.Numerics.BitOperations.Log2((uint)number | 1) / 7;
}
