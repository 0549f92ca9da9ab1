namespace PassiveDns.Analysis;

/// <summary>Which tracks of a history tell of its hosting, and when they changed.</summary>
internal static class HostingTracks
{
    /// <summary>Of each owner its aliases, and its addresses in the family that changed more often; as the zone itself says it, not the parent's glue.</summary>
    public static IEnumerable<RrsetTrack> Of(IReadOnlyList<RrsetTrack> tracks)
    {
        foreach (IGrouping<DomainName, RrsetTrack> owner in tracks.GroupBy(static track => track.Owner))
        {
            if (Deepest(owner, RecordType.CNAME) is { } alias) yield return alias;
            RrsetTrack? four = Deepest(owner, RecordType.A), six = Deepest(owner, RecordType.AAAA);
            if (four is not null && (six is null || Changes([four]).Count >= Changes([six]).Count)) yield return four;
            else if (six is not null) yield return six;
        }
    }

    /// <summary>
    /// When what the owners led to changed: the first sighting of each new value. An owner's alias and its addresses take turns (RFC 1034 section 3.6.2), so they are one sequence.
    /// </summary>
    public static List<long> Changes(IEnumerable<RrsetTrack> tracks)
    {
        List<long> changes = [];
        foreach (IGrouping<DomainName, RrsetTrack> owner in tracks.GroupBy(static track => track.Owner))
        {
            RrsetState? before = null;
            foreach (RrsetRun run in owner.SelectMany(static track => track.Runs).Where(static run => !run.IsBeside && !run.State.IsAbsence).OrderBy(static run => run.First))
            {
                if (before is not null && !ReferenceEquals(before, run.State)) changes.Add(run.First); // what went and came back is no other hosting
                before = run.State;
            }
        }

        return changes;
    }

    /// <summary>When the name servers changed: as the parent says it, or the zone if the parent was not seen.</summary>
    public static List<long> NameServerChanges(IReadOnlyList<RrsetTrack> tracks)
    {
        List<long> changes = [];
        foreach (IGrouping<DomainName, RrsetTrack> zone in tracks.Where(static track => track.Type == RecordType.NS).GroupBy(static track => track.Owner))
        {
            RrsetTrack side = zone.OrderBy(static track => track.Side == UseSide.Parent ? 0 : 1).ThenByDescending(static track => track.Zone.LabelCount).First();
            changes.AddRange(Changes([side]));
        }

        return changes;
    }

    /// <summary>The name servers, and when they were that.</summary>
    public static SortedDictionary<DomainName, Presence> NameServers(IReadOnlyList<RrsetTrack> tracks)
    {
        SortedDictionary<DomainName, Presence> servers = [];
        foreach (RrsetState state in tracks.Where(static track => track.Type == RecordType.NS).SelectMany(static track => track.States))
        {
            foreach (Rdata rdata in state.Values)
            {
                if (DomainName.TryFromWire(rdata.Canonical, out DomainName server)) servers[server] = servers.GetValueOrDefault(server, Presence.Never).Unite(state.Presence);
            }
        }

        return servers;
    }

    private static RrsetTrack? Deepest(IEnumerable<RrsetTrack> tracks, RecordType type) => tracks.Where(track => track.Type == type).MaxBy(static track => track.Zone.LabelCount);
}
