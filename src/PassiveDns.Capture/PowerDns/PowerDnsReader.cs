namespace PassiveDns.Capture;

/// <summary>
/// Reads the Protocol Buffers messages of PowerDNS (<c>PBDNSMessage</c> of dnsmessage.proto, proto2). They name the parts of a query or a response, not its octets;
/// so what a resolver and a server said to each other is put together again (RFC 1035 section 4.1). Of a message between a client and the resolver nothing but its
/// kind is looked at; who asked, from where and with which device is never looked at.
/// </summary>
/// <remarks>What it hands out lies in buffers of its own, until the next message.</remarks>
internal sealed class PowerDnsReader
{
    private const ulong NanosecondsPerMicrosecond = 1000;

    private readonly PowerDnsMessageBuilder _query = new(PowerDnsMessageBuilder.QueryLength);
    private readonly PowerDnsMessageBuilder _response = new(ushort.MaxValue);

    /// <summary>Reads a message.</summary>
    /// <param name="frame">The message without its length.</param>
    /// <param name="message">What it says. Its addresses lie in the frame, its query and response in this reader.</param>
    /// <returns><see cref="FrameFate.Message"/>, or why it is none.</returns>
    /// <remarks>Fields may come in any order; of a repeated one that should not be, the last counts.</remarks>
    public FrameFate Read(ReadOnlySpan<byte> frame, out DnstapMessage message)
    {
        message = default;
        ProtobufReader fields = new(frame);
        ReadOnlySpan<byte> server = default, question = default, response = default;
        (bool hasType, bool hasQuestion, bool hasResponse) = (false, false, false);
        (ulong type, ulong id, ulong? seconds, ulong microseconds) = (0, 0, null, 0);
        while (fields.Read())
        {
            switch (fields.Field, fields.WireType)
            {
                case (1, ProtobufReader.Varint):
                    (type, hasType) = (fields.Number, true);
                    break;
                case (7, ProtobufReader.LengthDelimited):
                    server = fields.Octets;
                    break;
                case (9, ProtobufReader.Varint):
                    seconds = fields.Number;
                    break;
                case (10, ProtobufReader.Varint):
                    microseconds = fields.Number;
                    break;
                case (11, ProtobufReader.Varint):
                    id = fields.Number;
                    break;
                case (12, ProtobufReader.LengthDelimited):
                    question = fields.Octets;
                    hasQuestion = true;
                    break;
                case (13, ProtobufReader.LengthDelimited):
                    response = fields.Octets;
                    hasResponse = true;
                    break;
            }
        }

        if (fields.IsMalformed) return FrameFate.MalformedProtobuf;
        if (!hasType) return FrameFate.NotAMessage; // required
        message.Type = TypeOf(type);
        if (message.Type == DnstapMessageType.Unknown) return FrameFate.UnknownMessageType;
        if (message.Type is DnstapMessageType.ClientQuery or DnstapMessageType.ClientResponse) return FrameFate.Message;

        message.ResponseAddress = server;
        long? time = message.Time(seconds, Math.Min(microseconds, uint.MaxValue) * NanosecondsPerMicrosecond);
        if (message.Type == DnstapMessageType.ResolverQuery)
        {
            message.QueryTime = time;
            if (!hasQuestion) return FrameFate.Message;
            if (!_query.TryStart((ushort)id, question)) return FrameFate.MalformedProtobuf;
            message.Query = _query.Octets;
            return FrameFate.Message;
        }

        message.ResponseTime = time;
        if (!hasQuestion || !hasResponse) return FrameFate.Message;
        return TryReadResponse((ushort)id, question, response, ref message) ? FrameFate.Message : FrameFate.MalformedProtobuf;
    }

    /// <summary>The kinds of dnsmessage.proto as those of dnstap: both tell which two sides spoke.</summary>
    private static DnstapMessageType TypeOf(ulong type) => type switch
    {
        1 => DnstapMessageType.ClientQuery, // DNSQueryType
        2 => DnstapMessageType.ClientResponse, // DNSResponseType
        3 => DnstapMessageType.ResolverQuery, // DNSOutgoingQueryType
        4 => DnstapMessageType.ResolverResponse, // DNSIncomingResponseType
        _ => DnstapMessageType.Unknown,
    };

    private bool TryReadResponse(ushort id, ReadOnlySpan<byte> question, ReadOnlySpan<byte> response, ref DnstapMessage message)
    {
        if (!_response.TryStart(id, question)) return false;
        if (!PowerDnsAnswer.TryRead(response, out PowerDnsAnswer answer)) return false;
        message.QueryTime = message.Time(answer.QuerySeconds, Math.Min(answer.QueryMicroseconds, uint.MaxValue) * NanosecondsPerMicrosecond);
        message.IsPolicyApplied = answer.IsPolicyApplied;
        if (!answer.HasCode) return true; // a network error, as on a timeout: no server has answered
        if (_response.TryAnswer(answer, out int leftOut)) message.Response = _response.Octets;
        message.RecordsLeftOut = leftOut;
        message.AreOwnersInferred = _response.AreOwnersInferred;
        return true;
    }
}
