using System.Buffers.Binary;
using System.Text;

namespace PassiveDns.Benchmarks.Dnstap;

/// <summary>What a resolver logs of its conversations: RESOLVER_QUERY and RESOLVER_RESPONSE by turns, framed, 150 octets each on the average.</summary>
internal static class TapFrames
{
    public static readonly byte[] Ready = Control(4, namesDnstap: true);
    public static readonly byte[] Start = Control(2, namesDnstap: true);
    public static readonly byte[] Stop = Control(3, namesDnstap: false);

    /// <summary>Makes frames with their lengths.</summary>
    /// <param name="exchanges">How many queries, and as many responses.</param>
    public static byte[] Make(int exchanges)
    {
        using MemoryStream frames = new();
        for (int i = 0; i < exchanges; i++)
        {
            Write(frames, i, isResponse: false);
            Write(frames, i, isResponse: true);
        }

        return frames.ToArray();
    }

    private static void Write(MemoryStream frames, int number, bool isResponse)
    {
        byte[] name = Encoding.ASCII.GetBytes($"Host{number:D6}");
        byte[] dns =
        [
            (byte)(number >> 8), (byte)number, isResponse ? (byte)0x84 : (byte)0, 0, 0, 1, 0, isResponse ? (byte)2 : (byte)0, 0, 0, 0, 0,
            (byte)name.Length, .. name, 7, .. "eXaMpLe"u8, 3, .. "org"u8, 0, 0, 1, 0, 1,
        ];
        if (isResponse) dns = [.. dns, .. Address(1), .. Address(2)];
        byte[] zone = [7, .. "example"u8, 3, .. "org"u8, 0];
        List<byte> message = [0x08, isResponse ? (byte)4 : (byte)3, 0x10, 1, 0x18, 1, 0x22, 4, 192, 0, 2, 53, 0x2A, 4, 198, 51, 100, (byte)(number % 50), 0x30, 0xA0, 0x1F, 0x38, 53];
        message.AddRange([0x40, 0x80, 0xE2, 0xCF, 0xAA, 6, 0x4D, 1, 2, 3, 4]); // the query's time
        message.AddRange([0x5A, (byte)zone.Length, .. zone]);
        if (isResponse) message.AddRange([0x60, 0x80, 0xE2, 0xCF, 0xAA, 6, 0x6D, 4, 3, 2, 1]);
        message.AddRange([isResponse ? (byte)0x72 : (byte)0x52, (byte)dns.Length, .. dns]);
        byte[] frame = [0x0A, 8, .. "resolver"u8, 0x12, 14, .. "benchmark 1.00"u8, 0x72, (byte)(message.Count & 0x7F | 0x80), (byte)(message.Count >> 7), .. message, 0x78, 1];
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, frame.Length);
        frames.Write(length);
        frames.Write(frame);
    }

    private static byte[] Address(byte last) => [0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, last];

    private static byte[] Control(byte type, bool namesDnstap)
    {
        byte[] contentType = [.. "protobuf:dnstap.Dnstap"u8];
        byte[] field = namesDnstap ? [0, 0, 0, 1, 0, 0, 0, (byte)contentType.Length, .. contentType] : [];
        return [0, 0, 0, 0, 0, 0, 0, (byte)(4 + field.Length), 0, 0, 0, type, .. field];
    }
}
