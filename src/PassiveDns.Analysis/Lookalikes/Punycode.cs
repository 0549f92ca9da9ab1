namespace PassiveDns.Analysis;

/// <summary>Decodes Punycode (RFC 3492) without allocating or throwing: what follows <c>xn--</c> in a name from the wire may be anything.</summary>
internal static class Punycode
{
    // RFC 3492 section 5.
    private const int Radix = 36, ThresholdMin = 1, ThresholdMax = 26, Skew = 38, Damp = 700, InitialBias = 72, InitialCode = 128;

    /// <summary>Decodes the part of a label behind <c>xn--</c>.</summary>
    /// <param name="encoded">The octets.</param>
    /// <param name="destination">Room for the code points; as many as there are octets always suffice.</param>
    /// <param name="written">How many code points there are.</param>
    /// <returns><c>false</c> if it is no Punycode, or holds what no text can hold.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, Span<int> destination, out int written)
    {
        written = 0;
        int at = Math.Max(encoded.LastIndexOf((byte)'-'), 0);
        foreach (byte basic in encoded[..at])
        {
            if (basic >= 128) return false;
            destination[written++] = basic;
        }

        if (at > 0) at++;
        int code = InitialCode, bias = InitialBias, i = 0;
        while (at < encoded.Length)
        {
            int before = i, weight = 1;
            for (int k = Radix; ; k += Radix)
            {
                if (at >= encoded.Length) return false;
                int digit = Digit(encoded[at++]);
                if (digit < 0 || digit > (int.MaxValue - i) / weight) return false;
                i += digit * weight;
                int threshold = Math.Clamp(k - bias, ThresholdMin, ThresholdMax);
                if (digit < threshold) break;
                if (weight > int.MaxValue / (Radix - threshold)) return false;
                weight *= Radix - threshold;
            }

            int length = written + 1;
            bias = Adapt(i - before, length, isFirst: before == 0);
            if (i / length > int.MaxValue - code) return false;
            code += i / length;
            i %= length;
            if (code is > 0x10FFFF or (>= 0xD800 and <= 0xDFFF) || written == destination.Length) return false;
            destination[i..written].CopyTo(destination[(i + 1)..]);
            destination[i++] = code;
            written++;
        }

        return written > 0;
    }

    private static int Digit(byte octet) => octet switch
    {
        >= (byte)'a' and <= (byte)'z' => octet - 'a',
        >= (byte)'A' and <= (byte)'Z' => octet - 'A',
        >= (byte)'0' and <= (byte)'9' => octet - '0' + 26,
        _ => -1,
    };

    // RFC 3492 section 6.1.
    private static int Adapt(int delta, int length, bool isFirst)
    {
        delta /= isFirst ? Damp : 2;
        delta += delta / length;
        int k = 0;
        for (; delta > (Radix - ThresholdMin) * ThresholdMax / 2; k += Radix) delta /= Radix - ThresholdMin;
        return k + ((Radix - ThresholdMin + 1) * delta / (delta + Skew));
    }
}
