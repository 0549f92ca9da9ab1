using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace PassiveDns.Analysis;

/// <summary>Which domains published the same DKIM key: who holds its private half signs for all of them.</summary>
/// <param name="reader">The store.</param>
/// <param name="options">What all analyses share.</param>
public sealed class DkimKeyUses(IObservationReader reader, AnalysisOptions? options = null)
{
    private const int MaxAliases = 8;

    private readonly AnalysisOptions _options = options ?? new();

    /// <summary>Finds the places, in the order of the records; each text record of the store is looked at.</summary>
    /// <param name="sha256">The key: see <see cref="DkimKey.Sha256"/>; 64 digits in hexadecimal.</param>
    /// <param name="window">The time that is meant.</param>
    /// <exception cref="ArgumentException">The digest is none, or the window.</exception>
    public AnswerStream<DkimKeyUse> Find(string sha256, TimeWindow? window = null)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigit)) throw new ArgumentException("A SHA-256 digest has 64 digits in hexadecimal: take it from an answer about a domain's keys.", nameof(sha256));
        TimeWindow asked = window ?? TimeWindow.Always;
        asked.Validate();
        return new(() => new(reader, _options), (evidence, cancellationToken) => WalkAsync(sha256.ToLowerInvariant(), asked, evidence, cancellationToken));
    }

    private async IAsyncEnumerable<DkimKeyUse> WalkAsync(string sha256, TimeWindow window, EvidenceReader evidence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Holder? holder = null;
        ObservationQuery texts = new(new QueryAnchor.RawRdata(RecordType.TXT, default, IsPrefix: true)) { Time = window.Filter };
        await foreach (Observation row in evidence.ReadAsync(texts, cancellationToken).ConfigureAwait(false))
        {
            Presence presence = Presence.Of(row.History).Intersect(window.Presence);
            string text = TextRecord.Join(row.Rdata[0].Canonical);
            if (presence.IsEmpty || !DkimKey.IsMeant(text) || !DkimKey.TryParse(text, out DkimKey? key, out _) || key!.Sha256 != sha256) continue;

            // Rows of one name and text differ in bailiwick and provenance, and follow each other.
            if (holder is not null && holder.Name == row.RrName && holder.Text == text)
            {
                holder = holder with { Presence = holder.Presence.Unite(presence), Rows = [.. holder.Rows, row] };
                continue;
            }

            if (holder is not null)
            {
                foreach (DkimKeyUse use in await UsesAsync(holder, window, evidence, cancellationToken).ConfigureAwait(false)) yield return use;
            }

            holder = new(row.RrName, text, key, presence, [row]);
        }

        if (holder is null) yield break;
        foreach (DkimKeyUse use in await UsesAsync(holder, window, evidence, cancellationToken).ConfigureAwait(false)) yield return use;
    }

    /// <summary>The holder itself, if it is a selector's name, and the selectors that lead there.</summary>
    private async ValueTask<List<DkimKeyUse>> UsesAsync(Holder holder, TimeWindow window, EvidenceReader evidence, CancellationToken cancellationToken)
    {
        List<DkimKeyUse> uses = [];
        Queue<(DomainName Name, Presence Presence, ImmutableArray<DomainName> Aliases, ImmutableArray<Observation> Rows)> open = new();
        HashSet<DomainName> known = [holder.Name];
        open.Enqueue((holder.Name, holder.Presence, [], holder.Rows));
        while (open.TryDequeue(out (DomainName Name, Presence Presence, ImmutableArray<DomainName> Aliases, ImmutableArray<Observation> Rows) at))
        {
            if (MailNames.DomainOf(at.Name, out string? selector) is { } domain && selector is not null)
            {
                uses.Add(new()
                {
                    Domain = domain, RegistrableDomain = _options.RegistrableDomain(domain), Selector = selector, Key = holder.Key, Presence = at.Presence, Aliases = at.Aliases, Evidence = at.Rows,
                });
            }

            if (at.Aliases.Length == MaxAliases) continue;
            ObservationQuery links = new(new QueryAnchor.Target(at.Name)) { Types = TypeSelection.Of(RecordType.CNAME), Time = window.Filter };
            Dictionary<DomainName, (Presence Presence, ImmutableArray<Observation> Rows)> owners = []; // an owner has a row for each bailiwick and provenance
            await foreach (Observation link in evidence.ReadAsync(links, cancellationToken).ConfigureAwait(false))
            {
                Presence presence = Presence.Of(link.History).Intersect(at.Presence);
                if (presence.IsEmpty || known.Contains(link.RrName)) continue;
                (Presence Presence, ImmutableArray<Observation> Rows) before = owners.GetValueOrDefault(link.RrName, (Presence.Never, []));
                owners[link.RrName] = (before.Presence.Unite(presence), [.. before.Rows, link]);
            }

            foreach ((DomainName owner, (Presence presence, ImmutableArray<Observation> rows)) in owners.OrderBy(static pair => pair.Key))
            {
                known.Add(owner);
                open.Enqueue((owner, presence, [at.Name, .. at.Aliases], [.. rows, .. at.Rows]));
            }
        }

        return uses;
    }

    private sealed record Holder(DomainName Name, string Text, DkimKey Key, Presence Presence, ImmutableArray<Observation> Rows);
}
