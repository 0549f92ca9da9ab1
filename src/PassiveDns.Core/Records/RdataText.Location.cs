using System.Buffers.Binary;

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
}
