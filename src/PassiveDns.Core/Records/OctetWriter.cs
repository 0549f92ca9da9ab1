using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace PassiveDns;

/// <summary>Writes rdata into a span. Each step returns <c>false</c> if the span is too short or the text is not what it should be.</summary>
internal ref struct OctetWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>The octets written.</summary>
    public int Written { get; private set; }

    public readonly Span<byte> Rest => _destination[Written..];

    /// <summary>What was written so far, to be looked at or changed.</summary>
    public readonly Span<byte> Octets => _destination[..Written];

    public bool Add(byte value)
    {
        if (Written == _destination.Length) return false;
        _destination[Written++] = value;
        return true;
    }

    public bool Add(scoped ReadOnlySpan<byte> octets)
    {
        if (!octets.TryCopyTo(Rest)) return false;
        Written += octets.Length;
        return true;
    }

    public bool AddU16(ushort value) => Take(2) is { Length: 2 } field && BinaryPrimitives.TryWriteUInt16BigEndian(field, value);

    public bool AddU32(uint value) => Take(4) is { Length: 4 } field && BinaryPrimitives.TryWriteUInt32BigEndian(field, value);

    public bool AddU64(ulong value) => Take(8) is { Length: 8 } field && BinaryPrimitives.TryWriteUInt64BigEndian(field, value);

    /// <summary>Hexadecimal digits in any case, blanks between them allowed, and dots where they are asked for.</summary>
    public bool AddHex(scoped ReadOnlySpan<byte> text, bool allowDots = false)
    {
        int high = -1;
        foreach (byte b in text)
        {
            if (b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' || (allowDots && b == '.')) continue;
            int lower = b | 0x20;
            int digit = b is >= (byte)'0' and <= (byte)'9' ? b - '0' : lower is >= 'a' and <= 'f' ? lower - 'a' + 10 : -1;
            if (digit < 0) return false;
            if (high < 0)
            {
                high = digit;
                continue;
            }

            if (!Add((byte)(high << 4 | digit))) return false;
            high = -1;
        }

        return high < 0;
    }

    /// <summary>Base64, blanks in it allowed.</summary>
    public bool AddBase64(scoped ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny(" \t\r\n"u8) < 0) return AddUnbrokenBase64(text);

        // Where blanks stand before the padding, the framework wants more room than the octets need: they are taken out first.
        byte[] rented = ArrayPool<byte>.Shared.Rent(text.Length);
        int length = 0;
        foreach (byte b in text)
        {
            if (b is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) rented[length++] = b;
        }

        bool isAdded = AddUnbrokenBase64(rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented);
        return isAdded;
    }

    private bool AddUnbrokenBase64(scoped ReadOnlySpan<byte> text)
    {
        if (Base64.DecodeFromUtf8(text, Rest, out int read, out int length) != OperationStatus.Done || read != text.Length) return false;
        Written += length;
        return true;
    }

    /// <summary>Base32 with the extended hex alphabet, without padding (RFC 5155 section 3.3).</summary>
    public bool AddBase32Hex(scoped ReadOnlySpan<byte> text)
    {
        int bits = 0;
        int held = 0;
        foreach (byte b in text)
        {
            int lower = b | 0x20;
            int digit = b is >= (byte)'0' and <= (byte)'9' ? b - '0' : lower is >= 'a' and <= 'v' ? lower - 'a' + 10 : -1;
            if (digit < 0) return false;
            bits = (bits << 5 | digit) & 0xFFFF;
            held += 5;
            if (held < 8) continue;
            held -= 8;
            if (!Add((byte)(bits >> held))) return false;
        }

        return held < 5 && (bits & (1 << held) - 1) == 0; // no digit too many, and no bits that the text form would lose
    }

    /// <summary>Character-string text without its quotes: <c>\X</c> and <c>\DDD</c> are resolved.</summary>
    public bool AddUnescaped(scoped ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            byte b = text[i];
            if (b == '\\')
            {
                if (++i == text.Length) return false;
                b = text[i];
                if (char.IsAsciiDigit((char)b))
                {
                    if (i + 3 > text.Length || !byte.TryParse(text.Slice(i, 3), System.Globalization.NumberStyles.None, null, out b)) return false;
                    i += 2;
                }
            }

            if (!Add(b)) return false;
        }

        return true;
    }

    /// <summary>Writes something behind a length octet.</summary>
    public bool AddString(scoped ReadOnlySpan<byte> text)
    {
        int start = Written;
        return Add(0) && AddUnescaped(text) && SetLength(start);
    }

    /// <summary>Sets a length octet to the number of octets behind it, 255 at most.</summary>
    public readonly bool SetLength(int start)
    {
        int length = Written - start - 1;
        if (length > 255) return false;
        _destination[start] = (byte)length;
        return true;
    }

    private Span<byte> Take(int length)
    {
        if (Rest.Length < length) return default;
        Span<byte> field = Rest[..length];
        Written += length;
        return field;
    }
}
