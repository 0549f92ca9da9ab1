using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace PassiveDns.Storage.Keys;

public sealed partial class RowWalk
{
    /// <summary>The most names that are told apart in an answer that is not in the order of names: 16 octets and some for each.</summary>
    private const int MaxNames = 1 << 20;

    private const int NamesOfPage = 512;

    /// <summary>Sums an answer up: what a store returns from <see cref="IStoreSummaries.SummarizeAsync"/>.</summary>
    /// <param name="query">The query.</param>
    /// <param name="secret">The store's secret.</param>
    /// <param name="openSnapshot">Takes a snapshot.</param>
    /// <param name="cancellationToken">Gives up, at the latest after a thousand rows.</param>
    /// <exception cref="ArgumentException">The query is malformed, or its continuation does not fit.</exception>
    public static AnswerSummary Summarize(
        ObservationQuery query, ReadOnlySpan<byte> secret, Func<IKeyedSnapshot> openSnapshot, CancellationToken cancellationToken = default)
    {
        QueryPlan plan = QueryPlan.For(query);
        ArgumentNullException.ThrowIfNull(openSnapshot);
        using IKeyedSnapshot snapshot = openSnapshot();
        using RowWalk walk = new(plan, snapshot, secret);
        return walk.Summarize(cancellationToken);
    }

    /// <summary>Lists the owner names of an answer: what a store returns from <see cref="IStoreSummaries.ReadNamesAsync"/>.</summary>
    /// <param name="query">The query.</param>
    /// <param name="secret">The store's secret.</param>
    /// <param name="openSnapshot">Takes a snapshot when the walk begins.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <exception cref="ArgumentException">The query is malformed, its anchor is not one of owner names, or its continuation does not fit.</exception>
    public static IAsyncEnumerable<NamePage> ReadNamesAsync(
        ObservationQuery query, ReadOnlyMemory<byte> secret, Func<IKeyedSnapshot> openSnapshot, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!IsInNameOrder(query.Anchor)) throw new ArgumentException("Names stand in order only behind an owner name, a subtree, a prefix or everything: use one of these anchors.", nameof(query));
        QueryPlan plan = QueryPlan.For(query);
        if (query.Continuation is not null) ContinuationToken.Read(query, secret.Span);
        return NamePages(plan, secret, openSnapshot, cancellationToken);
    }

    private static bool IsInNameOrder(QueryAnchor anchor) =>
        anchor is QueryAnchor.OwnerName or QueryAnchor.Subtree or QueryAnchor.NamePrefix or QueryAnchor.Everything;

    private static async IAsyncEnumerable<NamePage> NamePages(
        QueryPlan plan, ReadOnlyMemory<byte> secret, Func<IKeyedSnapshot> openSnapshot, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        using IKeyedSnapshot snapshot = openSnapshot();
        using RowWalk walk = new(plan, snapshot, secret.Span) { _skipsRows = true };
        while (!walk.IsFinished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return walk.NextNames(cancellationToken);
        }
    }

    private AnswerSummary Summarize(CancellationToken cancellationToken)
    {
        bool inOrder = IsInNameOrder(_plan.Query.Anchor);
        HashSet<UInt128>? names = inOrder ? null : [];
        byte[] last = [];
        long count = 0, different = 0;
        long? firstSeen = null, lastSeen = null;
        bool isLimited = false;
        while (FindNext(cancellationToken))
        {
            if (_returned == _limit)
            {
                isLimited = true;
                break;
            }

            SightingCodec.TryReadBounds(_cursor!.Value, out SightingInterval life);
            _isEstimated |= SightingCursor.TryOpen(_cursor.Value, out SightingCursor cursor) && (cursor.IsCoarsened || cursor.Folding != SightingFolding.None);
            count = SightingMerge.AddCounts(count, life.Count);
            firstSeen = Math.Min(firstSeen ?? life.First, life.First);
            lastSeen = Math.Max(lastSeen ?? life.Last, life.Last);
            ReadOnlySpan<byte> name = ReadKey().RrName;
            if (inOrder)
            {
                if (!name.SequenceEqual(last))
                {
                    last = name.ToArray();
                    different++;
                }
            }
            else if (names?.Add(DigestOf(name)) == true && names.Count > MaxNames)
            {
                names = null;
            }

            RememberPlace();
            _returned++;
        }

        Completeness completeness = isLimited || _isOutOfBudget ? Completeness.Truncated : _isEstimated ? Completeness.Estimated : Completeness.Exact;
        RecordPage end = Finish(new(1), completeness);
        return new()
        {
            Rows = _returned,
            Count = count,
            Names = inOrder ? different : names?.Count,
            FirstSeen = firstSeen,
            LastSeen = lastSeen,
            Completeness = completeness,
            Continuation = end.Continuation,
            AsOf = end.AsOf,
        };
    }

    private NamePage NextNames(CancellationToken cancellationToken)
    {
        List<DomainName> names = [];
        while (_isPending || FindNext(cancellationToken))
        {
            _isPending = true;
            ReadOnlySpan<byte> name = ReadKey().RrName;
            if (_returned == _limit) return FinishNames(names, Completeness.Truncated);
            if (names.Count == NamesOfPage) return new() { Names = names };
            if (!DomainName.TryFromWire(name, out DomainName found)) throw Damaged("a name cannot be read");
            names.Add(found);
            _returned++;
            SkipName(found);
            _isPending = false;
        }

        return FinishNames(names, _isOutOfBudget ? Completeness.Truncated : Completeness.Exact);
    }

    private NamePage FinishNames(List<DomainName> names, Completeness completeness) =>
        new() { Names = names, Completeness = completeness, Continuation = Finish(new(1), completeness).Continuation };

    /// <summary>
    /// Jumps behind all rows of a name: the cursor is opened again, so that names with many rows cost no more than others, unless an index found it, which
    /// would cost more than the rows. Behind the name in a key comes the type and then a number of labels, which is never FF.
    /// </summary>
    private void SkipName(DomainName name)
    {
        if (_lastKey.Length < NameKey.MaxLength + 3) _lastKey = new byte[NameKey.MaxLength + 3];
        _lastLength = NameKey.Write(name.Wire, _lastKey) + 3;
        _lastKey.AsSpan(_lastLength - 3, 3).Fill(0xFF);
        _lastSpace = _ranges[_range].Keyspace;
        if (_isNamed)
        {
            _isListed = true;
            return;
        }

        _cursor!.Dispose();
        _cursor = null;
        for (; _range < _ranges.Count; _range++)
        {
            if (_ranges[_range].Behind(_lastSpace, _lastKey.AsSpan(0, _lastLength)) is not { } rest) continue;
            _ranges[_range] = rest;
            break;
        }

        _range--; // the next move opens it
    }

    private static UInt128 DigestOf(ReadOnlySpan<byte> name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
