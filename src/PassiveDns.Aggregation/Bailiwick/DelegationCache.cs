using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>
/// What is known of zones, their name servers and the servers' addresses: built from the root hints and from verified data alone, and bounded.
/// It answers the one question of bailiwick verification: for which enclosing zone does this address speak?
/// </summary>
internal sealed partial class DelegationCache
{
    /// <summary>The most servers of a zone and the most addresses of a server: far more than any real one, so that rotating lies stay bounded.</summary>
    public const int MaxLinks = 64;

    /// <summary>Seeing a link again within so many seconds teaches nothing new, so its times are that exact: what is at stake are days.</summary>
    private const long Repetition = 600;

    private const long Forever = long.MaxValue / 2;

    private readonly long _grace;
    private readonly long _retro;
    private readonly int _maxNames;
    private readonly List<HostAddress> _news;
    private readonly VerdictMemo _memo = new();
    private readonly LessonMemo _lessons = new();
    private NameArena _names;
    private Node[] _nodes = new Node[1024];
    private int _lastZone;
    private Validity _lastValidity;
    private HostAddress _lastServer;
    private int _lastServerHash;
    private long _lastTime = long.MinValue;

    /// <param name="hints">What is never forgotten.</param>
    /// <param name="grace">Seconds that a link stays good after it was last seen.</param>
    /// <param name="retro">Seconds that a link is good before it was first seen.</param>
    /// <param name="maxNames">The most names.</param>
    /// <param name="news">Receives each address that begins to speak for a zone.</param>
    /// <param name="learnt">What another run has learnt.</param>
    public DelegationCache(RootHints hints, long grace, long retro, int maxNames, List<HostAddress> news, DelegationSnapshot learnt)
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

        Restore(learnt);
    }

    /// <summary>Sends for what a search for a name will read first.</summary>
    public void FetchSlot(ulong nameHash) => _names.FetchSlot(nameHash);

    /// <summary>Sends for what it will read then, as far as the first slot tells where that is.</summary>
    public void FetchFound(ulong nameHash)
    {
        int node = _names.FetchFound(nameHash);
        if (node >= 0) FetchNode(node);
    }

    /// <summary>The same for a name that may be the zone for which a server speaks: for what is known of both, too.</summary>
    /// <returns>The number of the name, or -1.</returns>
    public int FetchZone(ulong nameHash, int serverHash)
    {
        int node = _names.FetchFound(nameHash);
        if (node < 0) return -1;
        FetchNode(node);
        _memo.Fetch(node, serverHash);
        return node;
    }

    /// <summary>Sends for the octets of a name that was sent for.</summary>
    public void FetchName(int node) => _names.FetchOctets(node);

    /// <summary>Sends for when something was learnt last about a server.</summary>
    public void FetchChange(int serverHash) => Prefetch.Line(in _changes[serverHash & (Places - 1)]);

    /// <summary>Sends for what tells whether something can be learnt from a set.</summary>
    public void FetchLesson(ulong keyHash) => _lessons.Fetch(keyHash);

    /// <summary>Sends for what is known of a name.</summary>
    public void FetchNode(int node)
    {
        if ((uint)node < (uint)_nodes.Length) Prefetch.Line(in _nodes[node]); // the number may be one of before the cache was rebuilt
    }

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
    /// <returns>The zone; see <see cref="HoldsFor"/> for how long it stays the right one.</returns>
    public ZoneVerdict FindZone(NameView owner, int labels, HostAddress server, long time)
    {
        int node = -1;
        Validity validity = Validity.Always;
        if (_lastServer != server)
        {
            (_lastServer, _lastServerHash) = (server, server.GetHashCode());
            _lastTime = long.MinValue; // the last zone is not known to be this server's
        }

        int serverHash = _lastServerHash;
        if (time > _latest) _latest = time;
        bool isSameResponse = _lastTime == time;
        ReadOnlySpan<byte> lastZone = isSameResponse ? _names[_lastZone] : default;
        ReadOnlySpan<byte> suffix = owner.Suffix(labels);
        for (int k = labels; ; k--)
        {
            bool isLastZone = isSameResponse && suffix.SequenceEqual(lastZone); // the RRsets of one response mostly lie in one zone
            int zone = isLastZone ? _lastZone : _names.Find(k == owner.Labels ? owner.Hash : OctetHash.Compute(suffix), suffix);
            if (k == owner.Labels) node = zone;
            if (isLastZone) return new() { Labels = k, Zone = zone, Node = node, Validity = validity.And(_lastValidity) };
            if (zone >= 0 && _nodes[zone].FirstServer >= 0)
            {
                bool speaks = Speaks(zone, server, serverHash, time, out Validity ofZone);
                validity = validity.And(ofZone);
                if (speaks)
                {
                    Use(zone, time);
                    (_lastZone, _lastTime, _lastValidity) = (zone, time, ofZone);
                    return new() { Labels = k, Zone = zone, Node = node, Validity = validity };
                }
            }

            if (k == 0) return new() { Labels = -1, Zone = -1, Node = node, Validity = validity };
            suffix = suffix[(suffix[0] + 1)..];
        }
    }

    /// <summary>The label count of the closest zone, from the ancestor with so many labels upwards, whose servers are known, whoever they are.</summary>
    public int FindKnown(NameView owner, int labels)
    {
        while (labels > 0 && (_names.Find(OctetHash.Compute(owner.Suffix(labels)), owner.Suffix(labels)) is not (>= 0 and int zone) || _nodes[zone].FirstServer < 0)) labels--;
        return labels; // the root is always known
    }

    /// <summary>Whether the name is known as that of a name server.</summary>
    /// <param name="node">The number of the name, or -1.</param>
    public bool IsServerName(int node) => node >= 0 && _nodes[node].IsServer;

    /// <summary>Learns an NS set that was verified.</summary>
    /// <param name="zone">Its owner.</param>
    /// <param name="node">The number of the owner, if <see cref="FindZone"/> has just given it.</param>
    /// <param name="rdata">The canonical NS set.</param>
    /// <param name="keyHash">The hash of owner, type and set (see <see cref="SightingTable.KeyHash"/>).</param>
    /// <param name="time">When it was seen.</param>
    /// <returns>The times at which the same set would teach nothing, until <see cref="Lessons"/> changes.</returns>
    public Validity LearnServers(NameView zone, int node, RdataSet rdata, ulong keyHash, long time)
    {
        if (IsLearnt(keyHash, time, out Validity known)) return known;
        int id = MakeRoom(time) || node < 0 ? Intern(zone.Wire, zone.Hash, time) : node;
        ulong clearings = _lessons.Clearings;
        Validity sameAgain = Validity.Always;
        int above = -1;
        foreach (ReadOnlySpan<byte> target in rdata)
        {
            ulong hash = OctetHash.Compute(target);
            int server = _names.Find(hash, target);
            int at = server < 0 ? -1 : FindServer(id, server);
            if (at < 0)
            {
                if (IsCrowded(id, time, out Validity crowded))
                {
                    sameAgain = sameAgain.And(crowded);
                    continue;
                }

                if (server < 0) server = Intern(target, hash, time);
                AddServer(id, server, time, time);
                TellAddressesOf(server, id, ref above);
                sameAgain = sameAgain.And(TimesOfRepetition(time, time));
                continue;
            }

            ref ServerLink link = ref _servers[at];
            if (!TimesOfRepetition(link.First, link.Last).Contains(time))
            {
                Use(id, time);
                Use(server, time);
                if (Extend(ref link.First, ref link.Last, time)) TellAddressesOf(server, id, ref above);
            }

            sameAgain = sameAgain.And(TimesOfRepetition(link.First, link.Last));
        }

        if (clearings == _lessons.Clearings) _lessons.Keep(keyHash, sameAgain);
        return sameAgain;
    }

    /// <summary>Learns the addresses of a name server that were verified.</summary>
    /// <param name="server">The name server.</param>
    /// <param name="node">The number of the name server, if <see cref="FindZone"/> has just given it.</param>
    /// <param name="rdata">The canonical A or AAAA set.</param>
    /// <param name="keyHash">The hash of owner, type and set (see <see cref="SightingTable.KeyHash"/>).</param>
    /// <param name="time">When it was seen.</param>
    /// <returns>The times at which the same set would teach nothing, until <see cref="Lessons"/> changes.</returns>
    public Validity LearnAddresses(NameView server, int node, RdataSet rdata, ulong keyHash, long time)
    {
        if (IsLearnt(keyHash, time, out Validity known)) return known;
        int id = MakeRoom(time) || node < 0 ? Intern(server.Wire, server.Hash, time) : node;
        ulong clearings = _lessons.Clearings;
        Validity sameAgain = Validity.Always;
        foreach (ReadOnlySpan<byte> octets in rdata)
        {
            HostAddress address = HostAddress.FromBytes(octets);
            int at = FindAddress(id, address);
            if (at < 0)
            {
                if (AreCrowded(id, time, out Validity crowded))
                {
                    sameAgain = sameAgain.And(crowded);
                    continue;
                }

                AddAddress(id, address, time, time);
                Tell(address);
                sameAgain = sameAgain.And(TimesOfRepetition(time, time));
                continue;
            }

            ref AddressLink link = ref _addresses[at];
            if (!TimesOfRepetition(link.First, link.Last).Contains(time))
            {
                Use(id, time);
                if (Extend(ref link.First, ref link.Last, time)) Tell(address);
            }

            sameAgain = sameAgain.And(TimesOfRepetition(link.First, link.Last));
        }

        if (clearings == _lessons.Clearings) _lessons.Keep(keyHash, sameAgain);
        return sameAgain;
    }

    /// <summary>Whether to learn a set again would change nothing.</summary>
    /// <param name="keyHash">The hash of owner, type and set.</param>
    /// <param name="time">When it was seen.</param>
    /// <param name="times">The times for which that is so, until <see cref="Lessons"/> changes.</param>
    public bool IsLearnt(ulong keyHash, long time, out Validity times) => _lessons.TryFind(keyHash, time, out times) && HasRoom;

    /// <summary>A number that is another one after links had to make room, so that sets which taught nothing may teach again. Never 0.</summary>
    public ulong Lessons => _lessons.Clearings;

    /// <summary>Whether sets teach nothing, within the times for which that was found.</summary>
    /// <param name="lessons"><see cref="Lessons"/> when that was found.</param>
    public bool TeachNothing(ulong lessons) => lessons == _lessons.Clearings && HasRoom;

    /// <summary>Notes that a name was of use.</summary>
    /// <param name="node">Its number.</param>
    /// <param name="time">When.</param>
    public void Use(int node, long time)
    {
        if (_nodes[node].LastUsed < time) _nodes[node].LastUsed = time;
    }

    private bool Speaks(int zone, HostAddress server, int serverHash, long time, out Validity validity)
    {
        if (_memo.TryFind(zone, server, serverHash, time, out bool speaks, out ulong change, out validity)
            && (speaks ? HoldsOn(serverHash, change) : HoldsFor(serverHash, change) && HoldsForZone(serverHash, zone, change)))
        {
            return speaks;
        }

        validity = Validity.Always;
        for (int i = _nodes[zone].FirstServer; i >= 0; i = _servers[i].Next)
        {
            ref readonly ServerLink link = ref _servers[i];
            for (int j = _nodes[link.Server].FirstAddress; j >= 0; j = _addresses[j].Next)
            {
                ref readonly AddressLink address = ref _addresses[j];
                if (address.Address != server) continue;
                Validity both = new(Math.Max(link.First, address.First) - _retro, Math.Min(link.Last, address.Last) + _grace);
                if (both.Contains(time))
                {
                    validity = both;
                    _memo.Keep(zone, server, serverHash, speaks: true, Change, validity);
                    return true;
                }

                if (both.From > time) validity = validity with { To = Math.Min(validity.To, both.From - 1) };
                else validity = validity with { From = Math.Max(validity.From, both.To + 1) };
            }
        }

        _memo.Keep(zone, server, serverHash, speaks: false, Change, validity);
        return false;
    }

    /// <summary>Widens the time of a link. Returns whether data that waits may be verified by that.</summary>
    private bool Extend(ref long first, ref long last, long time)
    {
        bool isNews = time > last + _grace || time < first;
        if (time > last && last + _grace < _latest) NoteRemoval(); // data so late that it bridges a gap about which conclusions were drawn
        if (time < first) first = time;
        if (time > last) last = time;
        return isNews;
    }

    /// <summary>The times at which seeing a link again changes nothing.</summary>
    private static Validity TimesOfRepetition(long first, long last) => new(first, last + Repetition - 1);

    /// <summary>The number of a name. Being met again is no use of it yet: that is noted where a link is added or its times are moved.</summary>
    private int Intern(ReadOnlySpan<byte> wire, ulong hash, long time)
    {
        int id = _names.Find(hash, wire);
        if (id < 0)
        {
            id = _names.Add(hash, wire);
            if (id == _nodes.Length) Array.Resize(ref _nodes, 2 * id);
            _nodes[id] = new() { FirstServer = -1, FirstAddress = -1, LastUsed = time };
        }

        return id;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Node
    {
        public int FirstServer;
        public int FirstAddress;
        public long LastUsed;
        public bool IsServer;
    }
}
