using System.Buffers.Binary;

namespace PassiveDns;

/// <summary>The 12 octets that open a message (RFC 1035 section 4.1.1).</summary>
public readonly record struct DnsHeader
{
    /// <summary>The length of a header on the wire, in octets.</summary>
    public const int Length = 12;

    private readonly ulong _start; // ID, flags, QDCOUNT, ANCOUNT
    private readonly uint _end; // NSCOUNT, ARCOUNT

    private DnsHeader(ReadOnlySpan<byte> message)
    {
        _start = BinaryPrimitives.ReadUInt64BigEndian(message);
        _end = BinaryPrimitives.ReadUInt32BigEndian(message[8..]);
    }

    /// <summary>The transaction identifier.</summary>
    public ushort Id => (ushort)(_start >> 48);

    /// <summary>QR: whether the message is a response.</summary>
    public bool IsResponse => (Flags & 0x8000) != 0;

    /// <summary>The kind of query, 0 (QUERY) to 15.</summary>
    public int Opcode => Flags >> 11 & 0xF;

    /// <summary>AA: the server claims authority for the first owner name of the answer.</summary>
    public bool IsAuthoritative => (Flags & 0x0400) != 0;

    /// <summary>TC: the message was cut.</summary>
    public bool IsTruncated => (Flags & 0x0200) != 0;

    /// <summary>RD: recursion was asked for. Resolvers ask authoritative servers without it.</summary>
    public bool RecursionDesired => (Flags & 0x0100) != 0;

    /// <summary>RA: the server offers recursion.</summary>
    public bool RecursionAvailable => (Flags & 0x0080) != 0;

    /// <summary>The response code's lower four bits; EDNS can add eight more (see <see cref="DnsReader.ExtendedResponseCode"/>).</summary>
    public ResponseCode ResponseCode => (ResponseCode)(Flags & 0xF);

    /// <summary>QDCOUNT.</summary>
    public ushort QuestionCount => (ushort)(_start >> 16);

    /// <summary>ANCOUNT.</summary>
    public ushort AnswerCount => (ushort)_start;

    /// <summary>NSCOUNT.</summary>
    public ushort AuthorityCount => (ushort)(_end >> 16);

    /// <summary>ARCOUNT.</summary>
    public ushort AdditionalCount => (ushort)_end;

    /// <summary>The number of records in all sections.</summary>
    internal int RecordCount => AnswerCount + AuthorityCount + AdditionalCount;

    private ushort Flags => (ushort)(_start >> 32);

    /// <summary>Reads a header.</summary>
    /// <param name="message">A message, or the start of one.</param>
    /// <param name="header">The header, or zeros when the result is <c>false</c>.</param>
    /// <returns><c>false</c> if there are fewer than 12 octets.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out DnsHeader header)
    {
        bool whole = message.Length >= Length;
        header = whole ? new DnsHeader(message) : default;
        return whole;
    }
}
