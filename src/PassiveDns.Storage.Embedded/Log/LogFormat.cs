using System.Buffers.Binary;
using PassiveDns.Storage.Embedded.Files;

namespace PassiveDns.Storage.Embedded.Log;

/// <summary>The write-ahead log: one record a batch, durable before the batch is acknowledged.</summary>
/// <remarks>
/// <code>
/// log    = magic 8, format u32, number of the log u64, CRC-32C u32, record...
/// record = marker u32, length of the payload u32, group u64, records of the group behind this one u32, payload, CRC-32C u32 of all before it
/// payload = epoch u64, sequence u64, length of the sensor's name u8, name, rows as in ObservationRows
/// </code>
/// Numbers are little-endian. A group is what one sync made durable: batches of several writers at once. Groups count upwards, so that
/// recovery can tell a torn tail (damage in the last group, which nobody was told of) from damage to what was acknowledged.
/// </remarks>
internal static class LogFormat
{
    public const int Format = 1;
    public const int HeaderLength = 8 + 4 + 8 + Crc32C.Length;
    public const int RecordHead = 4 + 4 + 8 + 4;
    public const int RecordFrame = RecordHead + Crc32C.Length;
    public const int BatchHead = 8 + 8 + 1;
    public const uint Marker = 0x42_4C_44_50; // "PDLB"

    /// <summary>The longest payload. A batch is far below; a length above it is damage.</summary>
    public const int MaxPayload = 1 << 30;

    public static ReadOnlySpan<byte> Magic => "PDNSWLOG"u8;

    public static byte[] Header(long number)
    {
        byte[] header = new byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Format);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(12), number);
        Crc32C.Seal(header);
        return header;
    }
}
