using System.Globalization;

namespace PassiveDns;

/// <summary>The text of a <c>$GENERATE</c> directive, which gives one line for each number of a range. The rules are BIND's.</summary>
internal sealed class ZoneTemplate
{
    private const int MaxWidth = 255;

    private byte[] _text = [];
    private long _next;
    private long _step;

    /// <summary>How many lines are still to come.</summary>
    public long Remaining { get; private set; }

    public bool IsActive => Remaining > 0;

    public void Stop() => Remaining = 0;

    /// <summary>Sets a range such as <c>1-254</c> or <c>0-30/2</c>, and the text.</summary>
    /// <returns><c>false</c> if the range is broken or there is no text.</returns>
    public bool TrySet(ReadOnlySpan<byte> range, ReadOnlySpan<byte> text)
    {
        int slash = range.IndexOf((byte)'/');
        ReadOnlySpan<byte> bounds = slash < 0 ? range : range[..slash];
        int step = 1;
        int hyphen = bounds.IndexOf((byte)'-');
        if (text.IsEmpty || hyphen < 0 || !TryParse(bounds[..hyphen], out int start) || !TryParse(bounds[(hyphen + 1)..], out int stop) || stop < start
            || (slash >= 0 && (!TryParse(range[(slash + 1)..], out step) || step == 0)))
        {
            return false;
        }

        _text = text.ToArray();
        (_next, _step) = (start, step);
        Remaining = ((long)stop - start) / step + 1;
        return true;
    }

    /// <summary>Writes the next line.</summary>
    /// <returns>The octets written, or -1 if the text is broken or makes too much.</returns>
    public int Next(Span<byte> destination)
    {
        long number = _next;
        _next += _step;
        Remaining--;
        OctetWriter writer = new(destination);
        ReadOnlySpan<byte> rest = _text;
        while (!rest.IsEmpty)
        {
            byte b = rest[0];
            rest = rest[1..];
            bool done;
            if (b == '\\' && !rest.IsEmpty)
            {
                done = writer.Add(b) && writer.Add(rest[0]);
                rest = rest[1..];
            }
            else if (b != '$')
            {
                done = writer.Add(b);
            }
            else if (rest is [(byte)'$', ..])
            {
                done = writer.Add((byte)'$');
                rest = rest[1..];
            }
            else if (rest is [(byte)'{', ..])
            {
                int end = rest.IndexOf((byte)'}');
                done = end > 0 && TryAddModified(rest[1..end], number, ref writer);
                rest = done ? rest[(end + 1)..] : default;
            }
            else
            {
                done = TryAdd(number, 0, 'd', ref writer);
            }

            if (!done) return -1;
        }

        return writer.Written;
    }

    /// <summary><c>offset[,width[,base]]</c></summary>
    private static bool TryAddModified(ReadOnlySpan<byte> modifier, long number, ref OctetWriter writer)
    {
        ReadOnlySpan<byte> offsetText = TakePart(ref modifier);
        ReadOnlySpan<byte> widthText = modifier.IsEmpty ? "0"u8 : TakePart(ref modifier);
        ReadOnlySpan<byte> numberBase = modifier.IsEmpty ? "d"u8 : modifier;
        if (!int.TryParse(offsetText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int offset)
            || !TryParse(widthText, out int width) || width > MaxWidth)
        {
            return false;
        }

        return numberBase.Length == 1 && number + offset >= 0 && TryAdd(number + offset, width, (char)numberBase[0], ref writer);
    }

    private static ReadOnlySpan<byte> TakePart(scoped ref ReadOnlySpan<byte> rest)
    {
        int comma = rest.IndexOf((byte)',');
        ReadOnlySpan<byte> part = comma < 0 ? rest : rest[..comma];
        rest = comma < 0 ? default : rest[(comma + 1)..];
        return part;
    }

    private static bool TryAdd(long number, int width, char numberBase, ref OctetWriter writer)
    {
        if (numberBase is 'n' or 'N') return TryAddNibbles(number, width, numberBase == 'N', ref writer);
        uint radix = numberBase switch
        {
            'd' => 10,
            'o' => 8,
            'x' or 'X' => 16,
            _ => 0u,
        };
        if (radix == 0) return false;
        Span<byte> digits = stackalloc byte[MaxWidth];
        int at = digits.Length;
        do
        {
            digits[--at] = Digit((int)(number % radix), numberBase == 'X');
            number /= radix;
        }
        while (number > 0);
        while (digits.Length - at < width) digits[--at] = (byte)'0';
        return writer.Add(digits[at..]);
    }

    /// <summary>Hexadecimal digits as labels, the lowest first; the width counts the dots too.</summary>
    private static bool TryAddNibbles(long number, int width, bool upper, ref OctetWriter writer)
    {
        do
        {
            if (!writer.Add(Digit((int)(number & 15), upper))) return false;
            number >>= 4;
            width--;
            if (width <= 0 && number == 0) break;
            if (!writer.Add((byte)'.')) return false;
            width--;
        }
        while (width > 0 || number > 0);
        return true;
    }

    private static byte Digit(int value, bool upper) => (byte)(value < 10 ? '0' + value : (upper ? 'A' : 'a') + value - 10);

    private static bool TryParse(ReadOnlySpan<byte> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
