using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>Gathers the rows of one address, which come in the order of their owners.</summary>
internal sealed class AddressHolders(HostAddress address, SharedAddressQuery query, AnalysisOptions options)
{
    private readonly List<AddressName> _names = [];
    private readonly List<Observation> _evidence = [];
    private readonly HashSet<DomainName> _domains = [];
    private DomainName _owner;
    private Presence _presence = Presence.Never;
    private long _count;
    private long _total;

    public HostAddress Address => address;

    public bool IsCut { get; private set; }

    public long LastSeen { get; private set; } = long.MinValue;

    /// <summary>Takes a row. An owner can have several: one for each bailiwick and provenance.</summary>
    public void Add(Observation row)
    {
        Presence presence = Presence.Of(row.History).Intersect(query.Window.Presence);
        if (presence.IsEmpty) return;
        if (_evidence.Count > 0 && row.RrName != _owner) CloseOwner();
        _owner = row.RrName;
        _presence = _presence.Unite(presence);
        foreach (SightingInterval interval in row.History.Intervals)
        {
            // The responses of an interval that the window cuts cannot be told apart; all of them count.
            if (interval.First <= query.Window.To && interval.Last >= query.Window.From) _count = SightingMerge.AddCounts(_count, interval.Count);
        }

        _evidence.Add(row);
        LastSeen = Math.Max(LastSeen, presence.Last);
    }

    public ImmutableArray<AddressName> Names()
    {
        CloseOwner();
        return [.. _names];
    }

    public Degree Degree() => Analysis.Degree.Of(_total, _domains.Count, options.Degree);

    private void CloseOwner()
    {
        if (_evidence.Count == 0) return;
        DomainName domain = options.RegistrableDomain(_owner);
        _domains.Add(domain);
        _total++;
        if (_names.Count < query.MaxNamesPerAddress)
        {
            _names.Add(new() { Name = _owner, RegistrableDomain = domain, Presence = _presence, Count = _count, Evidence = [.. _evidence] });
        }
        else
        {
            IsCut = true;
        }

        _evidence.Clear();
        _presence = Presence.Never;
        _count = 0;
    }
}
