using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>Who shares this address or range.</summary>
/// <param name="reader">The store.</param>
/// <param name="options">What all analyses share.</param>
public sealed class SharedAddresses(IObservationReader reader, AnalysisOptions? options = null)
{
    private readonly AnalysisOptions _options = options ?? new();

    /// <summary>Finds the names, address by address in rising order.</summary>
    /// <param name="query">The question.</param>
    /// <exception cref="ArgumentException">The range or the window is none.</exception>
    public AnswerStream<AddressShare> Find(SharedAddressQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Validate();
        return new(() => new(reader, _options), (evidence, cancellationToken) => WalkAsync(query, evidence, cancellationToken));
    }

    private async IAsyncEnumerable<AddressShare> WalkAsync(SharedAddressQuery query, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObservationQuery rows = new(new QueryAnchor.AddressRange(query.First, query.Last)) { Time = query.Window.Filter };
        AliasWalk aliases = new(evidence, _options, query.Window);
        SortedDictionary<HostAddress, List<AddressName>> hints = query.IncludeHints
            ? await ServiceHints.ReadAsync(evidence, query, _options, cancellationToken).ConfigureAwait(false)
            : [];
        AddressHolders? holders = null;
        await foreach (Observation row in evidence.ReadAsync(rows, cancellationToken).ConfigureAwait(false))
        {
            if (!RecordData.TryGetAddress(row.Type, row.Rdata[0].Canonical, out HostAddress address)) continue;
            if (holders?.Address != address)
            {
                if (holders is not null) yield return await CloseAsync(holders, hints, aliases, query, cancellationToken).ConfigureAwait(false);
                while (hints.Count > 0 && hints.First().Key < address)
                {
                    yield return await CloseAsync(new(hints.First().Key, query, _options), hints, aliases, query, cancellationToken).ConfigureAwait(false);
                }

                holders = new(address, query, _options);
            }

            holders.Add(row);
        }

        if (holders is not null) yield return await CloseAsync(holders, hints, aliases, query, cancellationToken).ConfigureAwait(false);
        while (hints.Count > 0) yield return await CloseAsync(new(hints.First().Key, query, _options), hints, aliases, query, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<AddressShare> CloseAsync(
        AddressHolders holders, SortedDictionary<HostAddress, List<AddressName>> hints, AliasWalk aliases, SharedAddressQuery query, CancellationToken cancellationToken)
    {
        ImmutableArray<AddressName> names = holders.Names();
        if (hints.Remove(holders.Address, out List<AddressName>? hinted)) names = names.AddRange(hinted);
        Degree degree = holders.Degree();
        bool follows = query.IncludeAliases && degree.Class != DegreeClass.Mass;
        if (follows) names = names.AddRange(await aliases.FindAsync(names, Math.Max(0, query.MaxNamesPerAddress - names.Length), cancellationToken).ConfigureAwait(false));
        return new()
        {
            Address = holders.Address,
            Degree = degree,
            Facts = _options.Enrichment?.Find(holders.Address, holders.LastSeen),
            Names = names,
            IsCut = holders.IsCut || (follows && aliases.IsCut),
            AreAliasesIncluded = follows,
        };
    }
}
