using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace PassiveDns.Storage.Keys;

/// <summary>What stands for a name in a ledger of deletions: see <see cref="Deletion"/>.</summary>
internal static class NameDigest
{
    private static ReadOnlySpan<byte> Salt => "PassiveDns deletion"u8;

    /// <summary>A few cheap bits that tell nearly all other names apart before the digest is computed.</summary>
    public static ushort Check(ReadOnlySpan<byte> wire)
    {
        uint crc = uint.MaxValue;
        for (; wire.Length >= 8; wire = wire[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(wire));
        foreach (byte octet in wire) crc = BitOperations.Crc32C(crc, octet);
        return (ushort)~crc;
    }

    public static UInt128 Compute(ReadOnlySpan<byte> wire)
    {
        Span<byte> salted = stackalloc byte[Salt.Length + DomainName.MaxWireLength];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Salt.CopyTo(salted);
        wire.CopyTo(salted[Salt.Length..]);
        SHA256.HashData(salted[..(Salt.Length + wire.Length)], hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
