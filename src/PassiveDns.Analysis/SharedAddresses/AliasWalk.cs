namespace PassiveDns.Analysis;

/// <summary>
/// Finds the names that lead to others by CNAME: a temporal join. A link counts only while what it leads to was there too, so a name whose alias was moved away
/// before its target came to an address has nothing to do with the address.
/// </summary>
internal sealed class AliasWalk(EvidenceReader evidence, AnalysisOptions options, TimeWindow window)
{
    /// <summary>Resolvers follow no more links than this in practice.</summary>
    public const int MaxDepth = 16;

    /// <summary>Whether the last walk found more names than it was to keep.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Finds the names that lead to any of these, nearest first, each name once for each path that it has at different times.</summary>
    public async ValueTask<List<AddressName>> FindAsync(IReadOnlyList<AddressName> holders, int most, CancellationToken cancellationToken)
    {
        IsCut = false;
        List<AddressName> found = [];
        Dictionary<DomainName, Presence> known = [];
        foreach (AddressName holder in holders) known[holder.Name] = holder.Presence;
        List<AddressName> nearest = [.. holders];
        for (int depth = 1; depth <= MaxDepth && nearest.Count > 0 && !IsCut; depth++)
        {
            List<AddressName> next = [];
            foreach (AddressName target in nearest)
            {
                ObservationQuery links = new(new QueryAnchor.Target(target.Name)) { Types = TypeSelection.Of(RecordType.CNAME), Time = window.Filter };
                await foreach (Observation link in evidence.ReadAsync(links, cancellationToken).ConfigureAwait(false))
                {
                    Presence presence = Presence.Of(link.History).Intersect(target.Presence);
                    Presence before = known.GetValueOrDefault(link.RrName, Presence.Never);
                    if (presence.IsEmpty || presence.Intersect(before) == presence) continue; // a loop, or nothing new
                    if (found.Count >= most)
                    {
                        IsCut = true;
                        return found;
                    }

                    known[link.RrName] = before.Unite(presence);
                    AddressName name = new()
                    {
                        Name = link.RrName,
                        RegistrableDomain = options.RegistrableDomain(link.RrName),
                        Presence = presence,
                        Count = link.History.Count,
                        Aliases = [target.Name, .. target.Aliases],
                        Evidence = [link, .. target.Evidence],
                    };
                    found.Add(name);
                    next.Add(name);
                }
            }

            nearest = next;
        }

        return found;
    }
}
