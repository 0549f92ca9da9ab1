using System.Buffers.Binary;
using System.Numerics;

namespace PassiveDns.Storage.Embedded.Files;

/// <summary>The checksum of everything on the disk: CRC-32C (RFC 3720 appendix B.4), which processors compute by themselves.</summary>
internal static class Crc32C
{
    public const int Length = 4;

    public static uint Compute(ReadOnlySpan<byte> octets) => Compute(octets, 0);

    /// <summary>The checksum of some octets behind others.</summary>
    /// <param name="octets">The octets.</param>
    /// <param name="before">The checksum of those before them; 0 if there are none.</param>
    public static uint Compute(ReadOnlySpan<byte> octets, uint before)
    {
        uint crc = ~before;
        for (; octets.Length >= 8; octets = octets[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(octets));
        foreach (byte octet in octets) crc = BitOperations.Crc32C(crc, octet);
        return ~crc;
    }

    /// <summary>Writes the checksum of some octets behind them.</summary>
    public static void Seal(Span<byte> octetsAndRoom) =>
        BinaryPrimitives.WriteUInt32LittleEndian(octetsAndRoom[^Length..], Compute(octetsAndRoom[..^Length]));

    public static bool IsSound(ReadOnlySpan<byte> octetsAndChecksum) =>
        octetsAndChecksum.Length >= Length
        && BinaryPrimitives.ReadUInt32LittleEndian(octetsAndChecksum[^Length..]) == Compute(octetsAndChecksum[..^Length]);
}
