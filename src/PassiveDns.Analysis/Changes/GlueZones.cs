namespace PassiveDns.Analysis;

/// <summary>
/// Tells glue: an address that a zone gives for a name below one of its delegations (RFC 1034 section 4.2.1). It can differ from what the child says, and changing it alone moves a zone's traffic.
/// </summary>
internal sealed class GlueZones(EvidenceReader evidence)
{
    private readonly Dictionary<(DomainName Cut, DomainName Zone), bool> _delegations = [];

    /// <summary>Whether a zone that holds addresses of a name has delegated it, or something above it.</summary>
    public async ValueTask<bool> IsGlueAsync(DomainName name, DomainName zone, CancellationToken cancellationToken)
    {
        for (int labels = name.LabelCount; labels > zone.LabelCount; labels--)
        {
            if (await IsDelegatedAsync(name.Ancestor(labels), zone, cancellationToken).ConfigureAwait(false)) return true;
        }

        return false;
    }

    private async ValueTask<bool> IsDelegatedAsync(DomainName cut, DomainName zone, CancellationToken cancellationToken)
    {
        if (_delegations.TryGetValue((cut, zone), out bool known)) return known;
        const int Most = 4096; // names of one zone follow each other: few suffice
        if (_delegations.Count >= Most) _delegations.Clear();
        ObservationQuery query = new(new QueryAnchor.OwnerName(cut)) { Types = TypeSelection.Of(RecordType.NS), Bailiwick = zone };
        await foreach (Observation _ in evidence.SampleAsync(query, 1, cancellationToken).ConfigureAwait(false)) known = true;
        return _delegations[(cut, zone)] = known;
    }
}
