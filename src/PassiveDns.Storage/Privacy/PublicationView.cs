using System.Runtime.CompilerServices;

namespace PassiveDns.Storage.Privacy;

/// <summary>
/// What of a store may be seen outside: rows whose owner name is widely enough seen, or is a registrable domain or above it, or a wildcard; and whose data
/// points to no name that is held back. The store itself stays as it is, for whoever runs the sensor.
/// </summary>
/// <remarks>
/// The thresholds look at all rows of a name, whatever a query asks for. It costs one look-up for each owner name of an answer. An answer states how complete it
/// is as far as the view goes: what is held back is not mentioned, and <see cref="GetHeldBack"/> counts it.
/// </remarks>
public sealed class PublicationView : IObservationReader
{
    // A name with more rows than this that are all of one sensor and few days is held back without reading the rest.
    private const long MaxRowsRead = 10_000;
    private const int MaxRemembered = 65_536;

    private readonly IObservationReader _reader;
    private readonly PublicationOptions _options;
    private long _heldBack;

    /// <summary>Makes a view.</summary>
    /// <param name="reader">The store or reader; it stays the caller's.</param>
    /// <param name="options">The thresholds.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public PublicationView(IObservationReader reader, PublicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _reader = reader;
        _options = options;
    }

    /// <summary>How many rows were left out of answers so far.</summary>
    public long GetHeldBack() => Interlocked.Read(ref _heldBack);

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordPage> ReadAsync(ObservationQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        Walk walk = await StartAsync(cancellationToken).ConfigureAwait(false);
        long? rest = query.Limit;
        ObservationQuery next = query;
        while (true)
        {
            RecordPage? last = null;
            await foreach (RecordPage page in _reader.ReadAsync(next, cancellationToken).ConfigureAwait(false))
            {
                ObservationRows rows = await walk.PublishAsync(page.Rows, cancellationToken).ConfigureAwait(false);
                Interlocked.Add(ref _heldBack, page.Rows.Count - rows.Count);
                if (rest is not null) rest -= rows.Count;
                if (page.Completeness is null) yield return new() { Rows = rows, AsOf = page.AsOf };
                else last = new() { Rows = rows, Completeness = page.Completeness, Continuation = page.Continuation, AsOf = page.AsOf };
            }

            // The limit counts what is published: the store is asked for more until there is enough. Its budget ends the answer as it stands.
            if (last is not { Continuation: { } continuation } || rest is null or <= 0 || query.ScanBudget is not null)
            {
                if (last is not null) yield return last;
                yield break;
            }

            if (last.Rows.Count > 0) yield return new() { Rows = last.Rows, AsOf = last.AsOf };
            next = query with { Limit = rest, Continuation = continuation };
        }
    }

    /// <summary>The status of the store; its number of rows counts what is held back, and so is an estimate here.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<StoreStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        await _reader.GetStatusAsync(cancellationToken).ConfigureAwait(false) with { RowsAreEstimated = true };

    /// <summary>Reads the whole store and tells how much of it is held back.</summary>
    /// <param name="cancellationToken">Ends the walk.</param>
    public async Task<PublicationReport> MeasureAsync(CancellationToken cancellationToken = default)
    {
        Walk walk = await StartAsync(cancellationToken).ConfigureAwait(false);
        ObservationQuery all = new(new QueryAnchor.Everything()) { Types = TypeSelection.All, Provenance = ProvenanceSelection.All };
        long names = 0, namesHeldBack = 0, rows = 0, rowsHeldBack = 0;
        DomainName? current = null;
        await foreach (RecordPage page in _reader.ReadAsync(all, cancellationToken).ConfigureAwait(false))
        {
            rows += page.Rows.Count;
            rowsHeldBack += page.Rows.Count - (await walk.PublishAsync(page.Rows, cancellationToken).ConfigureAwait(false)).Count;
            foreach (DomainName name in Owners(page.Rows))
            {
                if (name == current) continue; // rows of a name lie side by side
                current = name;
                names++;
                if (!await walk.IsPublicAsync(name, cancellationToken).ConfigureAwait(false)) namesHeldBack++;
            }
        }

        return new() { Names = names, NamesHeldBack = namesHeldBack, Rows = rows, RowsHeldBack = rowsHeldBack };
    }

    private static List<DomainName> Owners(ObservationRows rows)
    {
        List<DomainName> names = new(rows.Count);
        foreach (ObservationRow row in rows) names.Add(OwnedName(row.RrName));
        return names;
    }

    private static DomainName OwnedName(ReadOnlySpan<byte> wire) => DomainName.TryFromWire(wire, out DomainName name) ? name : DomainName.Root;

    private async ValueTask<Walk> StartAsync(CancellationToken cancellationToken) =>
        new(_reader, _options, (await _reader.GetStatusAsync(cancellationToken).ConfigureAwait(false)).IntervalGap);

    /// <summary>One answer: it remembers what it found out about names.</summary>
    private sealed class Walk(IObservationReader reader, PublicationOptions options, TimeSpan intervalGap)
    {
        private readonly Dictionary<DomainName, bool> _known = [];
        private readonly NameExposure _exposure = new(options, intervalGap);

        public async ValueTask<ObservationRows> PublishAsync(ObservationRows rows, CancellationToken cancellationToken)
        {
            bool[] isPublic = new bool[rows.Count];
            List<List<DomainName>> names = NamesOf(rows);
            for (int i = 0; i < isPublic.Length; i++)
            {
                isPublic[i] = true;
                foreach (DomainName name in names[i]) isPublic[i] = isPublic[i] && await IsPublicAsync(name, cancellationToken).ConfigureAwait(false);
            }

            if (Array.TrueForAll(isPublic, p => p)) return rows;
            ObservationRows published = new();
            int at = 0;
            foreach (ObservationRow row in rows)
            {
                if (isPublic[at++]) published.Add(row);
            }

            return published;
        }

        public async ValueTask<bool> IsPublicAsync(DomainName name, CancellationToken cancellationToken)
        {
            if (name.LabelCount <= 1 || name.Wire.StartsWith("\x01*"u8)) return true;
            int registrable = options.PublicSuffixes.RegistrableLabels(name, includePrivate: false);
            if (name.LabelCount <= registrable || registrable == 0) return true;
            if (_known.TryGetValue(name, out bool known)) return known;
            if (_known.Count >= MaxRemembered) _known.Clear();
            return _known[name] = await IsWidelySeenAsync(name, cancellationToken).ConfigureAwait(false);
        }

        private async ValueTask<bool> IsWidelySeenAsync(DomainName name, CancellationToken cancellationToken)
        {
            ObservationQuery query = new(new QueryAnchor.OwnerName(name)) { Types = TypeSelection.All, Provenance = ProvenanceSelection.All, Limit = MaxRowsRead };
            _exposure.Clear();
            await foreach (RecordPage page in reader.ReadAsync(query, cancellationToken).ConfigureAwait(false))
            {
                foreach (ObservationRow row in page.Rows) _exposure.Add(row.History);
                if (_exposure.IsEnough) return true;
            }

            return _exposure.IsEnough;
        }

        /// <summary>For each row its owner name and the names that its data points to.</summary>
        private static List<List<DomainName>> NamesOf(ObservationRows rows)
        {
            List<List<DomainName>> all = new(rows.Count);
            Span<byte> buffer = stackalloc byte[DomainName.MaxWireLength];
            foreach (ObservationRow row in rows)
            {
                List<DomainName> names = [OwnedName(row.RrName)];
                foreach (ReadOnlySpan<byte> record in row.Rdata)
                {
                    if (RecordData.TryGetTarget(row.Type, record, buffer, out ReadOnlySpan<byte> target)) names.Add(OwnedName(target));
                }

                all.Add(names);
            }

            return all;
        }
    }
}
