namespace PassiveDns.Aggregation;

/// <remarks>
/// When what was concluded before may be no longer true. Each thing learnt that can turn a conclusion gets the next number of a running count, noted
/// under the hash of the address or name it is about. A conclusion of number n about an address holds as long as nothing later than n is noted there,
/// within the times it was drawn for. Two that share a place only make conclusions be drawn again.
/// </remarks>
internal sealed partial class DelegationCache
{
    private const int Places = 65536;

    private readonly ulong[] _changes = new ulong[Places];
    private ulong _removal;
    private long _latest = long.MinValue; // that a conclusion was drawn for

    /// <summary>The number of the last change.</summary>
    public ulong Change { get; private set; }

    /// <summary>Whether a conclusion about a server holds on.</summary>
    /// <param name="serverHash">The hash code of the server's address.</param>
    /// <param name="change"><see cref="Change"/> when it was drawn.</param>
    public bool HoldsFor(int serverHash, ulong change) => _changes[serverHash & (Places - 1)] <= change && _removal <= change;

    /// <summary>Whether no name of this hash has become a server's name since.</summary>
    /// <param name="nameHash">The hash of the name.</param>
    /// <param name="change"><see cref="Change"/> when it was none.</param>
    public bool HoldsForName(ulong nameHash, ulong change) => _changes[nameHash & (Places - 1)] <= change;

    /// <summary>An address begins to speak for a zone.</summary>
    private void Tell(HostAddress address)
    {
        _news.Add(address);
        _changes[address.GetHashCode() & (Places - 1)] = ++Change;
    }

    /// <summary>An address may speak for a zone no more, because the link had to make room.</summary>
    private void NoteLost(HostAddress address)
    {
        _changes[address.GetHashCode() & (Places - 1)] = ++Change;
        _lastTime = long.MinValue;
    }

    private void TellAddressesOf(int server)
    {
        for (int i = _nodes[server].FirstAddress; i >= 0; i = _addresses[i].Next) Tell(_addresses[i].Address);
    }

    private void NoteServerName(int node)
    {
        if (_nodes[node].IsServer) return;
        _nodes[node].IsServer = true;
        _changes[_names.Hash(node) & (Places - 1)] = ++Change;
    }

    /// <summary>Names have other numbers, or times of many have changed: nothing that was concluded stands any more.</summary>
    private void NoteRemoval()
    {
        _memo.Clear();
        _lastTime = long.MinValue;
        _removal = ++Change;
    }
}
