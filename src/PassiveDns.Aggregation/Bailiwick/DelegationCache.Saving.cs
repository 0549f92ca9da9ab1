using System.Diagnostics;

namespace PassiveDns.Aggregation;

internal sealed partial class DelegationCache
{
    /// <summary>What was learnt. Links of the hints are left out: they have no time, and the next run has its own.</summary>
    public DelegationSnapshot ToSnapshot()
    {
        List<DelegationSnapshot.Server> servers = [];
        List<DelegationSnapshot.Zone> zones = [];
        int[] numbers = new int[_names.Count];
        for (int id = 0; id < _names.Count; id++)
        {
            if (!_nodes[id].IsServer) continue;
            List<(HostAddress, long, long)> addresses = [];
            for (int i = _nodes[id].FirstAddress; i >= 0; i = _addresses[i].Next)
            {
                if (_addresses[i].Last != Forever) addresses.Add((_addresses[i].Address, _addresses[i].First, _addresses[i].Last));
            }

            numbers[id] = servers.Count;
            servers.Add(new(NameOf(id), addresses));
        }

        for (int id = 0; id < _names.Count; id++)
        {
            List<(int, long, long)> of = [];
            for (int i = _nodes[id].FirstServer; i >= 0; i = _servers[i].Next)
            {
                if (_servers[i].Last != Forever) of.Add((numbers[_servers[i].Server], _servers[i].First, _servers[i].Last));
            }

            if (of.Count > 0) zones.Add(new(NameOf(id), of));
        }

        return DelegationSnapshot.Create(servers, zones);
    }

    /// <summary>Takes over what another run has learnt, as far as there is room.</summary>
    private void Restore(DelegationSnapshot snapshot)
    {
        int[] ids = new int[snapshot.Servers.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            DelegationSnapshot.Server server = snapshot.Servers[i];
            ids[i] = -1;
            if (IsFull()) continue;
            ids[i] = Intern(server.Name.Wire, OctetHash.Compute(server.Name.Wire), LatestOf(server.Addresses));
            foreach ((HostAddress address, long first, long last) in Enumerable.Reverse(server.Addresses)) // links are put in front
            {
                if (FindAddress(ids[i], address) < 0) AddAddress(ids[i], address, first, last);
            }
        }

        foreach (DelegationSnapshot.Zone zone in snapshot.Zones)
        {
            if (IsFull()) continue;
            int id = Intern(zone.Name.Wire, OctetHash.Compute(zone.Name.Wire), 0);
            Use(id, LatestOf(zone.Servers)); // it may be a server's name, too
            foreach ((int server, long first, long last) in Enumerable.Reverse(zone.Servers))
            {
                if (ids[server] >= 0 && FindServer(id, ids[server]) < 0) AddServer(id, ids[server], first, last);
            }
        }
    }

    private bool IsFull()
    {
        if (HasRoom) return false;
        Forgotten++;
        return true;
    }

    private static long LatestOf<T>(IReadOnlyList<(T, long First, long Last)> links) => links.Count == 0 ? 0 : links.Max(link => link.Last);

    private DomainName NameOf(int id)
    {
        bool isName = DomainName.TryFromWire(_names[id], out DomainName name);
        Debug.Assert(isName, "the arena holds whole names only");
        return name;
    }
}
