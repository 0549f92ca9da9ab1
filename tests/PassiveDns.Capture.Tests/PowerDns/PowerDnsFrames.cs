using System.Buffers.Binary;
using System.Net;
using System.Text;
using Google.Protobuf;
using DNSRR = PassiveDns.Capture.Tests.PowerDns.PBDNSMessage.Types.DNSResponse.Types.DNSRR;

namespace PassiveDns.Capture.Tests.PowerDns;

/// <summary>Builds messages of PowerDNS with the judge's library, with the fields and in the form in which the Recursor was seen to send them.</summary>
internal static class PowerDnsFrames
{
    public const uint Time = 1_700_000_000;
    public const int ClientQuery = 1, ClientResponse = 2, OutgoingQuery = 3, IncomingResponse = 4;

    public static PBDNSMessage Query(int id, string name, RecordType type = RecordType.A, string server = Wire.Server, int kind = OutgoingQuery) => new()
    {
        Type = (uint)kind,
        MessageId = ByteString.CopyFrom(new byte[16]),
        SocketFamily = 1,
        SocketProtocol = 1,
        To = ByteString.CopyFrom(IPAddress.Parse(server).GetAddressBytes()),
        InBytes = 40,
        TimeSec = Time,
        TimeUsec = 7,
        Id = (uint)id,
        Question = new() { QName = name, QType = (uint)type, QClass = 1 },
        ToPort = 53,
        ServerIdentity = ByteString.CopyFromUtf8("resolver.example"),
        InitialRequestId = ByteString.CopyFrom(new byte[16]),
    };

    public static PBDNSMessage Response(int id, string name, RecordType type, params DNSRR[] records)
    {
        PBDNSMessage message = Query(id, name, type, kind: IncomingResponse);
        message.TimeUsec = 9;
        message.Response = new() { Rcode = 0, QueryTimeSec = Time, QueryTimeUsec = 7 };
        message.Response.Rrs.AddRange(records);
        return message;
    }

    public static DNSRR Address(string address, string? owner = null) => Record(RecordType.A, IPAddress.Parse(address).GetAddressBytes(), owner);

    public static DNSRR Text(RecordType type, string text, string? owner = null) => Record(type, Encoding.ASCII.GetBytes(text), owner);

    public static DNSRR Record(RecordType type, byte[]? data, string? owner = null)
    {
        DNSRR record = new() { Type = (uint)type, Class = 1, Ttl = 300 };
        if (owner is not null) record.Name = owner;
        if (data is not null) record.Rdata = ByteString.CopyFrom(data);
        return record;
    }

    public static byte[] Framed(IMessage message) => Framed(message.ToByteArray());

    public static byte[] Framed(byte[] message)
    {
        byte[] octets = new byte[2 + message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)message.Length);
        message.CopyTo(octets, 2);
        return octets;
    }
}
