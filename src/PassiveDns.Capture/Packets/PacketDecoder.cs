using System.Buffers;
using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>
/// Takes captured packets and yields what authoritative servers said to resolvers: link layer, IP with fragments, UDP, TCP streams, the
/// vantage filter and the matching of responses to queries. For people who bring their own packets; <see cref="PcapFileSource"/> is made of it.
/// </summary>
/// <remarks>
/// Call <see cref="Decode(LinkType, ReadOnlySpan{byte}, DateTimeOffset)"/> for a packet, then <see cref="TryDrain"/>; at the end of the input <see cref="Complete"/>, then
/// <see cref="TryDrain"/> until it returns <c>true</c>. One thread at a time; the account may be read by another.
/// </remarks>
public sealed class PacketDecoder
{
    internal const string PacketStage = "packets";
    internal const string MessageStage = "messages";
    internal const string QueryStage = "queries";

    private readonly Tally<PacketFate> _packets = new();
    private readonly FragmentTable _fragments;
    private readonly TcpStreams _streams;
    private readonly MessageFilter _messages;
    private readonly CaptureTrace? _trace;
    private readonly bool _verifiesChecksums;
    private long _number;
    private long _octets;

    /// <summary>Makes a decoder.</summary>
    /// <param name="options">The vantage: read once, here.</param>
    /// <param name="trace">Hears what became of each packet, message and query when it is settled, within the call that settles it; <c>null</c> costs nothing.</param>
    /// <exception cref="ArgumentException">A limit or a time in the options is out of its range.</exception>
    public PacketDecoder(VantageOptions options, Action<TracedFate>? trace = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _trace = trace is null ? null : new(trace, resolversAreKnown: options.Resolvers.Count > 0);

        // Pools of the decoder's own: the process-wide one is emptied by collections, and others rent from it.
        ArrayPool<byte> buffers = ArrayPool<byte>.Create(TcpStream.MaxBuffered, 64);
        _fragments = new(buffers, _packets, _trace);
        _streams = new(buffers, _packets, _trace);
        _messages = new(options, _trace);
        _verifiesChecksums = options.VerifyUdpChecksums;
    }

    /// <summary>Packets taken in so far.</summary>
    public long Packets => _packets.Total;

    /// <summary>DNS messages found in them.</summary>
    public long Messages => _messages.Fates.Total;

    /// <summary>Responses handed on.</summary>
    public long Observed => _messages.Fates[MessageFate.Observed];

    internal Tally<PacketFate> PacketFates => _packets;

    internal Tally<MessageFate> MessageFates => _messages.Fates;

    internal Tally<QueryFate> QueryFates => _messages.QueryFates;

    /// <summary>For tests: sees every message before the vantage filter.</summary>
    internal MessageProbe? Probe { get; set; }

    internal delegate void MessageProbe(in PacketMessage message);

    /// <summary>Takes one whole packet in. Its content never makes this throw.</summary>
    /// <param name="link">What the packet starts with.</param>
    /// <param name="packet">The packet; it is not kept.</param>
    /// <param name="time">When it was seen.</param>
    /// <returns>What became of the packet.</returns>
    /// <exception cref="InvalidOperationException">Responses that are due were not drained: call <see cref="TryDrain"/> first.</exception>
    public PacketFate Decode(LinkType link, ReadOnlySpan<byte> packet, DateTimeOffset time) =>
        Decode(link, packet, packet.Length, (time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);

    /// <summary>Takes one packet in that may have been cut when it was captured. Its content never makes this throw.</summary>
    /// <param name="link">What the packet starts with.</param>
    /// <param name="packet">The octets that were captured; they are not kept.</param>
    /// <param name="originalLength">The length that the packet had on the wire; smaller values than the captured length count as that.</param>
    /// <param name="unixNanoseconds">When it was captured, in nanoseconds since 1970 (UTC).</param>
    /// <returns>What became of the packet.</returns>
    /// <exception cref="InvalidOperationException">Responses that are due were not drained: call <see cref="TryDrain"/> first.</exception>
    public PacketFate Decode(LinkType link, ReadOnlySpan<byte> packet, long originalLength, long unixNanoseconds)
    {
        _messages.StartPacket(unixNanoseconds, ++_number);
        PacketFate fate = Process(link, packet, originalLength > packet.Length, unixNanoseconds);
        _packets.Count(fate);
        _octets += packet.Length;
        if (_trace is not null && fate is not (PacketFate.FragmentWaiting or PacketFate.TcpSegment)) _trace.Packet(_number, unixNanoseconds, fate);
        return fate;
    }

    /// <summary>
    /// Tells that time has passed without a packet, as on a quiet network: responses whose contest window is over by then become due.
    /// </summary>
    /// <param name="unixNanoseconds">The time, by the clock that stamps the packets; one that has passed already changes nothing.</param>
    /// <exception cref="InvalidOperationException">Responses that are due were not drained: call <see cref="TryDrain"/> first.</exception>
    public void AdvanceTo(long unixNanoseconds) => _messages.AdvanceTo(unixNanoseconds);

    /// <summary>Counts a packet that has a fate already, such as one without a time.</summary>
    internal void CountPacket(PacketFate fate)
    {
        _number++;
        _packets.Count(fate);
        _trace?.Packet(_number, 0, fate);
    }

    /// <summary>Moves the responses that are due into a batch, in the order of their time.</summary>
    /// <returns><c>false</c> if the batch is full and more are due.</returns>
    public bool TryDrain(MessageBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return !_messages.HasDue || _messages.TryDrain(batch);
    }

    /// <summary>Ends the input: what is incomplete is given up, and everything held becomes due.</summary>
    public void Complete()
    {
        _fragments.Complete();
        _streams.Complete();
        _messages.Complete();
    }

    /// <summary>What became of each packet, message and query.</summary>
    public IReadOnlyList<StageCount> GetAccount() =>
    [
        .. _packets.ToAccount(PacketStage, IsDrop),
        .. _messages.Fates.ToAccount(MessageStage, IsDrop),
        .. _messages.QueryFates.ToAccount(QueryStage, IsDrop),
    ];

    internal static bool IsDrop(PacketFate fate) => fate >= PacketFate.UnknownLink;

    internal static bool IsDrop(MessageFate fate) => fate >= MessageFate.RefusedClientSide;

    internal static bool IsDrop(QueryFate fate) => fate >= QueryFate.Unanswered;

    /// <summary>The account as a source reports it. <see cref="CaptureReport.BytesRead"/> are the octets of the packets; a source that knows better says so.</summary>
    public CaptureReport GetReport()
    {
        IReadOnlyList<StageCount> account = GetAccount();
        return new()
        {
            BytesRead = Volatile.Read(ref _octets),
            Packets = Sum(account, PacketStage),
            Messages = Sum(account, MessageStage),
            Observed = account.FirstOrDefault(line => line is { Stage: MessageStage, Fate: "observed" }).Count,
            Account = account,
            Notes = GetNotes(),
        };
    }

    /// <summary>Sentences for the person who reads the summary. They hold no address.</summary>
    public IReadOnlyList<string> GetNotes() => _messages.GetNotes(_packets[PacketFate.ChecksumIncorrect]);

    // Of one and the same account, so that the report agrees with itself while packets come in.
    private static long Sum(IReadOnlyList<StageCount> account, string stage)
    {
        long sum = 0;
        foreach (StageCount line in account)
        {
            if (line.Stage == stage) sum += line.Count;
        }

        return sum;
    }

    private PacketFate Process(LinkType link, ReadOnlySpan<byte> packet, bool snapped, long now)
    {
        PacketFate fate = LinkLayer.Locate(link, packet, out int offset);
        if (fate != PacketFate.UdpMessage) return fate == PacketFate.MalformedLink && snapped ? PacketFate.TruncatedCapture : fate;
        IpPacket ip = default;
        fate = ip.Read(packet[offset..], snapped);
        if (fate != PacketFate.UdpMessage) return fate;
        return ip.IsFragment ? ProcessFragment(ref ip, now) : ProcessTransport(ip, now);
    }

    private PacketFate ProcessFragment(ref IpPacket ip, long now)
    {
        bool v4 = ip.Source.Length == 4;
        if (v4 && ip.Protocol is not (IpPacket.Udp or IpPacket.Tcp)) return PacketFate.OtherProtocol;
        if (ip.IsCut) return PacketFate.TruncatedCapture;
        PacketFate fate = _fragments.Add(ip, new(_number, now), out ReadOnlySpan<byte> payload, out byte protocol);
        if (fate != PacketFate.UdpMessage) return fate;
        ip.Payload = payload;
        ip.Protocol = protocol;
        if (!v4)
        {
            ip.IsFragment = false;
            fate = ip.ReadExtensions(); // the fragmentable part may start with destination options (RFC 8200 section 4.5)
            if (fate != PacketFate.UdpMessage) return fate;
            if (ip.IsFragment) return PacketFate.MalformedIp; // a fragment inside a fragment
        }

        return ProcessTransport(ip, now);
    }

    private PacketFate ProcessTransport(scoped in IpPacket ip, long now) => ip.Protocol switch
    {
        IpPacket.Udp => ProcessUdp(ip, now),
        IpPacket.Tcp => ProcessTcp(ip, now),
        _ => PacketFate.OtherProtocol,
    };

    private PacketFate ProcessUdp(scoped in IpPacket ip, long now)
    {
        ReadOnlySpan<byte> datagram = ip.Payload;
        if (datagram.Length < 4) return ip.IsCut ? PacketFate.TruncatedCapture : PacketFate.MalformedUdp;
        ushort sourcePort = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        ushort destinationPort = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (sourcePort != 53 && destinationPort != 53) return PacketFate.OtherPort;
        if (datagram.Length < 8) return ip.IsCut ? PacketFate.TruncatedCapture : PacketFate.MalformedUdp;
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        if (length < 8) return PacketFate.MalformedUdp;
        if (length > datagram.Length) return ip.IsCut ? PacketFate.TruncatedCapture : PacketFate.MalformedUdp;
        if (length == 8) return PacketFate.EmptyUdp;
        datagram = datagram[..length];
        ReadOnlySpan<byte> message = datagram[8..];

        // Only responses: a query often leaves the capturing host before its checksum is computed by the interface.
        if (_verifiesChecksums && sourcePort == 53 && message.Length > 2 && (message[2] & 0x80) != 0
            && !Checksum.IsAcceptable(ip.Source, ip.Destination, datagram)) return PacketFate.ChecksumIncorrect;
        Deliver(ip, message, sourcePort, destinationPort, now);
        return PacketFate.UdpMessage;
    }

    private PacketFate ProcessTcp(scoped in IpPacket ip, long now)
    {
        TcpSegment segment = default;
        PacketFate fate = segment.Read(ip.Payload, ip.IsCut);
        if (fate != PacketFate.TcpSegment) return fate;
        fate = _streams.Add(ip, segment, new(_number, now));
        while (_streams.TryRead(out ReadOnlySpan<byte> message)) Deliver(ip, message, segment.SourcePort, segment.DestinationPort, now);
        return fate;
    }

    private void Deliver(scoped in IpPacket ip, ReadOnlySpan<byte> message, ushort sourcePort, ushort destinationPort, long now)
    {
        PacketMessage found = new()
        {
            Message = message,
            Source = ip.Source,
            Destination = ip.Destination,
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
            Protocol = ip.Protocol,
            UnixNanoseconds = now,
        };
        Probe?.Invoke(found);
        _messages.Take(found);
    }
}
