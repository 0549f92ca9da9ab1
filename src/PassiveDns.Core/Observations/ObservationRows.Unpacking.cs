using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace PassiveDns;

public sealed partial class ObservationRows
{
    /// <summary>Takes rows back from their serialised form (<see cref="Packed"/>), from a file or a network. Nothing in the octets is trusted.</summary>
    /// <param name="packed">The octets; they are copied.</param>
    /// <param name="rows">The rows, or <c>null</c> when the result is <c>false</c>.</param>
    /// <returns>
    /// <c>false</c> unless every row is whole: a canonical owner name, a bailiwick that is an ancestor of it, a known provenance, a history that can be
    /// read, and a data set in canonical order (RFC 4034 section 6.3).
    /// </returns>
    public static bool TryUnpack(ReadOnlySpan<byte> packed, [NotNullWhen(true)] out ObservationRows? rows)
    {
        rows = null;
        int count = 0;
        for (ReadOnlySpan<byte> rest = packed; !rest.IsEmpty; count++)
        {
            if (rest.Length < FixedLength) return false;
            long length = FixedLength + (long)rest[4] + BinaryPrimitives.ReadUInt32BigEndian(rest[5..]) + BinaryPrimitives.ReadUInt32BigEndian(rest[9..]);
            if (length > rest.Length || !IsWhole(rest[..(int)length])) return false;
            rest = rest[(int)length..];
        }

        rows = new(packed.Length);
        packed.CopyTo(rows.Reserve(packed.Length));
        rows.Count = count;
        return true;
    }

    /// <summary>Looks at a row whose lengths add up.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> row)
    {
        int historyStart = FixedLength + row[4];
        int rdataStart = historyStart + BinaryPrimitives.ReadInt32BigEndian(row[5..]);
        ReadOnlySpan<byte> name = row[FixedLength..historyStart];
        return NameWire.Measure(name) == name.Length
            && !name.ContainsAnyInRange((byte)'A', (byte)'Z') // RFC 4034 section 6.2; a length octet is 63 at most and no letter
            && row[2] <= NameWire.CountLabels(name)
            && row[3] is >= (byte)Provenance.VerifiedTraffic and <= (byte)Provenance.Probe
            && IsHistory(row[historyStart..rdataStart])
            && IsSet(row[rdataStart..]);
    }

    private static bool IsHistory(ReadOnlySpan<byte> packed)
    {
        if (!SightingCursor.TryOpen(packed, out SightingCursor cursor)) return false;
        while (cursor.Remaining > 0)
        {
            if (!cursor.TryNext(out _)) return false;
        }

        return true;
    }

    private static bool IsSet(ReadOnlySpan<byte> packed)
    {
        ReadOnlySpan<byte> before = default;
        bool isFirst = true;
        while (!packed.IsEmpty)
        {
            if (packed.Length < 2) return false;
            int length = BinaryPrimitives.ReadUInt16BigEndian(packed);
            if (packed.Length < 2 + length) return false;
            ReadOnlySpan<byte> record = packed.Slice(2, length);
            if (!isFirst && before.SequenceCompareTo(record) >= 0) return false; // RFC 4034 section 6.3
            before = record;
            isFirst = false;
            packed = packed[(2 + length)..];
        }

        return !isFirst;
    }
}
