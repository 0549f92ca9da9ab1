using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>
/// What is known of zones, their name servers and the servers' addresses: built from the root hints and from verified data alone, and bounded.
/// It answers the one question of bailiwick verification: for which enclosing zone does this address speak?
/// </summary>
internal sealed partial class DelegationCache
{
    /// <summary>The most servers of a zone and the most addresses of a server: far more than any real one, so that rotating lies stay bounded.</summary>
    private const int MaxLinks = 64;

    /// <summary>Seeing the same set again within so many seconds teaches nothing new: what is at stake are days.</summary>
    private const long Repetition = 600;

    private const long Forever = long.MaxValue / 2;

    private readonly long _grace;
    private readonly long _retro;
    private readonly int _maxNames;
    private readonly List<HostAddress> _news;
    private readonly VerdictMemo _memo = new();
    private NameArena _names;
    private Node[] _nodes = new Node[1024];
    private ServerLink[] _servers = new ServerLink[1024];
    private AddressLink[] _addresses = new AddressLink[1024];
    private int _lastZone;
    private HostAddress _lastServer;
    private int _lastServerHash;
    private long _lastTime = long.MinValue;
    private int _serverCount;
    private int _addressCount;

    /// <param name="hints">What is never forgotten.</param>
    /// <param name="grace">Seconds that a link stays good after it was last seen.</param>
    /// <param name="retro">Seconds that a link is good before it was first seen.</param>
    /// <param name="maxNames">The most names.</param>
    /// <param name="news">Receives each address that begins to speak for a zone.</param>
    public DelegationCache(RootHints hints, long grace, long retro, int maxNames, List<HostAddress> news)
    {
        _grace = grace;
        _retro = retro;
        _maxNames = maxNames;
        _news = news;
        _names = new(1024);
        foreach ((DomainName zone, DomainName server) in hints.Servers)
        {
            int node = Intern(zone.Wire, OctetHash.Compute(zone.Wire), Forever);
            AddServer(node, Intern(server.Wire, OctetHash.Compute(server.Wire), Forever), 0, Forever);
        }

        foreach ((DomainName server, HostAddress address) in hints.Addresses)
        {
            AddAddress(Intern(server.Wire, OctetHash.Compute(server.Wire), Forever), address, 0, Forever);
        }
    }

    /// <summary>What a search for the name of this hash will read first; see <see cref="SightingTable.TouchSlot"/>.</summary>
    public ulong Touch(ulong nameHash) => _names.Touch(nameHash);

    /// <summary>The names known.</summary>
    public int Count => _names.Count;

    /// <summary>How many names had to leave because the cache was full.</summary>
    public long Forgotten { get; private set; }

    /// <summary>
    /// Looks for the closest zone, from the ancestor of <paramref name="owner"/> with <paramref name="labels"/> labels upwards, for which the server
    /// spoke at that time.
    /// </summary>
    /// <param name="owner">A name.</param>
    /// <param name="labels">Where the walk starts.</param>
    /// <param name="server">The server.</param>
    /// <param name="time">The time.</param>
    /// <param name="node">The number of the owner itself if it was met on the walk, else -1: good until something is learnt.</param>
    /// <returns>The label count of the zone, or -1.</returns>
    public int FindZone(NameView owner, int labels, HostAddress server, long time, out int node)
    {
        node = -1;
        bool isSameServer = _lastServer == server;
        if (!isSameServer) (_lastServer, _lastServerHash) = (server, server.GetHashCode());
        bool isSameResponse = isSameServer && _lastTime == time;
        ReadOnlySpan<byte> lastZone = isSameResponse ? _names[_lastZone] : default;
        ReadOnlySpan<byte> suffix = owner.Suffix(labels);
        for (int k = labels; ; k--)
        {
            // the RRsets of one response mostly lie in one zone; what is learnt in between can only add to what is true
            bool isLastZone = isSameResponse && suffix.SequenceEqual(lastZone);
            int zone = isLastZone ? _lastZone : _names.Find(k == owner.Labels ? owner.Hash : OctetHash.Compute(suffix), suffix);
            if (k == owner.Labels) node = zone;
            if (isLastZone) return k;
            if (zone >= 0 && _nodes[zone].FirstServer >= 0 && Speaks(zone, server, time))
            {
                if (_nodes[zone].LastUsed < time) _nodes[zone].LastUsed = time;
                (_lastZone, _lastTime) = (zone, time);
                return k;
            }

            if (k == 0)
            {
                if (!isSameServer) _lastTime = long.MinValue; // the last zone is not known to be this server's
                return -1;
            }

            suffix = suffix[(suffix[0] + 1)..];
        }
    }

    /// <summary>Whether the name is known as that of a name server.</summary>
    /// <param name="node">The number of the name, or -1.</param>
    public bool IsServerName(int node) => node >= 0 && _nodes[node].IsServer;

    /// <summary>Learns an NS set that was verified.</summary>
    /// <param name="zone">Its owner.</param>
    /// <param name="node">The number of the owner, if <see cref="FindZone"/> has just given it.</param>
    /// <param name="rdata">The canonical NS set.</param>
    /// <param name="rdataHash">The hash of the set.</param>
    /// <param name="time">When it was seen.</param>
    public void LearnServers(NameView zone, int node, RdataSet rdata, ulong rdataHash, long time)
    {
        int id = Use(zone, node, time);
        if (IsRepetition(ref _nodes[id].Servers, rdataHash, time)) return;
        foreach (ReadOnlySpan<byte> target in rdata)
        {
            int server = Intern(target, OctetHash.Compute(target), time);
            int link = FindServer(id, server);
            if (link >= 0)
            {
                if (Extend(ref _servers[link].First, ref _servers[link].Last, time)) Announce(server);
            }
            else
            {
                AddServer(id, server, time, time);
                Announce(server);
            }
        }
    }

    /// <summary>Learns the addresses of a name server that were verified.</summary>
    /// <param name="server">The name server.</param>
    /// <param name="node">The number of the name server, if <see cref="FindZone"/> has just given it.</param>
    /// <param name="type">A or AAAA.</param>
    /// <param name="rdata">The canonical set.</param>
    /// <param name="rdataHash">The hash of the set.</param>
    /// <param name="time">When it was seen.</param>
    public void LearnAddresses(NameView server, int node, RecordType type, RdataSet rdata, ulong rdataHash, long time)
    {
        int id = Use(server, node, time);
        if (IsRepetition(ref type == RecordType.A ? ref _nodes[id].Addresses4 : ref _nodes[id].Addresses6, rdataHash, time)) return;
        foreach (ReadOnlySpan<byte> octets in rdata)
        {
            HostAddress address = HostAddress.FromBytes(octets);
            int link = FindAddress(id, address);
            if (link >= 0)
            {
                if (Extend(ref _addresses[link].First, ref _addresses[link].Last, time)) _news.Add(address);
            }
            else
            {
                AddAddress(id, address, time, time);
                _news.Add(address);
            }
        }
    }

    private bool Speaks(int zone, HostAddress server, long time)
    {
        if (_memo.Holds(zone, server, _lastServerHash, time)) return true;
        for (int i = _nodes[zone].FirstServer; i >= 0; i = _servers[i].Next)
        {
            ref readonly ServerLink link = ref _servers[i];
            if (time < link.First - _retro || time > link.Last + _grace) continue;
            for (int j = _nodes[link.Server].FirstAddress; j >= 0; j = _addresses[j].Next)
            {
                ref readonly AddressLink address = ref _addresses[j];
                if (address.Address != server || time < address.First - _retro || time > address.Last + _grace) continue;
                _memo.Keep(
                    zone, server, _lastServerHash, Math.Max(link.First, address.First) - _retro, Math.Min(link.Last, address.Last) + _grace);
                return true;
            }
        }

        return false;
    }

    /// <summary>Widens the time of a link. Returns whether data that waits may be verified by that.</summary>
    private bool Extend(ref long first, ref long last, long time)
    {
        bool isNews = time > last + _grace || time < first;
        if (time < first) first = time;
        if (time > last) last = time;
        return isNews;
    }

    private static bool IsRepetition(ref LastSet last, ulong hash, long time)
    {
        if (last.Hash == hash && time >= last.Time && time - last.Time < Repetition) return true;
        last = new(hash, time);
        return false;
    }

    private void Announce(int server)
    {
        for (int j = _nodes[server].FirstAddress; j >= 0; j = _addresses[j].Next) _news.Add(_addresses[j].Address);
    }

    private int FindServer(int zone, int server)
    {
        for (int i = _nodes[zone].FirstServer; i >= 0; i = _servers[i].Next)
        {
            if (_servers[i].Server == server) return i;
        }

        return -1;
    }

    private int FindAddress(int server, HostAddress address)
    {
        for (int i = _nodes[server].FirstAddress; i >= 0; i = _addresses[i].Next)
        {
            if (_addresses[i].Address == address) return i;
        }

        return -1;
    }

    private void AddServer(int zone, int server, long first, long last)
    {
        _nodes[server].IsServer = true;
        int count = 0;
        int oldest = -1;
        for (int i = _nodes[zone].FirstServer; i >= 0; i = _servers[i].Next, count++)
        {
            if (oldest < 0 || _servers[i].Last < _servers[oldest].Last) oldest = i;
        }

        if (count >= MaxLinks)
        {
            _memo.Clear();
            _servers[oldest] = new() { Server = server, Next = _servers[oldest].Next, First = first, Last = last };
            return;
        }

        if (_serverCount == _servers.Length) Array.Resize(ref _servers, 2 * _serverCount);
        _servers[_serverCount] = new() { Server = server, Next = _nodes[zone].FirstServer, First = first, Last = last };
        _nodes[zone].FirstServer = _serverCount++;
    }

    private void AddAddress(int server, HostAddress address, long first, long last)
    {
        int count = 0;
        int oldest = -1;
        for (int i = _nodes[server].FirstAddress; i >= 0; i = _addresses[i].Next, count++)
        {
            if (oldest < 0 || _addresses[i].Last < _addresses[oldest].Last) oldest = i;
        }

        if (count >= MaxLinks)
        {
            _memo.Clear();
            _addresses[oldest] = new() { Address = address, Next = _addresses[oldest].Next, First = first, Last = last };
            return;
        }

        if (_addressCount == _addresses.Length) Array.Resize(ref _addresses, 2 * _addressCount);
        _addresses[_addressCount] = new() { Address = address, Next = _nodes[server].FirstAddress, First = first, Last = last };
        _nodes[server].FirstAddress = _addressCount++;
    }

    private int Use(NameView name, int node, long time)
    {
        if (MakeRoom(time) || node < 0) return Intern(name.Wire, name.Hash, time);
        if (_nodes[node].LastUsed < time) _nodes[node].LastUsed = time;
        return node;
    }

    private int Intern(ReadOnlySpan<byte> wire, ulong hash, long time)
    {
        int id = _names.Find(hash, wire);
        if (id < 0)
        {
            id = _names.Add(hash, wire);
            if (id == _nodes.Length) Array.Resize(ref _nodes, 2 * id);
            _nodes[id] = new() { FirstServer = -1, FirstAddress = -1, LastUsed = time };
        }
        else if (_nodes[id].LastUsed < time)
        {
            _nodes[id].LastUsed = time;
        }

        return id;
    }

    private readonly record struct LastSet(ulong Hash, long Time);

    [StructLayout(LayoutKind.Auto)]
    private struct ServerLink
    {
        public int Server;
        public int Next;
        public long First;
        public long Last;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct AddressLink
    {
        public HostAddress Address;
        public int Next;
        public long First;
        public long Last;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Node
    {
        public int FirstServer;
        public int FirstAddress;
        public long LastUsed;
        public bool IsServer;
        public LastSet Servers;
        public LastSet Addresses4;
        public LastSet Addresses6;
    }
}
