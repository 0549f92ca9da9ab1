using System.Runtime.Intrinsics;

namespace PassiveDns;

/// <summary>Names in zone files: relative ones are completed with the origin (RFC 1035 section 5.1).</summary>
internal static class ZoneName
{
    /// <summary>Room for the result and for the last vector that is stored.</summary>
    public const int RoomLength = 1 + 256 + 16;

    /// <summary>Reads a name into canonical wire format.</summary>
    /// <remarks>
    /// Text without escapes is wire format shifted by one octet: where text has a dot, wire has the length of the label behind it. So text is
    /// copied by vectors, folded on the way, and only the dots are visited one by one.
    /// </remarks>
    /// <param name="text">The word, without blanks.</param>
    /// <param name="origin">The origin in canonical wire format.</param>
    /// <param name="destination">At least <see cref="RoomLength"/> octets.</param>
    /// <returns>The octets written, or -1 if the text is no name.</returns>
    public static int Parse(ReadOnlySpan<byte> text, ReadOnlySpan<byte> origin, Span<byte> destination)
    {
        if (text.Length < 2)
        {
            if (text.IsEmpty || text[0] == '"') return -1;
            if (text[0] == '@')
            {
                origin.CopyTo(destination);
                return origin.Length;
            }

            if (text[0] == '.')
            {
                destination[0] = 0;
                return 1;
            }
        }

        if (text[0] == '"') return -1;
        if (text.Length >= DomainName.MaxWireLength) return ParseEscaped(text, origin, destination);
        int label = 0; // where the length octet of the current label goes
        for (int at = 0; at < text.Length; at += 16)
        {
            Vector128<byte> octets = Load(text[at..]);
            if (Vector128.EqualsAny(octets, Vector128.Create((byte)'\\'))) return ParseEscaped(text, origin, destination);
            Vector128<byte> upper = Vector128.LessThanOrEqual(octets - Vector128.Create((byte)'A'), Vector128.Create((byte)25));
            (octets | (upper & Vector128.Create((byte)0x20))).CopyTo(destination[(1 + at)..]);
            uint dots = Vector128.Equals(octets, Vector128.Create((byte)'.')).ExtractMostSignificantBits();
            for (; dots != 0; dots &= dots - 1)
            {
                int dot = at + System.Numerics.BitOperations.TrailingZeroCount(dots);
                int length = dot - label;
                if ((uint)(length - 1) >= DomainName.MaxLabelLength) return -1;
                destination[label] = (byte)length;
                label = dot + 1;
            }
        }

        if (label == text.Length)
        {
            destination[label] = 0; // the text ended in a dot
            return label + 1;
        }

        int last = text.Length - label;
        if (last > DomainName.MaxLabelLength || text.Length + 1 + origin.Length > DomainName.MaxWireLength) return -1;
        destination[label] = (byte)last;
        origin.CopyTo(destination[(text.Length + 1)..]);
        return text.Length + 1 + origin.Length;
    }

    private static Vector128<byte> Load(ReadOnlySpan<byte> text)
    {
        if (text.Length >= 16) return Vector128.Create(text);
        Span<byte> tail = stackalloc byte[16];
        tail.Clear();
        text.CopyTo(tail);
        return Vector128.Create((ReadOnlySpan<byte>)tail);
    }

    private static int ParseEscaped(ReadOnlySpan<byte> text, ReadOnlySpan<byte> origin, Span<byte> destination)
    {
        int length = NameText.Parse(text, destination);
        if (length <= 0) return -1;
        NameWire.Fold(destination[..length], destination);
        if (IsAbsolute(text)) return length;
        if (length - 1 + origin.Length > DomainName.MaxWireLength) return -1;
        origin.CopyTo(destination[(length - 1)..]);
        return length - 1 + origin.Length;
    }

    /// <summary>Whether the final dot is there and is not an escaped one.</summary>
    private static bool IsAbsolute(ReadOnlySpan<byte> text)
    {
        int end = text.Length - 1;
        if (text[end] != '.') return false;
        int backslashes = 0;
        while (backslashes < end && text[end - 1 - backslashes] == '\\') backslashes++;
        return backslashes % 2 == 0;
    }
}
