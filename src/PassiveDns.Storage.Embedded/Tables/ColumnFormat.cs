namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>How a block is packed column by column: what stands one above the other in its entries is alike, and times, which nothing predicts, take just the bits they need.</summary>
/// <remarks>
/// <code>
/// columns = entries varint, lengths of shared, rest, heads, keys and text varint each, least first varint, bits of first u5, dictionary u3, text, numbers
/// text    = zstd of: shared, rest, kinds, heads, keys; without its magic number, and with the dictionary of this keyspace (0: without one)
/// shared  = for each entry: octets in common with the key before, varint, also where the block itself has a restart
/// rest    = for each entry: octets of the key behind those, varint
/// kinds   = for each entry: u8, the head of its history: heads are counted from 0 in the order in which they first come; 255: the value stands in heads
/// heads   = where a new head comes: length u8, octets; where 255 comes: length of the value varint, value
/// keys    = for each entry: the rest of its key
/// numbers = bits, for each entry but those with 255: intervals, gamma; for each of them: first less the least one (the second one and on: the silence before it,
///           sized), count + 1, gamma, and unless the count is 1 (the length is 0 then) last - first, sized
/// </code>
/// Codec 2, of table formats 3 and 4, has text with its magic number, and never a dictionary.
/// The head of a history is all of it before the number of intervals. Gamma and sized numbers as in <see cref="BitWriter"/>.
/// </remarks>
internal static class ColumnFormat
{
    /// <summary>The kind of a value that stands as it is: no history, or one whose numbers are unusually large.</summary>
    public const byte Whole = byte.MaxValue;

    /// <summary>The bits of the octet with the bits of first that are that; the ones above are the dictionary.</summary>
    public const int DictionaryShift = 5;

    /// <summary>The longest head: flags, TTLs and eight witnesses fit, sketches of names do not.</summary>
    public const int MaxHead = 48;

    /// <summary>The most octets of an interval.</summary>
    public const int MaxInterval = 3 * 5;

    private const int HasTtl = 2, NeverInHead = 4 | 8; // see SightingCodec: folded rows, and what no history has
    private const int WitnessShift = 4, WitnessLength = 4;

    /// <summary>The octets of a history before its number of intervals.</summary>
    /// <returns>-1 if the octets are no history, or more than those of <see cref="MaxHead"/> stand before it.</returns>
    public static int MeasureHead(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || (value[0] & NeverInHead) != 0) return -1;
        int at = 1;
        if ((value[0] & HasTtl) != 0)
        {
            for (int ends = 0; ends < 2; at++)
            {
                if (at == value.Length) return -1;
                if (value[at] < 0x80) ends++;
            }
        }

        at += WitnessLength * (value[0] >> WitnessShift);
        return at > Math.Min(MaxHead, value.Length) ? -1 : at;
    }
}
