using System.Buffers.Binary;
using System.Buffers.Text;

namespace PassiveDns;

public static partial class RdataText
{
    private const uint LocationOrigin = 1u << 31; // equator and prime meridian (RFC 1876 section 2)
    private const long AltitudeOrigin = 10_000_000; // centimetres: 100,000 m below the reference spheroid

    /// <summary>RFC 1876 section 3, in the form that BIND prints.</summary>
    private static void AddLocation(scoped ReadOnlySpan<byte> field, ref AsciiWriter writer)
    {
        AddAngle(BinaryPrimitives.ReadUInt32BigEndian(field[4..]), (byte)'N', (byte)'S', ref writer);
        AddAngle(BinaryPrimitives.ReadUInt32BigEndian(field[8..]), (byte)'E', (byte)'W', ref writer);
        long altitude = BinaryPrimitives.ReadUInt32BigEndian(field[12..]) - AltitudeOrigin;
        if (altitude < 0) writer.Add((byte)'-');
        writer.AddNumber((ulong)Math.Abs(altitude) / 100);
        writer.Add((byte)'.');
        writer.AddDigits((uint)(Math.Abs(altitude) % 100), 2);
        writer.Add((byte)'m');
        foreach (byte precision in field[1..4]) AddPrecision(precision, ref writer);
    }

    /// <summary>Whether text says all: nought times a power of ten, which is allowed, would read back as nought times one.</summary>
    private static bool HasText(scoped ReadOnlySpan<byte> location) => !location[1..4].ContainsAnyInRange((byte)0x01, (byte)0x0F);

    private static void AddAngle(uint value, byte positive, byte negative, ref AsciiWriter writer)
    {
        uint angle = value >= LocationOrigin ? value - LocationOrigin : LocationOrigin - value; // thousandths of a second of arc
        writer.AddNumber(angle / 3_600_000);
        writer.Add((byte)' ');
        writer.AddNumber(angle / 60_000 % 60);
        writer.Add((byte)' ');
        writer.AddNumber(angle / 1000 % 60);
        writer.Add((byte)'.');
        writer.AddDigits(angle % 1000, 3);
        writer.Add((byte)' ');
        writer.Add(value >= LocationOrigin ? positive : negative);
        writer.Add((byte)' ');
    }

    /// <summary>A digit in the upper and a power of ten in the lower half, in centimetres.</summary>
    private static void AddPrecision(byte precision, ref AsciiWriter writer)
    {
        ulong centimetres = (ulong)precision >> 4;
        for (int power = precision & 0xF; power > 0; power--) centimetres *= 10;
        writer.Add((byte)' ');
        writer.AddNumber(centimetres / 100);
        if (centimetres % 100 != 0)
        {
            writer.Add((byte)'.');
            writer.AddDigits((uint)(centimetres % 100), 2);
        }

        writer.Add((byte)'m');
    }

    /// <summary>RFC 1876 section 3: minutes, seconds, size and precisions may be left out; the <c>m</c> too.</summary>
    private static bool TryParseLocation(ref TextTokens tokens, ref OctetWriter writer)
    {
        if (!TryParseAngle(ref tokens, 90, 'n', 's', out uint latitude) || !TryParseAngle(ref tokens, 180, 'e', 'w', out uint longitude)
            || !tokens.TryTakeWord(out ReadOnlySpan<byte> word) || !TryParseMetres(word, out long altitude))
        {
            return false;
        }

        altitude += AltitudeOrigin;
        if (altitude is < 0 or > uint.MaxValue) return false;
        Span<byte> field = stackalloc byte[16];
        field[..4].Clear();
        for (int i = 0; i < 3; i++)
        {
            long centimetres = i switch
            {
                0 => 100, // RFC 1876 section 3: 1 m, 10,000 m and 10 m unless stated
                1 => 1_000_000,
                _ => 1000,
            };
            if (!tokens.IsAtEnd && (!tokens.TryTakeWord(out word) || !TryParseMetres(word, out centimetres) || centimetres < 0)) return false;
            int power = 0;
            for (; centimetres > 9; centimetres /= 10) power++;
            if (power > 9) return false;
            field[i + 1] = (byte)(centimetres << 4 | (uint)power);
        }

        BinaryPrimitives.WriteUInt32BigEndian(field[4..], latitude);
        BinaryPrimitives.WriteUInt32BigEndian(field[8..], longitude);
        BinaryPrimitives.WriteUInt32BigEndian(field[12..], (uint)altitude);
        return writer.Add(field);
    }

    private static bool TryParseAngle(ref TextTokens tokens, uint most, char positive, char negative, out uint value)
    {
        value = 0;
        long angle = 0;
        long unit = 3_600_000;
        for (int i = 0; i < 4; i++, unit /= 60)
        {
            if (!tokens.TryTakeWord(out ReadOnlySpan<byte> word)) return false;
            if (word.Length == 1 && i > 0 && ((word[0] | 0x20) == positive || (word[0] | 0x20) == negative))
            {
                if (angle > most * 3_600_000L) return false;
                value = (uint)((word[0] | 0x20) == positive ? LocationOrigin + angle : LocationOrigin - angle);
                return true;
            }

            if (i == 3 || !Utf8Parser.TryParse(word, out decimal number, out int read) || read != word.Length || number < 0
                || number >= (i == 0 ? 181 : 60) || (i < 2 && number != decimal.Truncate(number)))
            {
                return false;
            }

            angle += (long)(number * unit);
        }

        return false;
    }

    private static bool TryParseMetres(ReadOnlySpan<byte> word, out long centimetres)
    {
        centimetres = 0;
        if (word is [.., (byte)'m' or (byte)'M']) word = word[..^1];
        if (!Utf8Parser.TryParse(word, out decimal metres, out int read) || read != word.Length || Math.Abs(metres) > 100_000_000) return false;
        centimetres = (long)(metres * 100);
        return true;
    }
}
