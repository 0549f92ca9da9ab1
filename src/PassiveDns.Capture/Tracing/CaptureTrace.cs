using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>Tells, one by one, what became of packets, messages and queries. It is there only if somebody listens; it allocates.</summary>
internal sealed class CaptureTrace(Action<TracedFate> listener, bool resolversAreKnown)
{
    private static readonly Tally<PacketFate> s_packets = new(); // for the words
    private static readonly Tally<MessageFate> s_messages = new();
    private static readonly Tally<QueryFate> s_queries = new();

    public void Packet(in PendingPacket packet, PacketFate fate) => Packet(packet.Number, packet.UnixNanoseconds, fate);

    public void Packet(long number, long unixNanoseconds, PacketFate fate)
    {
        StageCount line = s_packets.ToLine(PacketDecoder.PacketStage, fate, PacketDecoder.IsDrop(fate));
        listener(new() { Stage = line.Stage, Fate = line.Fate, IsDrop = line.IsDrop, Number = number, UnixNanoseconds = unixNanoseconds });
    }

    /// <param name="packet">The packet that completed the message.</param>
    /// <param name="fate">What became of it.</param>
    /// <param name="message">The message.</param>
    /// <param name="server">The address on the side of port 53. It is told only if it cannot be a resolver's.</param>
    public void Message(in PendingPacket packet, MessageFate fate, ReadOnlySpan<byte> message, ReadOnlySpan<byte> server)
    {
        StageCount line = s_messages.ToLine(PacketDecoder.MessageStage, fate, PacketDecoder.IsDrop(fate));
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
            Server = IsServer(fate) ? HostAddress.FromBytes(server) : null,
        });
    }

    /// <param name="packet">The packet that the query came in.</param>
    /// <param name="fate">What became of it.</param>
    /// <param name="key">The key of its transaction.</param>
    public void Query(in PendingPacket packet, QueryFate fate, ReadOnlySpan<byte> key)
    {
        StageCount line = s_queries.ToLine(PacketDecoder.QueryStage, fate, PacketDecoder.IsDrop(fate));
        int family = (key[0] & 0x80) != 0 ? 4 : 16; // see MessageFilter.WriteKey
        ReadOnlySpan<byte> server = key.Slice(1 + family, family);
        ReadOnlySpan<byte> question = key[(1 + (2 * family) + 6)..];
        listener(new()
        {
            Stage = line.Stage,
            Fate = line.Fate,
            IsDrop = line.IsDrop,
            Number = packet.Number,
            UnixNanoseconds = packet.UnixNanoseconds,
            Name = DomainName.TryFromWire(question[..^4], out DomainName asked) ? asked : null,
            Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(question[^4..]),
            Server = resolversAreKnown || fate == QueryFate.Answered ? HostAddress.FromBytes(server) : null,
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
