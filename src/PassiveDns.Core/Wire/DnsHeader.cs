using System.Buffers.Binary;

namespace PassiveDns;

/// <summary>The 12 octets that open a message (RFC 1035 section 4.1.1).</summary>
public readonly record struct DnsHeader
{
    /// <summary>The length of a header on the wire, in octets.</summary>
    public const int Length = 12;

    private readonly ushort _flags;

    private DnsHeader(ReadOnlySpan<byte> message)
    {
        Id = BinaryPrimitives.ReadUInt16BigEndian(message);
        _flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        QuestionCount = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        AnswerCount = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        AuthorityCount = BinaryPrimitives.ReadUInt16BigEndian(message[8..]);
        AdditionalCount = BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
    }

    /// <summary>The transaction identifier.</summary>
    public ushort Id { get; }

    /// <summary>QR: whether the message is a response.</summary>
    public bool IsResponse => (_flags & 0x8000) != 0;

    /// <summary>The kind of query, 0 (QUERY) to 15.</summary>
    public int Opcode => _flags >> 11 & 0xF;

    /// <summary>AA: the server claims authority for the first owner name of the answer.</summary>
    public bool IsAuthoritative => (_flags & 0x0400) != 0;

    /// <summary>TC: the message was cut.</summary>
    public bool IsTruncated => (_flags & 0x0200) != 0;

    /// <summary>RD: recursion was asked for. Resolvers ask authoritative servers without it.</summary>
    public bool RecursionDesired => (_flags & 0x0100) != 0;

    /// <summary>RA: the server offers recursion.</summary>
    public bool RecursionAvailable => (_flags & 0x0080) != 0;

    /// <summary>The response code's lower four bits; EDNS can add eight more (see <see cref="DnsReader.ExtendedResponseCode"/>).</summary>
    public ResponseCode ResponseCode => (ResponseCode)(_flags & 0xF);

    /// <summary>QDCOUNT.</summary>
    public ushort QuestionCount { get; }

    /// <summary>ANCOUNT.</summary>
    public ushort AnswerCount { get; }

    /// <summary>NSCOUNT.</summary>
    public ushort AuthorityCount { get; }

    /// <summary>ARCOUNT.</summary>
    public ushort AdditionalCount { get; }

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
