using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>Whose SPF record let an address send mail, as of a time: SPF in reverse.</summary>
/// <param name="reader">The store.</param>
/// <param name="options">What all analyses share.</param>
public sealed class SpfAuthorisations(IObservationReader reader, AnalysisOptions? options = null)
{
    private readonly AnalysisOptions _options = options ?? new();

    /// <summary>
    /// Finds the domains whose record passes the address, in the order of the records. Each text record of the store is looked at, and the addresses that <c>a</c> and <c>mx</c> mean
    /// are those that were observed. Domains of which that cannot be told without a message or without data that was not observed are left out.
    /// </summary>
    /// <param name="address">The address; one that maps an IPv4 address counts as that.</param>
    /// <param name="window">The time that is meant: see <see cref="MailQuery.Window"/>.</param>
    /// <exception cref="ArgumentException">The window is none.</exception>
    public AnswerStream<SpfAuthorisation> Find(HostAddress address, TimeWindow? window = null)
    {
        TimeWindow asked = window ?? TimeWindow.Always;
        asked.Validate();
        return new(() => new(reader, _options), (evidence, cancellationToken) => WalkAsync(Unmapped(address), asked, evidence, cancellationToken));
    }

    private async IAsyncEnumerable<SpfAuthorisation> WalkAsync(HostAddress address, TimeWindow window, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        MailRecords records = new(evidence, _options, window);
        SpfEvaluator evaluator = new(records, address);
        HashSet<DomainName> told = [];
        ObservationQuery texts = new(new QueryAnchor.RawRdata(RecordType.TXT, default, IsPrefix: true)) { Time = TimeFilter.Overlapping(window.From, window.To) };
        await foreach (Observation row in evidence.ReadAsync(texts, cancellationToken).ConfigureAwait(false))
        {
            string text = TextRecord.Join(row.Rdata[0].Canonical);
            if (!SpfRecord.IsMeant(text) || told.Contains(row.RrName) || !SpfRecord.TryParse(text, out SpfRecord? record, out _)) continue;
            SpfEvaluator.Outcome outcome = await evaluator.EvaluateAsync(row.RrName, record!, cancellationToken).ConfigureAwait(false);
            if (outcome.Result != SpfResult.Pass) continue;

            // The record may have been another one at the time.
            Publication<SpfRecord> spf = await records.SpfAsync(row.RrName, cancellationToken).ConfigureAwait(false);
            if (spf.State != PublicationState.Published || spf.Texts[0] != text) continue;
            told.Add(row.RrName);
            yield return new()
            {
                Name = row.RrName,
                RegistrableDomain = _options.RegistrableDomain(row.RrName),
                Path = outcome.Path,
                Spf = spf,
                Evidence = await evaluator.EvidenceAsync(outcome.Path, cancellationToken).ConfigureAwait(false),
            };
        }
    }

    internal static HostAddress Unmapped(HostAddress address)
    {
        if (address.IsIPv4) return address;
        Span<byte> octets = stackalloc byte[16];
        address.CopyTo(octets);
        return octets[..10].ContainsAnyExcept((byte)0) || octets[10] != 0xFF || octets[11] != 0xFF ? address : HostAddress.FromBytes(octets[12..]);
    }
}
