using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PassiveDns;

/// <summary>Walks over uncompressed names in wire format. Callers hand in well-formed names except where a method says otherwise.</summary>
internal static class NameWire
{
    /// <summary>The length of the uncompressed name at the start of <paramref name="wire"/>, or -1 if there is none. Never trusts its input.</summary>
    public static int Measure(ReadOnlySpan<byte> wire)
    {
        int at = 0;
        while ((uint)at < (uint)wire.Length)
        {
            int label = wire[at];
            if (label == 0) return at + 1 <= DomainName.MaxWireLength ? at + 1 : -1;
            if (label > DomainName.MaxLabelLength) return -1; // RFC 1035 section 4.1.4: 01, 10 and pointers are no labels
            at += label + 1;
        }

        return -1;
    }

    /// <summary>The number of labels, the root not counted.</summary>
    public static int CountLabels(ReadOnlySpan<byte> wire)
    {
        int labels = 0;
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) labels++;
        return labels;
    }

    /// <summary>The last <paramref name="labels"/> labels of a name that has at least so many.</summary>
    public static ReadOnlySpan<byte> Suffix(ReadOnlySpan<byte> wire, int labels)
    {
        int skip = CountLabels(wire) - labels;
        int at = 0;
        for (; skip > 0; skip--) at += wire[at] + 1;
        return wire[at..];
    }

    /// <summary>Whether a canonical name equals another or lies under it.</summary>
    public static bool IsAtOrUnder(ReadOnlySpan<byte> wire, ReadOnlySpan<byte> ancestor)
    {
        int surplus = wire.Length - ancestor.Length;
        if (surplus < 0 || !wire[surplus..].SequenceEqual(ancestor)) return false;
        int at = 0;
        while (at < surplus) at += wire[at] + 1; // the suffix must start at a label, not inside one
        return at == surplus;
    }

    /// <summary>
    /// Copies octets and folds A-Z to a-z (RFC 4343 section 3). Length octets are 0..63 and can never be a letter (65..90), so a whole
    /// run of labels is folded in one vector pass without looking at label borders.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fold(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int i = 0;
        destination = destination[..source.Length];
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i + Vector128<byte>.Count <= source.Length; i += Vector128<byte>.Count)
            {
                Vector128<byte> v = Vector128.Create(source[i..]);
                Vector128<byte> upper = Vector128.LessThanOrEqual(v - Vector128.Create((byte)'A'), Vector128.Create((byte)25));
                (v | (upper & Vector128.Create((byte)0x20))).CopyTo(destination[i..]);
            }
        }

        for (; i < source.Length; i++)
        {
            byte b = source[i];
            destination[i] = (uint)(b - 'A') <= 25 ? (byte)(b | 0x20) : b;
        }
    }
}
