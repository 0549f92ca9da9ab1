using System.Buffers.Binary;

namespace PassiveDns.Storage.Keys;

/// <summary>A key read back into the parts of a row. It borrows the key and the scratch room.</summary>
public readonly ref struct RowKey
{
    /// <summary>The scratch room that reading needs.</summary>
    public const int ScratchLength = DomainName.MaxWireLength + 2 + ObservationKeys.MaxInline;

    /// <summary>The canonical owner name in wire format.</summary>
    public ReadOnlySpan<byte> RrName { get; private init; }

    /// <summary>The type.</summary>
    public RecordType Type { get; private init; }

    /// <summary>How many labels of the owner name form the bailiwick.</summary>
    public byte BailiwickLabels { get; private init; }

    /// <summary>The provenance.</summary>
    public Provenance Provenance { get; private init; }

    /// <summary>The packed set (of one record in the spaces of single records); empty if it is kept under <see cref="Digest"/>.</summary>
    public ReadOnlySpan<byte> PackedSet { get; private init; }

    /// <summary>What the set is kept under in <see cref="Keyspace.Sets"/>; empty if it stands in the key.</summary>
    public ReadOnlySpan<byte> Digest { get; private init; }

    /// <summary>The row of this key.</summary>
    /// <param name="packedSet">The set: <see cref="PackedSet"/>, or what <see cref="Digest"/> stands for.</param>
    /// <param name="history">The packed history.</param>
    public ObservationRow ToRow(ReadOnlySpan<byte> packedSet, ReadOnlySpan<byte> history) => new()
    {
        RrName = RrName,
        Type = Type,
        BailiwickLabels = BailiwickLabels,
        Provenance = Provenance,
        Rdata = new(packedSet),
        History = history,
    };

    /// <summary>Reads a key.</summary>
    /// <param name="keyspace">One of the spaces with rows.</param>
    /// <param name="key">The key.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> octets, which the result borrows.</param>
    /// <param name="row">The parts.</param>
    /// <returns><c>false</c> if the octets are no such key: a damaged store.</returns>
    public static bool TryRead(Keyspace keyspace, ReadOnlySpan<byte> key, Span<byte> scratch, out RowKey row) => keyspace switch
    {
        Keyspace.Rrsets or Keyspace.Dnssec => TryReadRrset(key, scratch, out row),
        Keyspace.Addresses => TryReadAddress(key, scratch, out row),
        Keyspace.Targets => TryReadTarget(key, scratch, out row),
        Keyspace.Rdata => TryReadRdata(key, scratch, out row),
        _ => throw new ArgumentOutOfRangeException(nameof(keyspace), keyspace, "Only the keyspaces with rows have row keys."),
    };

    private static bool TryReadRrset(ReadOnlySpan<byte> key, Span<byte> scratch, out RowKey row)
    {
        row = default;
        int name = NameKey.Read(key, scratch, out int at);
        if (name < 0 || key.Length < at + 5 || !TryReadTag(key[(at + 4)..], out ReadOnlySpan<byte> set, out ReadOnlySpan<byte> digest)) return false;
        row = new()
        {
            RrName = scratch[..name],
            Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(key[at..]),
            BailiwickLabels = key[at + 2],
            Provenance = (Provenance)key[at + 3],
            PackedSet = set,
            Digest = digest,
        };
        return true;
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> key, Span<byte> scratch, out RowKey row)
    {
        row = default;
        int length = key.IsEmpty ? 0 : key[0] switch { 4 => 4, 6 => 16, _ => 0 };
        if (length == 0 || key.Length < 1 + length) return false;
        ReadOnlySpan<byte> rest = key[(1 + length)..];
        int name = NameKey.Read(rest, scratch, out int at);
        if (name < 0 || rest.Length != at + 4) return false;
        Span<byte> record = scratch.Slice(name, 2 + length);
        BinaryPrimitives.WriteUInt16BigEndian(record, (ushort)length);
        key.Slice(1, length).CopyTo(record[2..]);
        row = new()
        {
            RrName = scratch[..name],
            Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(rest[at..]),
            BailiwickLabels = rest[at + 2],
            Provenance = (Provenance)rest[at + 3],
            PackedSet = record,
        };
        return true;
    }

    private static bool TryReadTarget(ReadOnlySpan<byte> key, Span<byte> scratch, out RowKey row)
    {
        row = default;
        if (NameKey.Read(key, scratch, out int target) < 0 || key.Length < target + 2) return false;
        ReadOnlySpan<byte> rest = key[(target + 2)..];
        int name = NameKey.Read(rest, scratch, out int at);
        if (name < 0 || rest.Length < at + 3 || !TryReadTag(rest[(at + 2)..], out ReadOnlySpan<byte> set, out ReadOnlySpan<byte> digest)) return false;
        row = new()
        {
            RrName = scratch[..name],
            Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(key[target..]),
            BailiwickLabels = rest[at],
            Provenance = (Provenance)rest[at + 1],
            PackedSet = set,
            Digest = digest,
        };
        return true;
    }

    private static bool TryReadRdata(ReadOnlySpan<byte> key, Span<byte> scratch, out RowKey row)
    {
        row = default;
        Span<byte> record = scratch.Slice(DomainName.MaxWireLength, 2 + ObservationKeys.MaxInline);
        int length = 0;
        int at = 2;
        while (true)
        {
            if (at >= key.Length) return false;
            byte b = key[at++];
            if (b == 0) break;
            if (length == ObservationKeys.MaxInline) return false;
            if (b == 1)
            {
                if (at >= key.Length || key[at] is not (1 or 2)) return false;
                b = (byte)(key[at++] - 1);
            }

            record[2 + length++] = b;
        }

        if (at >= key.Length || key[at] > ObservationKeys.Digested) return false;
        bool isDigested = key[at++] == ObservationKeys.Digested;
        int digest = isDigested ? ObservationKeys.DigestLength : 0;
        if (key.Length < at + digest) return false;
        ReadOnlySpan<byte> rest = key[(at + digest)..];
        int name = NameKey.Read(rest, scratch, out int end);
        if (name < 0 || rest.Length != end + 2) return false;
        BinaryPrimitives.WriteUInt16BigEndian(record, (ushort)length);
        row = new()
        {
            RrName = scratch[..name],
            Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(key),
            BailiwickLabels = rest[end],
            Provenance = (Provenance)rest[end + 1],
            PackedSet = isDigested ? default : record[..(2 + length)],
            Digest = key.Slice(at, digest),
        };
        return true;
    }

    private static bool TryReadTag(ReadOnlySpan<byte> tag, out ReadOnlySpan<byte> set, out ReadOnlySpan<byte> digest)
    {
        set = default;
        digest = default;
        if (tag[0] > ObservationKeys.MaxTag) return false;
        if ((tag[0] & ObservationKeys.Digested) != 0)
        {
            digest = tag[1..];
            return digest.Length == ObservationKeys.DigestLength;
        }

        set = tag[1..];
        return true;
    }
}
