using System.Buffers.Binary;
using System.Net;
using System.Text;
using Google.Protobuf;
using PassiveDns.Capture.Tests.Tap;

namespace PassiveDns.Capture.Tests;

/// <summary>Builds dnstap messages with the judge's library, and Frame Streams by the specification.</summary>
internal static class TapFrames
{
    public const string ContentType = "protobuf:dnstap.Dnstap";
    public const int Start = 2, Stop = 3, Ready = 4;
    public const ulong Time = 1_700_000_000;

    /// <summary>A frame about a query and, for even types, its response, without its length.</summary>
    public static Tap.Dnstap Message(DnstapMessageType type, byte[] octets, string server = Wire.Server, string? zone = null, Action<Message>? change = null)
    {
        Message message = new()
        {
            Type = (uint)type,
            SocketFamily = server.Contains(':', StringComparison.Ordinal) ? 2u : 1u,
            SocketProtocol = 1,
            QueryAddress = ByteString.CopyFrom(IPAddress.Parse(Wire.Resolver).GetAddressBytes()),
            ResponseAddress = ByteString.CopyFrom(IPAddress.Parse(server).GetAddressBytes()),
            QueryPort = 4000,
            ResponsePort = 53,
            QueryTimeSec = Time,
            QueryTimeNsec = 1,
        };
        if (zone is not null) message.QueryZone = ByteString.CopyFrom(DomainName.Parse(zone).Wire);
        if ((int)type % 2 == 1)
        {
            message.QueryMessage = ByteString.CopyFrom(octets);
        }
        else
        {
            message.ResponseMessage = ByteString.CopyFrom(octets);
            message.ResponseTimeSec = Time;
            message.ResponseTimeNsec = 2;
        }

        change?.Invoke(message);
        return new() { Type = 1, Identity = ByteString.CopyFromUtf8("ns.example"), Version = ByteString.CopyFromUtf8("test 1"), Message = message };
    }

    /// <summary>What a resolver logs of one exchange.</summary>
    public static byte[][] Exchange(int id, string name, string server = Wire.Server, string? zone = null, byte answer = 1) =>
    [
        Message(DnstapMessageType.ResolverQuery, Wire.Message(id, name, false), server, zone).ToByteArray(),
        Message(DnstapMessageType.ResolverResponse, Wire.Message(id, name, true, answer), server, zone).ToByteArray(),
    ];

    public static byte[] Data(byte[] frame)
    {
        byte[] octets = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(octets, frame.Length);
        frame.CopyTo(octets, 4);
        return octets;
    }

    public static byte[] Control(int type, params string[] contentTypes)
    {
        List<byte> body = [];
        U32(body, type);
        foreach (string contentType in contentTypes)
        {
            U32(body, 1);
            U32(body, contentType.Length);
            body.AddRange(Encoding.ASCII.GetBytes(contentType));
        }

        List<byte> frame = [];
        U32(frame, 0);
        U32(frame, body.Count);
        frame.AddRange(body);
        return [.. frame];
    }

    /// <summary>A whole file.</summary>
    public static byte[] File(IEnumerable<byte[]> frames, bool stops = true) =>
        [.. Control(Start, ContentType), .. frames.SelectMany(Data), .. stops ? Control(Stop) : []];

    private static void U32(List<byte> octets, int number)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, number);
        octets.AddRange(word);
    }
}
