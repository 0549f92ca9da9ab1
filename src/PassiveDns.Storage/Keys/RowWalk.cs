using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PassiveDns.Storage.Keys;

/// <summary>
/// Walks over the answer to a query in a snapshot and packs it into pages: filter, limit, budget, continuation and completeness in one place.
/// </summary>
public sealed partial class RowWalk : IDisposable
{
    /// <summary>The most rows of a page.</summary>
    public const int PageRows = 512;

    /// <summary>A page ends when its rows take so many octets: a row can have 64 KiB.</summary>
    public const int PageOctets = 1 << 20;

    private const int RowsBetweenChecks = 1024;
    private const int RowsBetweenClocks = 256;

    private readonly QueryPlan _plan;
    private readonly IKeyedSnapshot _snapshot;
    private readonly byte[] _secret;
    private readonly List<KeyRange> _ranges = [];
    private readonly byte[] _scratch = new byte[RowKey.ScratchLength];
    private readonly long _budget;
    private readonly long _limit;
    private readonly TimeSpan _time;
    private readonly long _started = Stopwatch.GetTimestamp();
    private IKeyedCursor? _cursor;
    private Keyspace _lastSpace;
    private byte[] _lastKey = new byte[256];
    private int _lastLength;
    private int _range = -1;
    private long _scanned;
    private long _returned;
    private bool _isPending;
    private bool _isOutOfBudget;
    private bool _isEstimated;
    private bool _skipsRows; // opens a cursor for each name: asking an index each time would cost more than it saves
    private bool _isNamed; // the cursor jumps from name to name by itself
    private bool _isListed; // the place is behind a name of which the cursor may have rows left

    /// <summary>Starts a walk.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="snapshot">The snapshot; the walk disposes it.</param>
    /// <param name="secret">The store's secret, with which it seals continuations: 16 random octets or more, kept as long as the store.</param>
    /// <exception cref="ArgumentException">The continuation belongs to another query or store, or is damaged.</exception>
    public RowWalk(QueryPlan plan, IKeyedSnapshot snapshot, ReadOnlySpan<byte> secret)
    {
        _plan = plan;
        _snapshot = snapshot;
        _secret = secret.ToArray();
        _budget = plan.Query.ScanBudget ?? long.MaxValue;
        _limit = plan.Query.Limit ?? long.MaxValue;
        _time = plan.Query.TimeBudget ?? TimeSpan.MaxValue;
        if (plan.Query.Continuation is null)
        {
            _ranges.AddRange(plan.Ranges);
            return;
        }

        (_lastSpace, _lastKey) = ContinuationToken.Read(plan.Query, secret);
        _lastLength = _lastKey.Length;
        foreach (KeyRange range in plan.Ranges)
        {
            if (range.Behind(_lastSpace, _lastKey) is { } rest) _ranges.Add(rest);
        }
    }

    /// <summary>Whether the last page was handed out.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Reads all pages: what a store returns from <see cref="IObservationReader.ReadAsync"/>.</summary>
    /// <param name="query">The query.</param>
    /// <param name="secret">The store's secret.</param>
    /// <param name="openSnapshot">Takes a snapshot when the walk begins.</param>
    /// <param name="cancellationToken">Ends the walk, at the latest after a thousand rows.</param>
    /// <exception cref="ArgumentException">The query is malformed, or its continuation does not fit.</exception>
    public static IAsyncEnumerable<RecordPage> ReadAsync(
        ObservationQuery query, ReadOnlyMemory<byte> secret, Func<IKeyedSnapshot> openSnapshot, CancellationToken cancellationToken = default)
    {
        QueryPlan plan = QueryPlan.For(query);
        if (query.Continuation is not null) ContinuationToken.Read(query, secret.Span);
        return Pages(plan, secret, openSnapshot, cancellationToken);
    }

    /// <summary>Reads the next page.</summary>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <exception cref="InvalidOperationException">The last page was handed out already.</exception>
    /// <exception cref="ObservationStoreException">The store is damaged.</exception>
    public RecordPage NextPage(CancellationToken cancellationToken = default)
    {
        if (IsFinished) throw new InvalidOperationException("The walk has ended; start another one.");
        ObservationRows rows = new();
        while (_isPending || FindNext(cancellationToken))
        {
            _isPending = true;
            if (_returned == _limit) return Finish(rows, Completeness.Truncated);
            if (rows.Count == PageRows || rows.Packed.Length >= PageOctets) return new() { Rows = rows, AsOf = _snapshot.AsOf };
            Append(rows);
            RememberPlace();
            _isPending = false;
            _returned++;
        }

        return Finish(rows, _isOutOfBudget ? Completeness.Truncated : _isEstimated ? Completeness.Estimated : Completeness.Exact);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cursor?.Dispose();
        _cursor = null;
        _snapshot.Dispose();
    }

    // The engines below are synchronous, so nothing here is awaited; the iterator is asynchronous for the sake of the contract.
    private static async IAsyncEnumerable<RecordPage> Pages(
        QueryPlan plan, ReadOnlyMemory<byte> secret, Func<IKeyedSnapshot> openSnapshot, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        using IKeyedSnapshot snapshot = openSnapshot();
        using RowWalk walk = new(plan, snapshot, secret.Span);
        while (!walk.IsFinished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return walk.NextPage(cancellationToken);
        }
    }

    /// <summary>Moves to the next row that passes the filter. What is passed over counts as looked at.</summary>
    private bool FindNext(CancellationToken cancellationToken)
    {
        while (MoveNext())
        {
            if (_scanned == _budget || (_scanned % RowsBetweenClocks == 0 && _scanned > 0 && Stopwatch.GetElapsedTime(_started) >= _time))
            {
                _isOutOfBudget = true;
                return false;
            }

            if (++_scanned % RowsBetweenChecks == 0) cancellationToken.ThrowIfCancellationRequested();
            if (_isListed && _cursor!.Key.SequenceCompareTo(_lastKey.AsSpan(0, _lastLength)) <= 0) continue;
            _isListed = false;
            if (Matches()) return true;
            RememberPlace();
        }

        return false;
    }

    private bool Matches()
    {
        RowKey key = ReadKey();
        RowFilter filter = _plan.Filter;
        try
        {
            return filter.MatchesKey(key.RrName, key.Type, key.BailiwickLabels, key.Provenance) && filter.MatchesHistory(_cursor!.Value)
                && (!filter.NeedsData || filter.MatchesData(new(SetOf(key))));
        }
        catch (FormatException)
        {
            throw Damaged("a history cannot be read");
        }
    }

    private bool MoveNext()
    {
        while (true)
        {
            if (_cursor is not null && _cursor.MoveNext()) return true;
            _cursor?.Dispose();
            _cursor = null;
            if (++_range >= _ranges.Count) return false;
            _isNamed = false;
            _cursor = Open(_ranges[_range]);
        }
    }

    private IKeyedCursor Open(KeyRange range)
    {
        if (range.Keyspace != Keyspace.Rrsets || !_plan.WantsDnssec) return OpenAlone(range);
        KeyRange dnssec = range.In(Keyspace.Dnssec);
        return _plan.WantsOthers ? new RrsetCursor(OpenAlone(range), OpenAlone(dnssec)) : OpenAlone(dnssec);
    }

    private IKeyedCursor OpenAlone(KeyRange range)
    {
        if (_plan.Labels is { } labels && _snapshot is INameIndexedSnapshot names && names.OpenNames(range, labels) is { } named)
        {
            _isNamed = true;
            return named;
        }

        if (_skipsRows) return _snapshot.Open(range);
        if (_plan.Window is { } window && range.Keyspace == Keyspace.Rrsets && _snapshot is IChangeIndexedSnapshot indexed) return indexed.OpenChanged(range, window);
        return _plan.Fence is { } fence && _snapshot is IFencedSnapshot fenced ? fenced.OpenFenced(range, fence) : _snapshot.Open(range);
    }

    private void Append(ObservationRows rows)
    {
        RowKey key = ReadKey();
        ReadOnlySpan<byte> history = _cursor!.Value;
        _isEstimated |= SightingCursor.TryOpen(history, out SightingCursor cursor) && (cursor.IsCoarsened || cursor.Folding != SightingFolding.None);
        rows.Add(key.ToRow(SetOf(key), history));
    }

    private RowKey ReadKey() => RowKey.TryRead(_ranges[_range].Keyspace, _cursor!.Key, _scratch, out RowKey key) ? key : throw Damaged("a key cannot be read");

    private ReadOnlySpan<byte> SetOf(in RowKey key)
    {
        if (key.Digest.IsEmpty) return key.PackedSet;
        return _snapshot.TryGetSet(key.Digest, out ReadOnlySpan<byte> set) ? set : throw Damaged("the body of a long rdata set is missing");
    }

    private ObservationStoreException Damaged(string what) =>
        new($"The store is damaged in keyspace {_ranges[_range].Keyspace}: {what}. Restore it from a backup or build it anew from the captures.");

    private void RememberPlace()
    {
        ReadOnlySpan<byte> key = _cursor!.Key;
        if (_lastKey.Length < key.Length) _lastKey = new byte[Math.Max(key.Length, 2 * _lastKey.Length)];
        key.CopyTo(_lastKey);
        _lastLength = key.Length;
        _lastSpace = _ranges[_range].Keyspace;
    }

    private RecordPage Finish(ObservationRows rows, Completeness completeness)
    {
        IsFinished = true;
        string? continuation = completeness == Completeness.Truncated
            ? ContinuationToken.Write(_plan.Query, _secret, _lastSpace, _lastKey.AsSpan(0, _lastLength))
            : null;
        return new() { Rows = rows, Completeness = completeness, Continuation = continuation, AsOf = _snapshot.AsOf };
    }
}
