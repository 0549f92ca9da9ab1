using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>One RRset of the message at hand. RRSIG records form a set for each type that they cover (RFC 4034 section 3).</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Rrset
{
    public int Owner;
    public RecordType Type;
    public RecordType Covered;
    public DnsSection Section;
    public RrsetFate Fate;

    /// <summary>Whether <see cref="Fate"/> is settled; until then the set may become an observation.</summary>
    public bool IsSettled;

    /// <summary>Whether an alias of the chain of the answer is in this set.</summary>
    public bool IsChainLink;

    public uint TimeToLive;

    /// <summary>The hash of the packed set.</summary>
    public ulong RdataHash;

    /// <summary>See <see cref="SightingTable.KeyHash"/>.</summary>
    public ulong KeyHash;

    public int FirstRecord;
    public int LastRecord;
    public int Records;
    public int RdataOffset;
    public int RdataLength;
}
