using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>
/// Evaluates records for one address (check_host, RFC 7208 section 4), as of a time and by what was observed. There is no message, so mechanisms with macros, <c>ptr</c> and
/// <c>exists</c> may match or not; if that decides, the result is <see cref="SpfResult.Unknown"/>. Limits on look-ups without an answer are not applied: what was not observed is none.
/// </summary>
internal sealed class SpfEvaluator(MailRecords records, HostAddress address)
{
    private const int MaxMailServers = 10; // section 4.6.4
    private const int MaxRemembered = 100_000;

    private readonly Dictionary<DomainName, Outcome> _included = [];

    /// <summary>A result, what it cost, and the terms that led to it.</summary>
    /// <param name="Result">The result.</param>
    /// <param name="Lookups">How many look-ups it cost.</param>
    /// <param name="Path">Domain and term, outermost first; empty if no mechanism matched.</param>
    public sealed record Outcome(SpfResult Result, int Lookups, ImmutableArray<SpfStep> Path);

    /// <summary>Evaluates the record that a domain publishes.</summary>
    public async ValueTask<Outcome> EvaluateAsync(DomainName domain, CancellationToken cancellationToken) =>
        await EvaluateAsync(domain, await records.SpfAsync(domain, cancellationToken).ConfigureAwait(false), [domain], cancellationToken).ConfigureAwait(false);

    /// <summary>Evaluates a record that is at hand.</summary>
    public ValueTask<Outcome> EvaluateAsync(DomainName domain, SpfRecord record, CancellationToken cancellationToken) => EvaluateAsync(domain, record, [domain], cancellationToken);

    /// <summary>The rows behind a path: of each record on it, and of what its last term means.</summary>
    public async ValueTask<ImmutableArray<Observation>> EvidenceAsync(ImmutableArray<SpfStep> path, CancellationToken cancellationToken)
    {
        List<Observation> rows = [];
        SpfTerm? last = null;
        foreach ((DomainName domain, string text) in path)
        {
            Publication<SpfRecord> published = await records.SpfAsync(domain, cancellationToken).ConfigureAwait(false);
            rows.AddRange(published.Evidence);
            last = published.Record?.Terms.FirstOrDefault(term => term.Text == text);
        }

        if (last is not { Kind: SpfTermKind.Address or SpfTermKind.MailServers } || !TryTarget(path[^1].Domain, last, out DomainName target)) return [.. rows];
        RecordType type = address.IsIPv4 ? RecordType.A : RecordType.AAAA;
        if (last.Kind == SpfTermKind.Address) return [.. rows, .. await records.InForceAsync(target, type, cancellationToken).ConfigureAwait(false)];
        rows.AddRange(await records.InForceAsync(target, RecordType.MX, cancellationToken).ConfigureAwait(false));
        foreach (DomainName server in await records.MailServersAsync(target, cancellationToken).ConfigureAwait(false) ?? [])
        {
            if (await HasAddressAsync(server, last, cancellationToken).ConfigureAwait(false) == true) rows.AddRange(await records.InForceAsync(server, type, cancellationToken).ConfigureAwait(false));
        }

        return [.. rows];
    }

    private async ValueTask<Outcome> EvaluateAsync(DomainName domain, Publication<SpfRecord> published, List<DomainName> path, CancellationToken cancellationToken) => published.State switch
    {
        PublicationState.Published => await EvaluateAsync(domain, published.Record!, path, cancellationToken).ConfigureAwait(false),
        PublicationState.Absent => new(SpfResult.None, 0, []),
        PublicationState.Unknown => new(SpfResult.Unknown, 0, []),
        _ => new(SpfResult.PermError, 0, []),
    };

    private async ValueTask<Outcome> EvaluateAsync(DomainName domain, SpfRecord record, List<DomainName> path, CancellationToken cancellationToken)
    {
        int lookups = 0;
        SpfResult? possible = null; // what it is if a mechanism matches of which that is not known
        SpfTerm? redirect = null;
        foreach (SpfTerm term in record.Terms)
        {
            if (term.Kind == SpfTermKind.Redirect) redirect = term;
            if (!term.IsMechanism) continue;
            if (term.CostsLookup && ++lookups > SpfGraph.MaxLookups) return new(SpfResult.PermError, lookups, []);
            (bool? isMatch, int cost, ImmutableArray<SpfStep> inner, bool isError) = await MatchAsync(domain, term, path, cancellationToken).ConfigureAwait(false);
            lookups += cost;
            if (isError || lookups > SpfGraph.MaxLookups) return new(possible is null ? SpfResult.PermError : SpfResult.Unknown, lookups, []);
            if (isMatch == false) continue;
            SpfResult result = term.Qualifier switch { SpfQualifier.Pass => SpfResult.Pass, SpfQualifier.Fail => SpfResult.Fail, SpfQualifier.SoftFail => SpfResult.SoftFail, _ => SpfResult.Neutral };
            if (possible is not null && possible != result) return new(SpfResult.Unknown, lookups, []);
            if (isMatch == true) return new(result, lookups, [new(domain, term.Text), .. inner]);
            possible = result;
        }

        Outcome end = redirect is null || record.All is not null ? new(SpfResult.Neutral, 0, []) : await RedirectAsync(domain, redirect, path, cancellationToken).ConfigureAwait(false);
        lookups += end.Lookups;
        if (lookups > SpfGraph.MaxLookups) return new(SpfResult.PermError, lookups, []);
        return new(possible is null || possible == end.Result ? end.Result : SpfResult.Unknown, lookups, end.Path);
    }

    private async ValueTask<(bool? IsMatch, int Cost, ImmutableArray<SpfStep> Inner, bool IsError)> MatchAsync(DomainName domain, SpfTerm term, List<DomainName> path, CancellationToken cancellationToken)
    {
        switch (term.Kind)
        {
            case SpfTermKind.All:
                return (true, 0, [], false);
            case SpfTermKind.Ipv4:
            case SpfTermKind.Ipv6:
                return (IsIn(term.Address!.Value, term), 0, [], false);
            case SpfTermKind.Pointer:
            case SpfTermKind.Exists:
                return (null, 0, [], false);
        }

        if (term.HasMacros) return (null, 0, [], false);
        bool isName = TryTarget(domain, term, out DomainName target);
        if (term.Kind == SpfTermKind.Include)
        {
            if (!isName || path.Contains(target) || path.Count > SpfGraph.MaxLookups) return (false, 0, [], true);
            Outcome included = await IncludedAsync(target, path, cancellationToken).ConfigureAwait(false);
            return included.Result switch // section 5.2
            {
                SpfResult.Pass => (true, included.Lookups, included.Path, false),
                SpfResult.Unknown => (null, included.Lookups, [], false),
                SpfResult.PermError or SpfResult.None => (false, included.Lookups, [], true),
                _ => (false, included.Lookups, [], false),
            };
        }

        if (!isName) return (false, 0, [], false); // section 4.8: a name that cannot be is not there
        if (term.Kind == SpfTermKind.Address) return (await HasAddressAsync(target, term, cancellationToken).ConfigureAwait(false), 0, [], false);
        if (await records.MailServersAsync(target, cancellationToken).ConfigureAwait(false) is not { } servers) return (null, 0, [], false);
        if (servers.Length > MaxMailServers) return (false, 0, [], true);
        bool? any = false;
        foreach (DomainName server in servers)
        {
            bool? has = await HasAddressAsync(server, term, cancellationToken).ConfigureAwait(false);
            if (has == true) return (true, 0, [], false);
            if (has is null) any = null;
        }

        return (any, 0, [], false);
    }

    private async ValueTask<Outcome> RedirectAsync(DomainName domain, SpfTerm redirect, List<DomainName> path, CancellationToken cancellationToken)
    {
        if (redirect.HasMacros) return new(SpfResult.Unknown, 1, []);
        if (!TryTarget(domain, redirect, out DomainName target) || path.Contains(target) || path.Count > SpfGraph.MaxLookups) return new(SpfResult.PermError, 1, []);
        Outcome other = await IncludedAsync(target, path, cancellationToken).ConfigureAwait(false);

        // section 6.1: no record there is an error
        return new(other.Result == SpfResult.None ? SpfResult.PermError : other.Result, other.Lookups + 1, other.Path.IsEmpty ? [] : [new(domain, redirect.Text), .. other.Path]);
    }

    /// <summary>Records of large providers are included by very many others, so each is evaluated once. What a record above it cut short is not remembered.</summary>
    private async ValueTask<Outcome> IncludedAsync(DomainName target, List<DomainName> path, CancellationToken cancellationToken)
    {
        if (_included.TryGetValue(target, out Outcome? known)) return known;
        Publication<SpfRecord> published = await records.SpfAsync(target, cancellationToken).ConfigureAwait(false);
        path.Add(target);
        Outcome outcome = await EvaluateAsync(target, published, path, cancellationToken).ConfigureAwait(false);
        path.RemoveAt(path.Count - 1);
        if (outcome.Result == SpfResult.PermError && path.Count > 1) return outcome; // perhaps a loop over the record above
        if (_included.Count >= MaxRemembered) _included.Clear();
        return _included[target] = outcome;
    }

    private async ValueTask<bool?> HasAddressAsync(DomainName host, SpfTerm term, CancellationToken cancellationToken)
    {
        if (await records.AddressesAsync(host, address.IsIPv4, cancellationToken).ConfigureAwait(false) is not { } addresses) return null;
        foreach (HostAddress one in addresses)
        {
            if (IsIn(one, term)) return true;
        }

        return false;
    }

    private bool IsIn(HostAddress network, SpfTerm term)
    {
        if (network.IsIPv4 != address.IsIPv4) return false;
        int prefix = address.IsIPv4 ? term.Ipv4Prefix : term.Ipv6Prefix;
        return network.LastOf(prefix) == address.LastOf(prefix);
    }

    private static bool TryTarget(DomainName domain, SpfTerm term, out DomainName target)
    {
        target = domain;
        return term.Domain is null || DomainName.TryParse(term.Domain, out target);
    }
}
