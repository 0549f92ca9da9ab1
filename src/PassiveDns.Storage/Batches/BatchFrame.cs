using System.Buffers.Binary;
using System.Numerics;

namespace PassiveDns.Storage.Batches;

/// <summary>
/// The frames around what a file of batches holds: a segment of the spool, or an export. All numbers are big-endian; checksums are CRC-32C.
/// </summary>
/// <remarks>
/// <code>
/// file   = "PDNSSPL" version u8 (1), salt u64, checksum u32 of the 16 octets before; then records
/// record = "PDSB", body length u32, checksum u32 of the body, checksum u32 of the 12 octets before; then the body (see BatchRecord)
/// end    = "PDSE", otherwise like a record with the body: batches u64, rows u64      of exports: a file without it is not whole
/// </code>
/// The checksums of records start from the file's random salt. Rows hold octets that strangers choose: without the salt they could write a record
/// into the data of a record, and a reader that looks for the next record behind damage would believe it.
/// </remarks>
internal static class BatchFrame
{
    public const int FileLength = 20;
    public const int RecordLength = 16;

    /// <summary>Octets a body may have: a batch ends at some 64 MiB and one row more. A longer one is damage.</summary>
    public const int MaxBody = 128 << 20;

    private const byte Version = 1;

    public static ReadOnlySpan<byte> FileMark => "PDNSSPL"u8;

    public static ReadOnlySpan<byte> RecordMark => "PDSB"u8;

    public static ReadOnlySpan<byte> EndMark => "PDSE"u8;

    /// <summary>Octets that both marks have in common at their start.</summary>
    public const int CommonMark = 3;

    /// <summary>Octets of the body of an end record.</summary>
    public const int EndLength = 16;

    public static void WriteFile(Span<byte> destination, ulong salt)
    {
        FileMark.CopyTo(destination);
        destination[7] = Version;
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], salt);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], Checksum(0, destination[..16]));
    }

    /// <summary>Reads the frame of a file.</summary>
    /// <param name="source">The first octets of the file.</param>
    /// <param name="salt">The salt of its checksums.</param>
    /// <param name="isNewer">Whether the file is whole, but of a version that this one does not know.</param>
    public static bool TryReadFile(ReadOnlySpan<byte> source, out ulong salt, out bool isNewer)
    {
        salt = 0;
        isNewer = false;
        if (source.Length < FileLength || !source.StartsWith(FileMark) || BinaryPrimitives.ReadUInt32BigEndian(source[16..]) != Checksum(0, source[..16])) return false;
        isNewer = source[7] != Version;
        salt = BinaryPrimitives.ReadUInt64BigEndian(source[8..]);
        return !isNewer;
    }

    public static void WriteRecord(Span<byte> destination, ReadOnlySpan<byte> mark, ulong salt, int bodyLength, uint bodyChecksum)
    {
        mark.CopyTo(destination);
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], bodyLength);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], bodyChecksum);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], Checksum((uint)(salt >> 32), destination[..12]));
    }

    /// <summary>Reads the frame of a record: only one whose checksum holds tells a length that can be trusted.</summary>
    public static bool TryReadRecord(ReadOnlySpan<byte> source, ReadOnlySpan<byte> mark, ulong salt, out int bodyLength, out uint bodyChecksum)
    {
        bodyLength = 0;
        bodyChecksum = 0;
        if (source.Length < RecordLength || !source.StartsWith(mark)) return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(source[12..]) != Checksum((uint)(salt >> 32), source[..12])) return false;
        bodyLength = BinaryPrimitives.ReadInt32BigEndian(source[4..]);
        bodyChecksum = BinaryPrimitives.ReadUInt32BigEndian(source[8..]);
        return bodyLength is > 0 and <= MaxBody;
    }

    /// <summary>The checksum of a body, which may come in parts: hand in the result of the part before, or the salt at the start.</summary>
    public static uint Checksum(uint before, ReadOnlySpan<byte> octets)
    {
        uint crc = ~before;
        for (; octets.Length >= sizeof(ulong); octets = octets[sizeof(ulong)..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(octets));
        foreach (byte octet in octets) crc = BitOperations.Crc32C(crc, octet);
        return ~crc;
    }
}
