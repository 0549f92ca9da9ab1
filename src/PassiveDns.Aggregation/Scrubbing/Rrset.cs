using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>One RRset of a message. RRSIG records form a set for each type that they cover (RFC 4034 section 3).</summary>
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

    /// <summary>Whether the same set stands in an earlier section, too: it is one sighting.</summary>
    public bool IsRepeated;

    /// <summary>The label count of the closest ancestor of the owner that can be the zone of the set, or -1 if there is none.</summary>
    public short StartLabels;

    public uint TimeToLive;

    /// <summary>The hash of the packed set.</summary>
    public ulong RdataHash;

    /// <summary>See <see cref="SightingTable.KeyHash"/>.</summary>
    public ulong KeyHash;

    public int RdataOffset;
    public int RdataLength;
}
