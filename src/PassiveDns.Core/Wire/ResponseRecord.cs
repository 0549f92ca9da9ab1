using System.Buffers.Binary;

namespace PassiveDns;

/// <summary>
/// A record of a message that <see cref="ResponseDecoder"/> has read to its end and found sound. It borrows from the decoder and is valid
/// until the next message.
/// </summary>
public readonly ref struct ResponseRecord
{
    private readonly ref readonly Entry _entry;
    private readonly byte[] _octets;

    internal ResponseRecord(ref readonly Entry entry, byte[] octets)
    {
        _entry = ref entry;
        _octets = octets;
    }

    /// <summary>The section it stands in, never <see cref="DnsSection.Question"/>.</summary>
    public DnsSection Section => _entry.Section;

    /// <summary>The owner name: uncompressed, in lower case, the form of <see cref="DomainName.Wire"/>.</summary>
    public ReadOnlySpan<byte> Owner => _octets.AsSpan(_entry.Owner.Start, _entry.Owner.Length);

    /// <summary>The number of labels of the owner name, the root not counted.</summary>
    public int OwnerLabels => _entry.Owner.Labels;

    /// <summary><see cref="OctetHash.Compute"/> of <see cref="Owner"/>.</summary>
    public ulong OwnerHash => _entry.OwnerHash;

    /// <summary>The type.</summary>
    public RecordType Type => _entry.Type;

    /// <summary>The class. In an OPT record this field holds the sender's UDP payload size (RFC 6891 section 6.1.2).</summary>
    public RecordClass Class => _entry.Class;

    /// <summary>The TTL field as it stands on the wire. In an OPT record it holds flags.</summary>
    public uint RawTimeToLive => _entry.TimeToLive;

    /// <summary>The TTL in seconds, 0 to 2^31 - 1. A value with the top bit set counts as 0 (RFC 2181 section 8).</summary>
    public uint TimeToLive => _entry.TimeToLive > int.MaxValue ? 0 : _entry.TimeToLive;

    /// <summary>What <see cref="RecordData.Canonicalize"/> says about the data.</summary>
    public RdataStatus DataStatus => _entry.DataStatus;

    /// <summary>The canonical rdata, as <see cref="RecordData.Canonicalize"/> makes it; empty if it is <see cref="RdataStatus.Malformed"/>.</summary>
    public ReadOnlySpan<byte> Data => _octets.AsSpan(_entry.DataStart, _entry.DataLength);

    /// <summary><see cref="OctetHash.Compute"/> of <see cref="Data"/>.</summary>
    public ulong DataHash => _entry.DataHash;

    /// <summary>
    /// The type that an RRSIG or SIG record covers (RFC 4034 section 3.1.1), also where the rest of its data is malformed;
    /// <see cref="RecordType.None"/> for other types and for data that is too short. Records that cover different types form different RRsets.
    /// </summary>
    public RecordType CoveredType
    {
        get
        {
            if (Type is not (RecordType.RRSIG or RecordType.SIG)) return RecordType.None;
            bool isShort = _entry.DataStatus == RdataStatus.Malformed
                ? BinaryPrimitives.ReadUInt16BigEndian(_octets.AsSpan(_entry.DataStart - 2)) < 2 // RDLENGTH: malformed data stays in its place
                : _entry.DataLength < 2;
            return isShort ? RecordType.None : (RecordType)BinaryPrimitives.ReadUInt16BigEndian(_octets.AsSpan(_entry.DataStart));
        }
    }

    /// <summary>The hash of owner, type and data together (<see cref="OctetHash.Combine"/>).</summary>
    public ulong Hash => OctetHash.Combine(_entry.OwnerHash, Type, _entry.DataHash);

    /// <summary>What the decoder keeps of a record: places in its octets.</summary>
    internal struct Entry
    {
        public ulong OwnerHash;
        public ulong DataHash;
        public ulong FixedPart; // type, class and TTL, as they stand on the wire
        public ResponseDecoder.NamePlace Owner;
        public int DataStart;
        public ushort DataLength;
        public DnsSection Section;
        public RdataStatus DataStatus;

        public readonly RecordType Type => (RecordType)(FixedPart >> 48);

        public readonly RecordClass Class => (RecordClass)(ushort)(FixedPart >> 32);

        public readonly uint TimeToLive => (uint)FixedPart;
    }
}
