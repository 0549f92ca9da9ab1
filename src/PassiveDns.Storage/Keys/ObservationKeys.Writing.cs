using System.Buffers.Binary;
using System.Numerics;

namespace PassiveDns.Storage.Keys;

public static partial class ObservationKeys
{
    /// <summary>Turns a batch into entries. Checks all rows before it hands out the first entry.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="intervalGap">The store's interval gap: rows of several intervals are brought to it.</param>
    /// <param name="sink">Takes the entries.</param>
    /// <returns>The earliest and latest sighting and the sum of the counts, or <c>null</c> if the batch has no rows.</returns>
    /// <exception cref="ArgumentException">A row is malformed: its name, bailiwick, provenance, set or history.</exception>
    public static SightingInterval? WriteBatch(ObservationBatch batch, TimeSpan intervalGap, IKeyedSink sink)
    {
        SightingInterval? bounds = CheckBatch(batch);
        LongSets sets = new(batch.Rows, sink);
        foreach (ObservationRow row in batch.Rows)
        {
            byte[]? normalized = Normalize(row.History, intervalGap);
            WriteRow(row, normalized ?? row.History, sink, sets);
        }

        return bounds;
    }

    /// <summary>Checks all rows of a batch, for those who write it part by part.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>The earliest and latest sighting, or <c>null</c> if the batch has no rows.</returns>
    /// <exception cref="ArgumentException">A row is malformed: its name, bailiwick, provenance, set or history.</exception>
    public static SightingInterval? CheckBatch(ObservationBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        SightingInterval? bounds = null;
        int number = 0;
        foreach (ObservationRow row in batch.Rows)
        {
            number++;
            if (!IsWellFormed(row, out SightingInterval life))
            {
                throw new ArgumentException($"Row {number} of batch {batch.Id} is malformed; nothing was written. Make rows with the aggregator or check them.", nameof(batch));
            }

            bounds = bounds is { } b ? new(Math.Min(b.First, life.First), Math.Max(b.Last, life.Last), 0) : life with { Count = 0 };
        }

        return bounds;
    }

    private static bool IsWellFormed(in ObservationRow row, out SightingInterval life)
    {
        life = default;
        ReadOnlySpan<byte> name = row.RrName;
        int labels = 0;
        int at = 0;
        while (at < name.Length && name[at] is > 0 and <= DomainName.MaxLabelLength)
        {
            at += name[at] + 1;
            labels++;
        }

        if (at != name.Length - 1 || name[at] != 0 || name.Length > DomainName.MaxWireLength || row.BailiwickLabels > labels) return false;
        if (name.ContainsAnyInRange((byte)'A', (byte)'Z')) return false; // not canonical; length octets end below 'A'
        if (row.Provenance is < Provenance.VerifiedTraffic or > Provenance.Probe) return false;
        ReadOnlySpan<byte> rest = row.Rdata.Packed;
        while (!rest.IsEmpty)
        {
            if (rest.Length < 2) return false;
            int length = 2 + BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (length > rest.Length) return false;
            rest = rest[length..];
        }

        return SightingCodec.TryReadBounds(row.History, out life);
    }

    /// <summary>
    /// A row of several intervals may come from a store with a shorter gap. Merged with another row it would be brought to this store's gap,
    /// so it must be when it is the first of its key, too: else the store would depend on the order of arrival.
    /// </summary>
    private static byte[]? Normalize(ReadOnlySpan<byte> history, TimeSpan intervalGap)
    {
        if (!SightingCursor.TryOpen(history, out SightingCursor cursor) || cursor.Remaining == 1) return null;
        SightingHistory whole = SightingCodec.Decode(history);
        SightingHistory head = whole with { Intervals = whole.Intervals[..1] };
        return SightingCodec.Encode(head.MergedWith(whole with { Intervals = whole.Intervals[1..] }, intervalGap));
    }

    private static void WriteRow(in ObservationRow row, ReadOnlySpan<byte> history, IKeyedSink sink, LongSets sets)
    {
        Span<byte> key = stackalloc byte[MaxLength];
        Span<byte> owner = stackalloc byte[NameKey.MaxLength + 4];
        owner = owner[..NameKey.Write(row.RrName, owner)];
        SightingFolding folding = row.Folding;
        int at = WriteOwner(row, owner, withType: true, key);
        at += WriteTag(row.Rdata.Packed, folding, sets, key[at..]);
        sink.Merge(row.Type.IsDnssec() ? Keyspace.Dnssec : Keyspace.Rrsets, key[..at], history);
        if ((folding & (SightingFolding.Sets | SightingFolding.SampleData)) != 0) return; // not each record was in each answer

        ReadOnlySpan<byte> rest = row.Rdata.Packed;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> record = rest[..(2 + BinaryPrimitives.ReadUInt16BigEndian(rest))];
            rest = rest[record.Length..];
            Keyspace space = WriteRecord(row, owner, record, sets, key, out at);
            sink.Merge(space, key[..at], history);
        }
    }

    /// <summary>Writes the key of one record, which comes as a packed set of one: a slice of its set.</summary>
    private static Keyspace WriteRecord(
        in ObservationRow row, ReadOnlySpan<byte> owner, ReadOnlySpan<byte> record, LongSets sets, Span<byte> key, out int written)
    {
        ReadOnlySpan<byte> rdata = record[2..];
        if (RecordData.TryGetAddress(row.Type, rdata, out HostAddress address))
        {
            written = WriteAddress(address, key);
            written += WriteOwner(row, owner, withType: true, key[written..]);
            return Keyspace.Addresses;
        }

        Span<byte> folded = stackalloc byte[DomainName.MaxWireLength];
        if (RecordData.TryGetTarget(row.Type, rdata, folded, out ReadOnlySpan<byte> target))
        {
            written = NameKey.Write(target, key);
            BinaryPrimitives.WriteUInt16BigEndian(key[written..], (ushort)row.Type);
            written += 2;
            written += WriteOwner(row, owner, withType: false, key[written..]);
            written += WriteTag(record, SightingFolding.None, sets, key[written..]);
            return Keyspace.Targets;
        }

        BinaryPrimitives.WriteUInt16BigEndian(key, (ushort)row.Type);
        written = 2;
        written += WriteEscaped(rdata[..Math.Min(rdata.Length, MaxInline)], key[written..]);
        key[written++] = 0;
        if (rdata.Length <= MaxInline)
        {
            key[written++] = Inline;
        }
        else
        {
            key[written++] = Digested;
            sets.Put(record, key[written..]);
            written += DigestLength;
        }

        written += WriteOwner(row, owner, withType: false, key[written..]);
        return Keyspace.Rdata;
    }

    private static int WriteOwner(in ObservationRow row, ReadOnlySpan<byte> owner, bool withType, Span<byte> destination)
    {
        owner.CopyTo(destination);
        int at = owner.Length;
        if (withType)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)row.Type);
            at += 2;
        }

        destination[at++] = row.BailiwickLabels;
        destination[at++] = (byte)row.Provenance;
        return at;
    }

    private static int WriteTag(ReadOnlySpan<byte> packedSet, SightingFolding folding, LongSets sets, Span<byte> destination)
    {
        if (packedSet.Length <= MaxInline)
        {
            destination[0] = (byte)((int)folding << 1 | Inline);
            packedSet.CopyTo(destination[1..]);
            return 1 + packedSet.Length;
        }

        destination[0] = (byte)((int)folding << 1 | Digested);
        sets.Put(packedSet, destination[1..]);
        return 1 + DigestLength;
    }

    /// <summary>
    /// The long sets of a batch. Many names share one, such as the servers of whoever hosts them: what was seen not long ago is neither hashed nor handed on again.
    /// </summary>
    private sealed class LongSets(ObservationRows rows, IKeyedSink sink)
    {
        private const int MaxPlaces = 1 << 12;

        private (int Start, int Length, UInt128 Digest)[]? _places;

        /// <summary>Hands a set on and writes its digest.</summary>
        /// <param name="packedSet">The set: part of the batch's rows.</param>
        /// <param name="digest">At least <see cref="DigestLength"/> octets.</param>
        public void Put(ReadOnlySpan<byte> packedSet, Span<byte> digest)
        {
            _places ??= new (int, int, UInt128)[Math.Min((int)BitOperations.RoundUpToPowerOf2((uint)rows.Count), MaxPlaces)];
            ref (int Start, int Length, UInt128 Digest) place = ref _places[Hash(packedSet) & _places.Length - 1];
            if (place.Length == packedSet.Length && rows.Packed.Slice(place.Start, place.Length).SequenceEqual(packedSet))
            {
                BinaryPrimitives.WriteUInt128BigEndian(digest, place.Digest);
                return;
            }

            WriteDigest(packedSet, digest);
            sink.PutSet(digest[..DigestLength], packedSet);
            if (rows.Packed.Overlaps(packedSet, out int start)) place = (start, packedSet.Length, BinaryPrimitives.ReadUInt128BigEndian(digest));
        }

        /// <summary>Of some octets: those who make two sets meet only have them hashed as they would be anyhow.</summary>
        private static int Hash(ReadOnlySpan<byte> set)
        {
            ulong mixed = BinaryPrimitives.ReadUInt64LittleEndian(set[^8..]) * 3 + BinaryPrimitives.ReadUInt64LittleEndian(set[(set.Length / 2)..]) + BinaryPrimitives.ReadUInt64LittleEndian(set[8..]);
            return (int)(mixed * 0x9E3779B97F4A7C15 >> 40) + set.Length;
        }
    }
}
