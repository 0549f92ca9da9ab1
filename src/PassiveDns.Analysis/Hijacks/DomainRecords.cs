namespace PassiveDns.Analysis;

/// <summary>
/// The rows of one registrable domain as they pass by in the order of names. What is kept is bounded: the rows of one name, some deviations, and the zones
/// above the name at hand.
/// </summary>
internal sealed class DomainRecords(DomainName domain, HijackQuery query, AnalysisOptions options, HijackOptions hijack, long intervalGap, long asOf)
{
    /// <summary>A name with more rows of one sort rotates; nothing can be said of it.</summary>
    private const int MaxRows = 256;

    private const int MaxDeviations = 1024;
    private const int MaxContacts = 8;
    private const int MaxServers = 256;
    private const int MinReferrals = 3;
    private const long DsMemory = 30 * 86_400;

    private readonly DeviationFinder _finder = new(options, hijack, intervalGap);
    private readonly List<Deviation> _deviations = [];
    private readonly HashSet<DomainName> _contacts = [];
    private readonly HashSet<DomainName> _servers = [];
    private readonly Stack<LameZone> _zones = new();
    private readonly List<Observation> _delegation = [], _glue = [], _hosting = [], _mail = [], _ds = [];
    private readonly int _labels = domain.LabelCount;
    private readonly bool _isSuffix = options.PublicSuffixes.RegistrableLabels(domain, includePrivate: true) == 0; // what it answers stands in the records of other domains
    private DomainName _owner = domain;

    /// <summary>The domain.</summary>
    public DomainName Domain { get; } = domain;

    /// <summary>What was released and claimed again.</summary>
    public List<ReleasedTarget> Released { get; } = [];

    /// <summary>Zones that never answered.</summary>
    public List<LameZone> Lame { get; } = [];

    /// <summary>Takes the next row.</summary>
    public void Add(Observation row)
    {
        if (row.RrName != _owner)
        {
            CloseName();
            _owner = row.RrName;
            while (_zones.TryPeek(out LameZone? left) && !_owner.IsAtOrUnder(left.Name)) CloseZone();
        }

        switch (row.Type)
        {
            case RecordType.NS:
                Keep(_delegation, row);
                if (_servers.Count < MaxServers) _servers.UnionWith(NameServerSet.Of(row).Servers.Where(server => server.IsAtOrUnder(Domain)));
                if (!_isSuffix && row.Bailiwick != row.RrName && (!_zones.TryPeek(out LameZone? zone) || zone.Name != row.RrName)) OpenZone(row.RrName);
                break;
            case RecordType.A or RecordType.AAAA when row.Bailiwick.LabelCount < _labels && _servers.Contains(row.RrName):
                Keep(_glue, row);
                break;
            case RecordType.A or RecordType.AAAA or RecordType.CNAME:
                Keep(_hosting, row);
                break;
            case RecordType.MX:
                Keep(_mail, row);
                break;
            case RecordType.DS:
                Keep(_ds, row);
                break;
            case RecordType.SOA when _contacts.Count < MaxContacts && row.History.LastSeen - row.History.FirstSeen > hijack.MaxSeconds && SoaContact.TryRead(row, out DomainName contact):
                _contacts.Add(contact);
                break;
        }

        foreach (LameZone zone in _zones) zone.Add(row, query.Window);
    }

    /// <summary>Ends the domain and tells what belongs together.</summary>
    public List<Incident> Close()
    {
        CloseName();
        while (_zones.Count > 0) CloseZone();
        List<Incident> incidents = [];
        foreach (Deviation deviation in _deviations.OrderBy(static deviation => deviation.Role).ThenBy(static deviation => deviation.Interval.FirstSeen))
        {
            if (incidents.Find(incident => Belongs(deviation, incident)) is { } known) known.Add(deviation);
            else incidents.Add(new(Domain, deviation) { Contacts = _contacts, AsOf = asOf });
        }

        return incidents.FindAll(incident => query.Wants(incident.Kind) && incident.Time.First <= query.Window.To && incident.Time.Last >= query.Window.From);
    }

    private bool Belongs(Deviation deviation, Incident incident)
    {
        if (!incident.IsAt(deviation.Stretch, intervalGap)) return false;
        Deviation first = incident.Deviations[0];
        return deviation.Role switch
        {
            DeviationRole.Delegation => false, // two zones that change at once are two
            DeviationRole.Glue => incident.IsDelegation,
            _ when incident.IsDelegation => first.Role == DeviationRole.Glue || deviation.Owner.IsAtOrUnder(first.Owner),
            _ => incident.Deviations.Exists(other => other.Units.Intersect(deviation.Units).Any()),
        };
    }

    private static void Keep(List<Observation> rows, Observation row)
    {
        if (rows.Count <= MaxRows) rows.Add(row);
    }

    private void CloseName()
    {
        foreach (Deviation deviation in Find(DeviationRole.Delegation, _delegation))
        {
            deviation.HasDsChange = HasDsChange(deviation.Stretch);
            _deviations.Add(deviation);
        }

        _deviations.AddRange(Find(DeviationRole.Glue, _glue));
        _deviations.AddRange(Find(DeviationRole.Hosting, _hosting));
        _deviations.AddRange(Find(DeviationRole.Mail, _mail));
        if (query.Wants(HijackKind.SubdomainTakeover) && _hosting.Count <= MaxRows && ReleasedTarget.Find(_owner, _hosting, hijack) is { } released
            && released.Silence.Last <= query.Window.To && released.LastSeen >= query.Window.From && Released.Count < MaxDeviations) Released.Add(released);
        foreach (List<Observation> rows in (ReadOnlySpan<List<Observation>>)[_delegation, _glue, _hosting, _mail, _ds]) rows.Clear();
        if (_deviations.Count <= 2 * MaxDeviations) return;
        _deviations.Sort(static (a, b) => Worth(b).CompareTo(Worth(a)));
        _deviations.RemoveRange(MaxDeviations, _deviations.Count - MaxDeviations);
    }

    private static double Worth(Deviation deviation) => deviation.Value + (deviation.Role is DeviationRole.Delegation or DeviationRole.Glue ? 1 : 0);

    private IEnumerable<Deviation> Find(DeviationRole role, List<Observation> rows) => rows.Count is < 2 or > MaxRows ? [] : _finder.Find(_owner, role, rows);

    private void OpenZone(DomainName name)
    {
        LameZone zone = new(name);
        foreach (Observation before in _hosting) zone.Add(before, query.Window); // in the order of types addresses come first
        _zones.Push(zone);
    }

    private void CloseZone()
    {
        LameZone zone = _zones.Pop();
        if (!zone.HasAnswered && zone.Referrals >= MinReferrals && query.Wants(HijackKind.LameDelegation) && Lame.Count < MaxDeviations) Lame.Add(zone);
    }

    private bool HasDsChange(TimeStretch time)
    {
        (long first, long last) = time;
        bool wasThere = false, isThere = false, isOther = false;
        foreach (Observation row in _ds)
        {
            bool isBrief = row.History.LastSeen - row.History.FirstSeen <= hijack.MaxSeconds;
            foreach (SightingInterval interval in row.History.Intervals)
            {
                if (isBrief && interval.First <= last && interval.Last >= first && interval.First >= first - intervalGap) isOther = true;
                if (!isBrief && interval.First < first && interval.Last >= first - DsMemory) wasThere = true;
                if (!isBrief && interval.First <= last && interval.Last >= first) isThere = true;
            }
        }

        return isOther || (wasThere && (!isThere || IsDsDenied(time)));
    }

    // A DS that was gone for less than the interval gap leaves no trace in its row, but the parent's servers may have said so.
    private bool IsDsDenied(TimeStretch time) => options.Negatives is { } negatives
        && _ds.Select(static row => row.Bailiwick).Distinct().Any(parent => negatives.Find(_owner, RecordType.DS, parent).Any(denial => denial.First <= time.Last && denial.Last >= time.First));
}
