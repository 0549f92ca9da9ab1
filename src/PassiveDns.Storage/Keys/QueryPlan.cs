using System.Buffers.Binary;
using System.Collections.Immutable;

namespace PassiveDns.Storage.Keys;

/// <summary>A query turned into ranges of keys, in the order of the answer, and the filter for what the ranges cannot say.</summary>
public sealed class QueryPlan
{
    private QueryPlan(ObservationQuery query, ImmutableArray<KeyRange> ranges)
    {
        Query = query;
        Ranges = ranges;
        Window = WindowOf(query);
        Fence = query.Anchor is QueryAnchor.OwnerName ? null : TimeFence.Of(query); // a name has few rows
        (WantsDnssec, WantsOthers) = query.Types.Selection switch
        {
            TypeSelection.Kind.Any => (false, true),
            TypeSelection.Kind.AnyDnssec => (true, false),
            TypeSelection.Kind.Listed => (query.Types.Types.Any(type => type.IsDnssec()), query.Types.Types.Any(type => !type.IsDnssec())),
            _ => (true, true),
        };
        Filter = new(query);
    }

    /// <summary>The query.</summary>
    public ObservationQuery Query { get; }

    /// <summary>
    /// The ranges: disjoint, in the order of keyspaces and keys. A range of <see cref="Keyspace.Rrsets"/> stands for the same range of
    /// <see cref="Keyspace.Dnssec"/>, too: see <see cref="WantsDnssec"/> and <see cref="WantsOthers"/>.
    /// </summary>
    public ImmutableArray<KeyRange> Ranges { get; }

    /// <summary>Whether RRset rows of DNSSEC types are asked for.</summary>
    public bool WantsDnssec { get; }

    /// <summary>Whether RRset rows of other types are asked for.</summary>
    public bool WantsOthers { get; }

    /// <summary>The window in which an interval of each row must begin or end, for snapshots that know where to look; <c>null</c> if neither anchor nor fences say so.</summary>
    public ChangeWindow? Window { get; }

    /// <summary>What fences and windows ask of the life of each row, for snapshots that can pass over others; <c>null</c> if nothing, or if there are few rows anyhow.</summary>
    public TimeFence? Fence { get; }

    /// <summary>The labels with which each owner name must begin, for snapshots that know where to look; <c>null</c> if the anchor does not say so.</summary>
    public DomainName? Labels => Query.Anchor is QueryAnchor.NamePrefix { Labels: { IsRoot: false } labels } ? labels : null;

    /// <summary>What each row of the ranges must pass.</summary>
    public RowFilter Filter { get; }

    /// <summary>Plans a query.</summary>
    /// <param name="query">The query.</param>
    /// <exception cref="ArgumentException">The query asks for nothing that can be: a range upside down, no provenance, a negative limit.</exception>
    public static QueryPlan For(ObservationQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if ((query.Provenance & ProvenanceSelection.All) == 0) throw new ArgumentException("Name at least one provenance.", nameof(query));
        if (query.MinWitnesses is < 0 or > SightingHistory.MaxWitnesses)
        {
            throw new ArgumentException($"MinWitnesses is {query.MinWitnesses}; give 0 to {SightingHistory.MaxWitnesses}.", nameof(query));
        }

        if (query.Limit < 0) throw new ArgumentException($"Limit is {query.Limit}; give 0 or more, or null for all rows.", nameof(query));
        if (query.ScanBudget < 1) throw new ArgumentException($"ScanBudget is {query.ScanBudget}; give 1 or more, or null for no bound.", nameof(query));
        if (query.TimeBudget < TimeSpan.Zero) throw new ArgumentException($"TimeBudget is {query.TimeBudget}; give a length of time, or null for no bound.", nameof(query));
        if (WindowOf(query) is { } window && window.From > window.To)
        {
            throw new ArgumentException($"The window from {window.From} to {window.To} is upside down: give the earlier time first.", nameof(query));
        }

        return new(query, Plan(query));
    }

    private static ImmutableArray<KeyRange> Plan(ObservationQuery query)
    {
        switch (query.Anchor)
        {
            case QueryAnchor.OwnerName owner:
                return OfName(Keyspace.Rrsets, owner.Name, query.Types);
            case QueryAnchor.Subtree subtree:
                return [OfSubtree(Keyspace.Rrsets, subtree.Apex)];
            case QueryAnchor.Target { IncludeSubtree: true } target:
                return [OfSubtree(Keyspace.Targets, target.Name)];
            case QueryAnchor.Target target:
                return OfName(Keyspace.Targets, target.Name, query.Types);
            case QueryAnchor.AddressRange range:
                if (range.First.IsIPv4 != range.Last.IsIPv4 || range.First > range.Last)
                {
                    throw new ArgumentException($"{range.First} to {range.Last} is no range: give two addresses of one family, the lower first.", nameof(query));
                }

                return [OfAddresses(range.First, range.Last)];
            case QueryAnchor.RawRdata raw:
                return raw.IsPrefix ? OfRdataPrefix(raw) : OfRdata(raw);
            default: // prefixes and windows are no ranges of keys: the filter does it, a snapshot may have an index for it (see Labels and Window), and ScanBudget bounds it
                return [KeyRange.OfPrefix(Keyspace.Rrsets, default)];
        }
    }

    private static ChangeWindow? WindowOf(ObservationQuery query) => query.Anchor switch
    {
        QueryAnchor.FirstSeen seen => new(seen.From, seen.To, BeginsOnly: true),
        QueryAnchor.Changed changed => new(changed.From, changed.To, BeginsOnly: false),
        QueryAnchor.Everything or QueryAnchor.Subtree or QueryAnchor.NamePrefix => WindowOf(query.Time),
        _ => null, // a name has few rows, and the others stand in spaces of single records
    };

    /// <summary>
    /// Fences on the first sighting say when an interval must begin, and those on the last when one must end. The one that is likely to leave the fewest
    /// rows is taken; the filter holds the others against them.
    /// </summary>
    private static ChangeWindow? WindowOf(TimeFilter time)
    {
        ChangeWindow? window = time switch
        {
            { FirstAfter: { } from } => new(from, time.FirstBefore ?? long.MaxValue, BeginsOnly: true),
            { LastAfter: { } from } => new(from, time.LastBefore ?? long.MaxValue, BeginsOnly: false),
            { LastBefore: { } to } => new(0, to, BeginsOnly: false),
            { FirstBefore: { } to } => new(0, to, BeginsOnly: true),
            _ => null,
        };
        return window is { } found && found.From <= found.To ? window : null; // fences that leave nothing are no misuse
    }

    private static ImmutableArray<KeyRange> OfName(Keyspace keyspace, DomainName name, TypeSelection types)
    {
        Span<byte> key = stackalloc byte[NameKey.MaxLength + 2];
        int length = NameKey.Write(name.Wire, key);
        if (types.Selection != TypeSelection.Kind.Listed) return [KeyRange.OfPrefix(keyspace, key[..length])];
        ImmutableArray<KeyRange>.Builder ranges = ImmutableArray.CreateBuilder<KeyRange>();
        foreach (RecordType type in types.Types.Distinct().Order())
        {
            BinaryPrimitives.WriteUInt16BigEndian(key[length..], (ushort)type);
            ranges.Add(KeyRange.OfPrefix(keyspace, key[..(length + 2)]));
        }

        return ranges.DrainToImmutable();
    }

    private static KeyRange OfSubtree(Keyspace keyspace, DomainName apex)
    {
        Span<byte> key = stackalloc byte[NameKey.MaxLength];
        int length = NameKey.Write(apex.Wire, key);
        return KeyRange.OfPrefix(keyspace, key[..(length - 1)]); // all names under N start with the key of N less its last octet
    }

    private static KeyRange OfAddresses(HostAddress first, HostAddress last)
    {
        Span<byte> from = stackalloc byte[17];
        Span<byte> to = stackalloc byte[17];
        from = from[..ObservationKeys.WriteAddress(first, from)];
        to = to[..ObservationKeys.WriteAddress(last, to)];
        return new(Keyspace.Addresses, from.ToArray(), KeyRange.AfterPrefix(to));
    }

    /// <summary>Exact rdata stands in the one space that the writer chose for it.</summary>
    private static ImmutableArray<KeyRange> OfRdata(QueryAnchor.RawRdata raw)
    {
        ReadOnlySpan<byte> rdata = raw.Octets.Span;
        if (rdata.Length > RecordData.MaxLength) throw new ArgumentException($"No rdata has {rdata.Length} octets; the most is {RecordData.MaxLength}.", nameof(raw));
        if (RecordData.TryGetAddress(raw.Type, rdata, out HostAddress address)) return [OfAddresses(address, address)];
        Span<byte> folded = stackalloc byte[DomainName.MaxWireLength];
        if (RecordData.TryGetTarget(raw.Type, rdata, folded, out ReadOnlySpan<byte> target) && DomainName.TryFromWire(target, out DomainName name))
        {
            return OfName(Keyspace.Targets, name, TypeSelection.Of(raw.Type));
        }

        Span<byte> key = stackalloc byte[ObservationKeys.MaxLength];
        int at = WriteRdataHead(raw, key);
        key[at++] = 0;
        if (rdata.Length <= ObservationKeys.MaxInline)
        {
            key[at++] = ObservationKeys.Inline;
            return [KeyRange.OfPrefix(Keyspace.Rdata, key[..at])];
        }

        byte[] record = new byte[2 + rdata.Length];
        BinaryPrimitives.WriteUInt16BigEndian(record, (ushort)rdata.Length);
        rdata.CopyTo(record.AsSpan(2));
        key[at++] = ObservationKeys.Digested;
        ObservationKeys.WriteDigest(record, key[at..]);
        return [KeyRange.OfPrefix(Keyspace.Rdata, key[..(at + ObservationKeys.DigestLength)])];
    }

    /// <summary>
    /// Rdata that starts with some octets. Records that point to a name lie in the order of their targets, so for their types all of them
    /// are looked at; the filter sorts out.
    /// </summary>
    private static ImmutableArray<KeyRange> OfRdataPrefix(QueryAnchor.RawRdata raw)
    {
        ReadOnlySpan<byte> octets = raw.Octets.Span;
        ImmutableArray<KeyRange>.Builder ranges = ImmutableArray.CreateBuilder<KeyRange>();
        int size = raw.Type switch { RecordType.A => 4, RecordType.AAAA => 16, _ => 0 };
        if (size > 0 && octets.Length <= size)
        {
            Span<byte> address = stackalloc byte[1 + octets.Length];
            address[0] = size == 4 ? (byte)4 : (byte)6;
            octets.CopyTo(address[1..]);
            ranges.Add(KeyRange.OfPrefix(Keyspace.Addresses, address));
        }
        else if (RecordSchema.Find(raw.Type) is { TargetField: >= 0 })
        {
            ranges.Add(KeyRange.OfPrefix(Keyspace.Targets, default));
        }

        Span<byte> key = stackalloc byte[ObservationKeys.MaxLength];
        ranges.Add(KeyRange.OfPrefix(Keyspace.Rdata, key[..WriteRdataHead(raw, key)]));
        return ranges.DrainToImmutable();
    }

    private static int WriteRdataHead(QueryAnchor.RawRdata raw, Span<byte> key)
    {
        ReadOnlySpan<byte> rdata = raw.Octets.Span;
        BinaryPrimitives.WriteUInt16BigEndian(key, (ushort)raw.Type);
        return 2 + ObservationKeys.WriteEscaped(rdata[..Math.Min(rdata.Length, ObservationKeys.MaxInline)], key[2..]);
    }
}
