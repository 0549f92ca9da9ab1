namespace PassiveDns.Capture;

/// <summary>The servers of zones that were met on walks, for the time of their TTL and a day at most, so that the root is not asked for each name again.</summary>
internal sealed class ZoneServers(IReadOnlyList<HostAddress> root, TimeProvider clock)
{
    private const int MaxZones = 10_000;
    private const int MaxServers = 26; // of one zone: the root has as many addresses, and nobody needs more

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    private readonly Dictionary<DomainName, (HostAddress[] Servers, DateTimeOffset Until)> _zones = [];

    /// <summary>The closest zone to a question whose servers are known, and its servers.</summary>
    public (DomainName Zone, IReadOnlyList<HostAddress> Servers) Closest(WatchedName question)
    {
        DateTimeOffset now = clock.GetUtcNow();
        int labels = question.Name.LabelCount - (question.Type == RecordType.DS ? 1 : 0); // the parent's data (RFC 4034 section 5)
        for (; labels > 0; labels--)
        {
            DomainName zone = question.Name.Ancestor(labels);
            if (_zones.TryGetValue(zone, out (HostAddress[] Servers, DateTimeOffset Until) known) && known.Until > now) return (zone, known.Servers);
        }

        return (DomainName.Root, root);
    }

    /// <summary>Learns the servers of a zone.</summary>
    public void Learn(DomainName zone, IReadOnlyList<HostAddress> servers, uint timeToLive)
    {
        if (_zones.Count >= MaxZones) _zones.Clear();
        TimeSpan time = TimeSpan.FromSeconds(timeToLive);
        _zones[zone] = ([.. servers.Take(MaxServers)], clock.GetUtcNow() + (time < s_longest ? time : s_longest));
    }

    /// <summary>Forgets a zone none of whose servers answers.</summary>
    public void Forget(DomainName zone) => _zones.Remove(zone);
}
