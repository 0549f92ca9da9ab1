using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>Tells, one by one, what became of packets, messages and queries. It is there only if somebody listens; it allocates.</summary>
internal sealed class CaptureTrace(Action<TracedFate> listener, bool resolversAreKnown)
{
    private static readonly Tally<PacketFate> s_packets = new(); // for the words
    private static readonly Tally<MessageFate> s_messages = new();
    private static readonly Tally<QueryFate> s_queries = new();

    public void Packet(in PendingPacket packet, PacketFate fate) => Packet(packet.Number, packet.UnixNanoseconds, fate);

    public void Packet(long number, long unixNanoseconds, PacketFate fate) =>
        Packet(new(number, unixNanoseconds), s_packets.ToLine(PacketDecoder.PacketStage, fate, PacketDecoder.IsDrop(fate)));

    /// <param name="packet">A packet, or what stands for one: a frame of dnstap, an item of C-DNS.</param>
    /// <param name="line">The line of the account that counts it.</param>
    public void Packet(in PendingPacket packet, StageCount line) =>
        listener(new() { Stage = line.Stage, Fate = line.Fate, IsDrop = line.IsDrop, Number = packet.Number, UnixNanoseconds = packet.UnixNanoseconds });

    /// <param name="packet">The packet that completed the message.</param>
    /// <param name="fate">What became of it.</param>
    /// <param name="message">The message.</param>
    /// <param name="server">The address on the side of port 53. It is told only if it cannot be a resolver's.</param>
    public void Message(in PendingPacket packet, MessageFate fate, ReadOnlySpan<byte> message, ReadOnlySpan<byte> server)
    {
        StageCount line = s_messages.ToLine(PacketDecoder.MessageStage, fate, PacketDecoder.IsDrop(fate));
        Message(packet, line, message, IsServer(fate) ? HostAddress.FromBytes(server) : null);
    }

    /// <param name="packet">The packet that completed the message.</param>
    /// <param name="line">The line of the account that counts it.</param>
    /// <param name="message">The message.</param>
    /// <param name="server">The address of the server, or <c>null</c> if it may be another's.</param>
    public void Message(in PendingPacket packet, StageCount line, ReadOnlySpan<byte> message, HostAddress? server)
    {
        bool hasQuestion = TryReadQuestion(message, out DomainName name, out RecordType type);
        listener(new()
        {
            Stage = line.Stage,
            Fate = line.Fate,
            IsDrop = line.IsDrop,
            Number = packet.Number,
            UnixNanoseconds = packet.UnixNanoseconds,
            Name = hasQuestion ? name : null,
            Type = hasQuestion ? type : null,
            Server = server,
        });
    }

    /// <param name="packet">The packet that the query came in.</param>
    /// <param name="fate">What became of it.</param>
    /// <param name="key">The key of its transaction.</param>
    public void Query(in PendingPacket packet, QueryFate fate, ReadOnlySpan<byte> key)
    {
        int family = (key[0] & 0x80) != 0 ? 4 : 16; // see MessageFilter.WriteKey
        ReadOnlySpan<byte> server = key.Slice(1 + family, family);
        Query(packet, fate, key[(1 + (2 * family) + 6)..], resolversAreKnown || fate == QueryFate.Answered ? HostAddress.FromBytes(server) : null);
    }

    /// <param name="packet">The packet that the query came in.</param>
    /// <param name="fate">What became of it.</param>
    /// <param name="question">Its question.</param>
    /// <param name="server">The address of the server, or <c>null</c> if it may be another's.</param>
    public void Query(in PendingPacket packet, QueryFate fate, ReadOnlySpan<byte> question, HostAddress? server)
    {
        StageCount line = s_queries.ToLine(PacketDecoder.QueryStage, fate, PacketDecoder.IsDrop(fate));
        listener(new()
        {
            Stage = line.Stage,
            Fate = line.Fate,
            IsDrop = line.IsDrop,
            Number = packet.Number,
            UnixNanoseconds = packet.UnixNanoseconds,
            Name = DomainName.TryFromWire(question[..^4], out DomainName asked) ? asked : null,
            Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(question[^4..]),
            Server = server,
        });
    }

    // Where the resolvers are configured, the other side of what passed is a server. Where they are inferred, a client may ask a resolver without RD,
    // so that only who answered a query as a server without recursion is taken for one.
    private bool IsServer(MessageFate fate) => fate switch
    {
        MessageFate.Observed or MessageFate.Duplicate or MessageFate.Contested or MessageFate.MalformedRecords or MessageFate.Late => true,
        MessageFate.Query or MessageFate.Unsolicited or MessageFate.MalformedQuestion => resolversAreKnown,
        _ => false,
    };

    private static bool TryReadQuestion(ReadOnlySpan<byte> message, out DomainName name, out RecordType type)
    {
        (name, type) = (default, default);
        if (!DnsHeader.TryRead(message, out DnsHeader header) || header.QuestionCount != 1) return false;
        if (WireName.Read(message, DnsHeader.Length, out WireName asked, out int next) != DnsError.None || message.Length < next + 4) return false;
        name = asked.ToDomainName();
        type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(message[next..]);
        return true;
    }
}
