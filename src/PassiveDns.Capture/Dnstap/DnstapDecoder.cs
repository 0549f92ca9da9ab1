using System.Text;

namespace PassiveDns.Capture;

/// <summary>
/// The privacy gate for what DNS servers log, as dnstap or as messages of PowerDNS: takes frames and yields what authoritative servers said to the resolver that sends them. Counts the fate of every
/// frame. Addresses of clients and resolvers, identity, version and <c>extra</c> end here.
/// </summary>
internal sealed class DnstapDecoder
{
    private const int MaxMessageLength = ushort.MaxValue;

    private readonly QueryLedger _ledger;
    private readonly AddressSet _resolvers;
    private readonly ZoneSet _zones;
    private readonly byte[][] _servers;
    private readonly bool _isEverybodyServer;
    private readonly bool _needsQueries;
    private readonly PowerDnsReader? _powerDns; // null for dnstap
    private readonly CaptureTrace? _trace;
    private PendingPacket _frame; // the current one

    /// <summary>Makes a decoder for one stream, or for several that follow each other.</summary>
    /// <param name="options">The vantage: read once, here.</param>
    /// <param name="format">What the frames hold.</param>
    /// <param name="trace">Hears what became of each frame, message and query when it is settled, within the call that settles it; <c>null</c> costs nothing.</param>
    /// <exception cref="ArgumentException">A value in the options is out of its range.</exception>
    public DnstapDecoder(VantageOptions options, TapFormat format = TapFormat.Dnstap, Action<TracedFate>? trace = null)
    {
        options.Validate();
        _trace = trace is null ? null : new(trace, resolversAreKnown: true); // the log says who is a server
        _ledger = new(options, Counters.Queries, _trace);
        _resolvers = new(options.Dnstap.CheckResolvers ? options.Resolvers : []);
        _zones = new(options.Dnstap.AuthoritativeZones);
        _isEverybodyServer = options.Dnstap.AuthoritativeServers.Contains("*");
        _servers = [.. options.Dnstap.AuthoritativeServers.Select(Encoding.UTF8.GetBytes)];
        _needsQueries = options.Dnstap.Pairing == DnstapPairing.Always;
        _powerDns = format == TapFormat.PowerDns ? new() : null;
    }

    /// <summary>The account so far.</summary>
    public DnstapCounters Counters { get; } = new();

    /// <summary>Takes one data frame in. Its content never makes this throw.</summary>
    /// <param name="frame">The frame; it is not kept.</param>
    /// <param name="arrival">When it came, in nanoseconds since 1970, if that may stand for a time it does not have; else <c>null</c>.</param>
    /// <param name="batch">Where a response goes, or <c>null</c> if there is no room and it must be dropped.</param>
    /// <returns><c>false</c> if the batch is full. Then nothing was counted: offer the frame again.</returns>
    public bool TryTake(ReadOnlySpan<byte> frame, long? arrival, MessageBatch? batch)
    {
        FrameFate frameFate = _powerDns is null ? DnstapMessage.Read(frame, out DnstapMessage message) : _powerDns.Read(frame, out message);
        PendingPacket frameBefore = _frame;
        _frame = new(_frame.Number + 1, message.ResponseTime ?? message.QueryTime ?? arrival ?? 0);
        if (frameFate == FrameFate.Message)
        {
            DnstapFate fate = message.Type switch
            {
                DnstapMessageType.ResolverResponse => TakeResponse(in message, arrival, batch),
                DnstapMessageType.ResolverQuery => TakeQuery(in message, arrival),
                DnstapMessageType.AuthResponse => IsDeclared(message.Identity) ? TakeServerResponse(in message, arrival, batch) : DnstapFate.RefusedUndeclaredServer,
                DnstapMessageType.AuthQuery => IsDeclared(message.Identity) ? DnstapFate.ServerQuery : DnstapFate.RefusedUndeclaredServer,
                DnstapMessageType.ClientQuery or DnstapMessageType.ClientResponse => DnstapFate.RefusedClientSide,
                DnstapMessageType.StubQuery or DnstapMessageType.StubResponse => DnstapFate.RefusedStub,
                DnstapMessageType.ForwarderQuery or DnstapMessageType.ForwarderResponse => DnstapFate.RefusedForwarder,
                DnstapMessageType.ToolQuery or DnstapMessageType.ToolResponse => DnstapFate.RefusedTool,
                _ => DnstapFate.RefusedUpdate,
            };
            if (fate == DnstapFate.Held)
            {
                _frame = frameBefore;
                return false;
            }

            Counters.Messages.Count(fate);
            if (_trace is not null) Tell(in message, fate);
        }

        CountFrame(frameFate);
        return true;
    }

    /// <summary>Counts a frame that never became whole.</summary>
    /// <param name="fate">Why.</param>
    public void CountBroken(FrameFate fate)
    {
        _frame = new(_frame.Number + 1, 0);
        CountFrame(fate);
    }

    /// <summary>Ends the input: queries wait no longer.</summary>
    public void Complete() => _ledger.Complete();

    private void CountFrame(FrameFate fate)
    {
        Counters.Frames.Count(fate);
        _trace?.Packet(_frame, Counters.Frames.ToLine(PacketDecoder.PacketStage, fate, DnstapCounters.IsDrop(fate)));
    }

    // Where the kind of the message says that a server answered, or was asked, its address is one; whatever was refused may name anybody.
    private void Tell(scoped in DnstapMessage message, DnstapFate fate)
    {
        bool isServer = fate is DnstapFate.Observed or DnstapFate.Query or DnstapFate.Duplicate or DnstapFate.Unsolicited or DnstapFate.Late or DnstapFate.Contested;
        HostAddress? server = isServer && message.ResponseAddress.Length is 4 or 16 ? HostAddress.FromBytes(message.ResponseAddress) : null;
        StageCount line = Counters.Messages.ToLine(PacketDecoder.MessageStage, fate, DnstapCounters.IsDrop(fate));
        _trace!.Message(_frame, line, message.Response.IsEmpty ? message.Query : message.Response, server);
    }

    private bool IsDeclared(ReadOnlySpan<byte> identity)
    {
        if (_isEverybodyServer) return true;
        foreach (byte[] server in _servers)
        {
            if (identity.SequenceEqual(server)) return true;
        }

        return false;
    }

    private DnstapFate TakeQuery(scoped in DnstapMessage message, long? arrival)
    {
        if (message.Query.IsEmpty) return DnstapFate.NoMessage;
        if (!DnsHeader.TryRead(message.Query, out DnsHeader header) || header.IsResponse) return DnstapFate.MalformedHeader;
        DnstapFate fate = JudgeSides(in message, in header);
        if (fate != DnstapFate.Observed) return fate;
        if ((message.QueryTime ?? arrival) is not { } time) return DnstapFate.NoTime;
        if (!QuestionOctets.TryFind(message.Query, header, out ReadOnlySpan<byte> question)) return DnstapFate.MalformedQuestion;
        _ledger.Add(message.ResponseAddress, header.Id, question, time, _frame);
        return DnstapFate.Query;
    }

    /// <returns><see cref="DnstapFate.Held"/> if the batch is full and nothing has changed.</returns>
    private DnstapFate TakeResponse(scoped in DnstapMessage message, long? arrival, MessageBatch? batch)
    {
        DnstapFate fate = ReadHeader(in message, out DnsHeader header);
        if (fate == DnstapFate.Observed) fate = JudgeSides(in message, in header);
        if (fate != DnstapFate.Observed) return fate;
        if (!TryFindTime(in message, arrival, out long time)) return DnstapFate.NoTime;
        if (!QuestionOctets.TryFind(message.Response, header, out ReadOnlySpan<byte> question) && !IsBareError(in header)) return DnstapFate.MalformedQuestion;

        // A resolver that logs the query in the same message, or before, or not at all.
        int index = -1;
        bool isPaired = true;
        if (!message.Query.IsEmpty)
        {
            if (!Answers(message.Query, in header, question)) return DnstapFate.Unsolicited;
        }
        else if (_needsQueries || _ledger.HasQueries)
        {
            fate = _ledger.Judge(message.ResponseAddress, header.Id, question, message.Response, time, out index);
            if (fate != DnstapFate.Observed) return fate;
        }
        else
        {
            isPaired = false;
        }

        Span<byte> zone = stackalloc byte[DomainName.MaxWireLength];
        int zoneLength = FindZone(in message, question, zone);
        fate = HandOn(in message, time, HostAddress.FromBytes(message.ResponseAddress), zone[..Math.Max(zoneLength, 0)], batch);
        if (fate == DnstapFate.Held) return fate;
        if (index >= 0) _ledger.Answer(index, message.Response, time);
        if (!isPaired) Counters.Remarks.Count(DnstapRemark.WithoutQuery);
        if (zoneLength < 0) Counters.Remarks.Count(DnstapRemark.ZoneLeftOut);
        return fate;
    }

    // What a server itself says it answered needs no query to be believed.
    private DnstapFate TakeServerResponse(scoped in DnstapMessage message, long? arrival, MessageBatch? batch)
    {
        DnstapFate fate = ReadHeader(in message, out DnsHeader header);
        if (fate != DnstapFate.Observed) return fate;
        if (!TryFindTime(in message, arrival, out long time)) return DnstapFate.NoTime;
        if (!QuestionOctets.TryFind(message.Response, header, out ReadOnlySpan<byte> question)) return DnstapFate.MalformedQuestion;
        Span<byte> zone = stackalloc byte[DomainName.MaxWireLength];
        int zoneLength = FindZone(in message, question, zone);
        if (zoneLength <= 0) zoneLength = FindDeclaredZone(question, zone);

        // The address is not among the fields that servers should log. An unspecified one stands for it: nobody serves anything from there.
        HostAddress server = message.ResponseAddress.Length is 4 or 16 ? HostAddress.FromBytes(message.ResponseAddress) : default;
        return HandOn(in message, time, server, zone[..zoneLength], batch);
    }

    private static DnstapFate ReadHeader(scoped in DnstapMessage message, out DnsHeader header)
    {
        header = default;
        if (message.Response.IsEmpty) return DnstapFate.NoMessage;
        if (message.Response.Length > MaxMessageLength || !DnsHeader.TryRead(message.Response, out header) || !header.IsResponse) return DnstapFate.MalformedHeader;
        if (message.IsPolicyApplied) return DnstapFate.RefusedPolicy;
        if (header.Opcode != 0) return DnstapFate.RefusedOpcode;
        return header.RecursionDesired ? DnstapFate.RefusedRecursionDesired : DnstapFate.Observed;
    }

    /// <returns><see cref="DnstapFate.Observed"/> if a resolver and a server may speak so with each other.</returns>
    private DnstapFate JudgeSides(scoped in DnstapMessage message, in DnsHeader header)
    {
        if (header.Opcode != 0) return DnstapFate.RefusedOpcode;
        if (header.RecursionDesired) return DnstapFate.RefusedRecursionDesired;
        if (message.ResponseAddress.Length is not (4 or 16)) return DnstapFate.NoServerAddress;
        if (_resolvers.IsEmpty) return DnstapFate.Observed;
        if (_resolvers.Contains(message.ResponseAddress)) return DnstapFate.RefusedForwarder;
        return message.QueryAddress.Length is 4 or 16 && !_resolvers.Contains(message.QueryAddress) ? DnstapFate.RefusedOtherHosts : DnstapFate.Observed;
    }

    private static bool TryFindTime(scoped in DnstapMessage message, long? arrival, out long time)
    {
        time = message.ResponseTime ?? message.QueryTime ?? arrival ?? 0;
        return (message.ResponseTime ?? message.QueryTime ?? arrival) is not null;
    }

    // RFC 8906 section 3: some servers answer with an error and nothing else. There is nothing in it to observe, but it ends the query.
    private static bool IsBareError(in DnsHeader header) => header.QuestionCount == 0
        && header.ResponseCode is ResponseCode.FormatError or ResponseCode.ServerFailure or ResponseCode.NotImplemented or ResponseCode.Refused;

    private static bool Answers(ReadOnlySpan<byte> query, in DnsHeader response, ReadOnlySpan<byte> question) =>
        DnsHeader.TryRead(query, out DnsHeader header) && !header.IsResponse && header.Id == response.Id
        && QuestionOctets.TryFind(query, header, out ReadOnlySpan<byte> asked) && (question.IsEmpty || asked.SequenceEqual(question));

    /// <summary>Writes the zone that the resolver says it asked for: canonical, and only if it is a whole name at or above the question.</summary>
    /// <returns>Its length; 0 if none is named; -1 if it is not one that can be.</returns>
    private static int FindZone(scoped in DnstapMessage message, ReadOnlySpan<byte> question, Span<byte> zone)
    {
        if (message.QueryZone.IsEmpty) return 0;
        if (WireName.Read(message.QueryZone, 0, out WireName name, out int next) != DnsError.None || name.IsCompressed || next != message.QueryZone.Length) return -1;
        int length = name.CopyCanonicalTo(zone);
        if (question.IsEmpty) return length;
        Span<byte> asked = stackalloc byte[DomainName.MaxWireLength];
        WireName.Read(question, 0, out WireName askedName, out _);
        asked = asked[..askedName.CopyCanonicalTo(asked)];
        int labels = askedName.LabelCount;
        for (; labels > name.LabelCount; labels--) asked = asked[(asked[0] + 1)..];
        return asked.SequenceEqual(zone[..length]) ? length : -1;
    }

    /// <summary>Writes the declared zone that holds the data of a question. A DS set lies in the zone above its owner (RFC 4034 section 5).</summary>
    private int FindDeclaredZone(ReadOnlySpan<byte> question, Span<byte> zone)
    {
        Span<byte> asked = stackalloc byte[DomainName.MaxWireLength];
        WireName.Read(question, 0, out WireName name, out int next);
        asked = asked[..name.CopyCanonicalTo(asked)];
        bool isDelegationSigner = question[next] == 0 && question[next + 1] == (byte)RecordType.DS;
        if (isDelegationSigner && asked.Length > 1) asked = asked[(asked[0] + 1)..];
        ReadOnlySpan<byte> found = _zones.FindClosest(asked);
        found.CopyTo(zone);
        return found.Length;
    }

    /// <returns><see cref="DnstapFate.Held"/> if the batch is full.</returns>
    private DnstapFate HandOn(scoped in DnstapMessage message, long time, HostAddress server, ReadOnlySpan<byte> zone, MessageBatch? batch)
    {
        if (batch is null) return DnstapFate.DroppedQueueFull;
        if (!batch.TryAdd(new() { Message = message.Response, UnixNanoseconds = time, Server = server, QueryZone = zone })) return DnstapFate.Held;
        if (message.IsTimeClamped) Counters.Remarks.Count(DnstapRemark.TimeClamped);
        if (message.AreOwnersInferred) Counters.Remarks.Count(DnstapRemark.OwnersInferred);
        Counters.Records.Count(TapRecordFate.LeftOut, message.RecordsLeftOut);
        if (message.ResponseTime is null) Counters.Remarks.Count(message.QueryTime is null ? DnstapRemark.ArrivalTimeTaken : DnstapRemark.QueryTimeTaken);
        return DnstapFate.Observed;
    }
}
