namespace PassiveDns.Aggregation;

internal sealed partial class DelegationCache
{
    private bool HasRoom => _names.Count + MaxLinks < _maxNames;

    /// <summary>
    /// When the cache is full, it is rebuilt from the zones used most recently, their servers and those servers' addresses; links that have run out
    /// stay behind. That is rare and costs one pass, so its share of a response is small.
    /// </summary>
    /// <returns>Whether it was rebuilt, so that all numbers are others.</returns>
    private bool MakeRoom(long time)
    {
        if (HasRoom) return false;
        int before = _names.Count;
        long[] uses = new long[before];
        for (int i = 0; i < before; i++) uses[i] = _nodes[i].LastUsed;
        Array.Sort(uses);
        long threshold = uses[before / 2];
        (NameArena names, Node[] nodes, ServerLink[] servers, AddressLink[] addresses) = (_names, _nodes, _servers, _addresses);
        _names = new(before / 2);
        _nodes = new Node[before / 2 + MaxLinks];
        _servers = new ServerLink[servers.Length];
        _addresses = new AddressLink[addresses.Length];
        _serverCount = _addressCount = 0;
        NoteRemoval();
        for (int zone = 0; zone < before && _names.Count + MaxLinks < _maxNames * 3L / 4; zone++)
        {
            if (nodes[zone].FirstServer < 0 || nodes[zone].LastUsed <= threshold) continue;
            int copy = Intern(names[zone], names.Hash(zone), nodes[zone].LastUsed);
            for (int i = nodes[zone].FirstServer; i >= 0; i = servers[i].Next)
            {
                if (servers[i].Last + _grace < time) continue;
                int server = CopyServer(names, nodes, addresses, servers[i].Server, time);
                AddServer(copy, server, servers[i].First, servers[i].Last);
            }
        }

        Forgotten += before - _names.Count;
        return true;
    }

    private int CopyServer(NameArena names, Node[] nodes, AddressLink[] addresses, int server, long time)
    {
        int copy = Intern(names[server], names.Hash(server), nodes[server].LastUsed);
        if (_nodes[copy].FirstAddress >= 0) return copy; // another zone brought it along
        for (int i = nodes[server].FirstAddress; i >= 0; i = addresses[i].Next)
        {
            if (addresses[i].Last + _grace >= time) AddAddress(copy, addresses[i].Address, addresses[i].First, addresses[i].Last);
        }

        return copy;
    }
}
