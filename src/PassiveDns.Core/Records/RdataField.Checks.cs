using System.Buffers.Binary;

namespace PassiveDns;

internal static partial class RdataField
{
    private const uint LocationOrigin = 1u << 31;

    /// <summary>The length that a DS digest must have; 0 if the digest type is not known (RFC 4034, 4509, 5933, 6605, 9558, 9563).</summary>
    private static int DelegationDigestLength(byte type) => type switch
    {
        1 => 20,
        2 or 3 or 5 or 6 => 32,
        4 => 48,
        _ => 0,
    };

    /// <summary>The length that the digest of a ZONEMD record must have; 0 if the algorithm is not known (RFC 8976 section 2.2.3).</summary>
    private static int ZoneDigestLength(byte algorithm) => algorithm switch
    {
        1 => 48,
        2 => 64,
        _ => 0,
    };

    private static RdataStatus CheckLength(ReadOnlySpan<byte> rest, int expected) =>
        rest.IsEmpty || (expected != 0 && rest.Length != expected) ? RdataStatus.Opaque : RdataStatus.Valid;

    /// <summary>
    /// RFC 4034 section 4.1.2: windows in rising order, each with 1 to 32 octets and at least one type. Zero octets at a window's end are tolerated.
    /// </summary>
    private static RdataStatus CheckBitmap(ReadOnlySpan<byte> rest)
    {
        RdataStatus status = RdataStatus.Valid;
        int last = -1;
        for (int at = 0; at < rest.Length;)
        {
            if (at + 2 > rest.Length || at + 2 + rest[at + 1] > rest.Length) return RdataStatus.Malformed;
            if (rest[at] <= last || rest[at + 1] is 0 or > 32 || !rest.Slice(at + 2, rest[at + 1]).ContainsAnyExcept((byte)0)) status = RdataStatus.Opaque;
            last = rest[at];
            at += 2 + rest[at + 1];
        }

        return status;
    }

    /// <summary>RFC 1876 section 2: version 0, precisions of two decimal digits, at most 90 degrees of latitude and 180 of longitude.</summary>
    private static RdataStatus CheckLocation(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty) return RdataStatus.Malformed;
        if (rest[0] != 0) return RdataStatus.Opaque; // another version may have any shape
        if (rest.Length != 16) return RdataStatus.Malformed;
        foreach (byte precision in rest[1..4])
        {
            if (precision >> 4 > 9 || (precision & 0xF) > 9) return RdataStatus.Opaque;
        }

        long latitude = (long)BinaryPrimitives.ReadUInt32BigEndian(rest[4..]) - LocationOrigin;
        long longitude = (long)BinaryPrimitives.ReadUInt32BigEndian(rest[8..]) - LocationOrigin;
        const long Degree = 3_600_000; // thousandths of a second of arc
        return Math.Abs(latitude) > 90 * Degree || Math.Abs(longitude) > 180 * Degree ? RdataStatus.Opaque : RdataStatus.Valid;
    }

    /// <summary>Format 0 has an address of any shape, format 1 decimal digits.</summary>
    private static RdataStatus CheckAtmAddress(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 2 || rest[0] > 1) return RdataStatus.Opaque;
        return rest[0] == 1 && rest[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9') ? RdataStatus.Opaque : RdataStatus.Valid;
    }

    /// <summary>RFC 3123 section 4: family, prefix length, negation bit and length, and the address less its trailing zeros.</summary>
    private static RdataStatus CheckPrefixes(ReadOnlySpan<byte> rest)
    {
        RdataStatus status = RdataStatus.Valid;
        while (!rest.IsEmpty)
        {
            if (rest.Length < 4) return RdataStatus.Malformed;
            int octets = rest[3] & 0x7F;
            if (4 + octets > rest.Length) return RdataStatus.Malformed;
            int width = BinaryPrimitives.ReadUInt16BigEndian(rest) switch
            {
                1 => 4,
                2 => 16,
                _ => -1, // the address families of RFC 1700 that nobody uses here
            };
            if (octets > width || rest[2] > 8 * width || (octets > 0 && rest[3 + octets] == 0)) status = RdataStatus.Opaque;
            rest = rest[(4 + octets)..];
        }

        return status;
    }
}
