namespace PassiveDns.Aggregation;

/// <remarks>
/// When what was concluded before may be no longer true. Each thing learnt that can turn a conclusion gets the next number of a running count, noted
/// under the hash of what it is about. A conclusion of number n holds as long as nothing later than n is noted there, within the times it was drawn for.
/// Two that share a place only make conclusions be drawn again. A server of many zones is told of again and again, so that it speaks for one more is noted under
/// the server together with that zone and each zone above, and turns only what was concluded about those.
/// </remarks>
internal sealed partial class DelegationCache
{
    private const int Places = 65536;
    private const int MaxZonesAbove = 8; // deeper ones are rare: then all that is known of the server counts as turned
    private const int LossSalt = 0x3C6E_F372;

    private readonly ulong[] _changes = new ulong[Places];
    private readonly int[] _zonesAbove = new int[MaxZonesAbove];
    private ulong _removal;
    private long _latest = long.MinValue; // that a conclusion was drawn for

    /// <summary>The number of the last change.</summary>
    public ulong Change { get; private set; }

    /// <summary>Whether a conclusion about a server holds on, as far as it is not about one zone.</summary>
    /// <param name="serverHash">The hash code of the server's address.</param>
    /// <param name="change"><see cref="Change"/> when it was drawn.</param>
    public bool HoldsFor(int serverHash, ulong change) => _changes[serverHash & (Places - 1)] <= change && _removal <= change;

    /// <summary>Whether the server speaks for no zone at or below the given one for which it did not speak before, as far as <see cref="HoldsFor"/> does not tell.</summary>
    /// <param name="serverHash">The hash code of the server's address.</param>
    /// <param name="zone">The number of the zone.</param>
    /// <param name="change"><see cref="Change"/> when the conclusion was drawn.</param>
    public bool HoldsForZone(int serverHash, int zone, ulong change) => _changes[PlaceOf(serverHash, zone)] <= change;

    /// <summary>Whether no name of this hash has become a server's name since.</summary>
    /// <param name="nameHash">The hash of the name; no more than its lower 31 bits are looked at.</param>
    /// <param name="change"><see cref="Change"/> when it was none.</param>
    public bool HoldsForName(ulong nameHash, ulong change) => _changes[nameHash & (Places - 1)] <= change;

    /// <summary>Sends for when something was learnt last about a server and a zone.</summary>
    public void FetchChange(int serverHash, int zone) => Prefetch.Line(in _changes[PlaceOf(serverHash, zone)]);

    /// <summary>Whether a server that spoke for a zone still does.</summary>
    private bool HoldsOn(int serverHash, ulong change) => _changes[(serverHash ^ LossSalt) & (Places - 1)] <= change && _removal <= change;

    private static int PlaceOf(int serverHash, int zone)
    {
        uint mixed = ((uint)serverHash ^ (uint)zone) * 0x9E37_79B1;
        return (int)((mixed ^ (mixed >> 15)) & (Places - 1));
    }

    /// <summary>An address begins to speak for zones, nobody knows which.</summary>
    private void Tell(HostAddress address)
    {
        _news.Add(address);
        _changes[address.GetHashCode() & (Places - 1)] = ++Change;
    }

    /// <summary>The addresses of a server begin to speak for a zone.</summary>
    /// <param name="server">The server.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="above">How many zones above it are in <see cref="_zonesAbove"/>; -1 at first.</param>
    private void TellAddressesOf(int server, int zone, ref int above)
    {
        if (_nodes[server].FirstAddress < 0) return;
        if (above < 0) above = FindZonesAbove(zone);
        for (int i = _nodes[server].FirstAddress; i >= 0; i = _addresses[i].Next)
        {
            HostAddress address = _addresses[i].Address;
            if (above > MaxZonesAbove)
            {
                Tell(address);
                continue;
            }

            _news.Add(address);
            Change++;
            int hash = address.GetHashCode();
            _changes[PlaceOf(hash, zone)] = Change;
            foreach (int ancestor in _zonesAbove.AsSpan(0, above)) _changes[PlaceOf(hash, ancestor)] = Change;
        }
    }

    /// <summary>Writes into <see cref="_zonesAbove"/> the zones above one whose servers are known: what lies below was concluded to be theirs.</summary>
    /// <returns>How many; more than there is room for if there are too many.</returns>
    private int FindZonesAbove(int zone)
    {
        int count = 0;
        for (ReadOnlySpan<byte> name = _names[zone]; name.Length > 1 && count <= MaxZonesAbove;)
        {
            name = name[(name[0] + 1)..];
            int above = _names.Find(OctetHash.Compute(name), name);
            if (above < 0 || _nodes[above].FirstServer < 0) continue;
            if (count < MaxZonesAbove) _zonesAbove[count] = above;
            count++;
        }

        return count;
    }

    /// <summary>An address may speak for a zone no more, because the link had to make room.</summary>
    private void NoteLost(HostAddress address)
    {
        int hash = address.GetHashCode();
        Change++;
        _changes[hash & (Places - 1)] = Change;
        _changes[(hash ^ LossSalt) & (Places - 1)] = Change;
        _lastTime = long.MinValue;
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
        _lessons.Clear();
        _lastTime = long.MinValue;
        _removal = ++Change;
    }
}
