namespace PassiveDns.Capture;

/// <summary>
/// The privacy gate: tells what a resolver and an authoritative server said to each other from all the rest. A response that passes
/// still needs a query that passed.
/// </summary>
internal sealed class VantageFilter(IEnumerable<System.Net.IPNetwork> resolvers)
{
    /// <summary>The most addresses of inferred resolvers that are counted apart.</summary>
    public const int MaxInferred = 65_536;

    private readonly AddressSet _resolvers = new(resolvers);
    private readonly HashSet<HostAddress> _inferred = [];
    private HostAddress _lastInferred;
    private int _inferredV4;
    private int _inferredV6;

    /// <summary>Whether the resolvers were given.</summary>
    public bool IsConfigured => !_resolvers.IsEmpty;

    /// <summary>IPv4 addresses taken for resolvers.</summary>
    public int InferredV4 => Volatile.Read(ref _inferredV4);

    /// <summary>IPv6 addresses taken for resolvers.</summary>
    public int InferredV6 => Volatile.Read(ref _inferredV6);

    /// <returns>
    /// <see cref="MessageFate.Query"/> for a resolver's query, <see cref="MessageFate.Held"/> for what may answer one; else the message's fate.
    /// </returns>
    public MessageFate Judge(in PacketMessage message, in DnsHeader header)
    {
        ushort server = header.IsResponse ? message.SourcePort : message.DestinationPort;
        if (server != 53) return MessageFate.RefusedDirection;
        if (IsConfigured)
        {
            MessageFate sides = JudgeSides(message, header.IsResponse);
            if (sides != MessageFate.Held) return sides;
        }

        if (header.Opcode != 0) return MessageFate.RefusedOpcode;
        if (header.IsResponse)
        {
            // RD=0 alone does not tell a server from a resolver that is asked for what it has in its cache (RFC 1034 section 4.3.1): RA does.
            return !IsConfigured && header.RecursionAvailable ? MessageFate.RefusedRecursiveServer : MessageFate.Held;
        }

        return header.RecursionDesired ? MessageFate.RefusedRecursionDesired : MessageFate.Query;
    }

    /// <summary>Notes an address that asked without RD and got an answer of a server without RA: it is taken for a resolver.</summary>
    public void NoteResolver(ReadOnlySpan<byte> address)
    {
        if (IsConfigured || _inferred.Count >= MaxInferred) return;
        HostAddress resolver = HostAddress.FromBytes(address);
        if (_inferred.Count > 0 && resolver == _lastInferred) return; // mostly there are few
        _lastInferred = resolver;
        if (!_inferred.Add(resolver)) return;
        if (address.Length == 4) _inferredV4++;
        else _inferredV6++;
    }

    private MessageFate JudgeSides(in PacketMessage message, bool isResponse)
    {
        bool fromResolver = _resolvers.Contains(message.Source);
        bool toResolver = _resolvers.Contains(message.Destination);
        if (fromResolver && toResolver) return MessageFate.RefusedForwarder;
        if (!fromResolver && !toResolver) return MessageFate.RefusedOtherHosts;
        return fromResolver == isResponse ? MessageFate.RefusedClientSide : MessageFate.Held;
    }
}
