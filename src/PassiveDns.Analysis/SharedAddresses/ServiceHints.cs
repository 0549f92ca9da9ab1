namespace PassiveDns.Analysis;

/// <summary>
/// The names whose HTTPS and SVCB records hint at addresses in a range. No store has an index of them, so all such rows are read: for questions that ask for it.
/// </summary>
internal static class ServiceHints
{
    /// <summary>Reads all hints into a range, by address.</summary>
    public static async ValueTask<SortedDictionary<HostAddress, List<AddressName>>> ReadAsync(
        EvidenceReader evidence, SharedAddressQuery query, AnalysisOptions options, CancellationToken cancellationToken)
    {
        SortedDictionary<HostAddress, List<AddressName>> hints = [];
        ObservationQuery rows = new(new QueryAnchor.Everything()) { Types = TypeSelection.Of(RecordType.HTTPS, RecordType.SVCB), Time = query.Window.Filter };
        await foreach (Observation row in evidence.ReadAsync(rows, cancellationToken).ConfigureAwait(false))
        {
            Presence presence = Presence.Of(row.History).Intersect(query.Window.Presence);
            IEnumerable<HostAddress> addresses = row.Rdata.SelectMany(rdata => RecordData.GetAddressHints(row.Type, rdata.Canonical)).Distinct();
            foreach (HostAddress address in addresses.Where(address => address >= query.First && address <= query.Last))
            {
                if (!hints.TryGetValue(address, out List<AddressName>? names)) hints.Add(address, names = []);
                if (names.Count >= query.MaxNamesPerAddress)
                {
                    evidence.Note(Completeness.Truncated);
                    continue;
                }

                names.Add(new()
                {
                    Name = row.RrName,
                    RegistrableDomain = options.RegistrableDomain(row.RrName),
                    IsHint = true,
                    Presence = presence,
                    Count = row.History.Count,
                    Evidence = [row],
                });
            }
        }

        return hints;
    }
}
