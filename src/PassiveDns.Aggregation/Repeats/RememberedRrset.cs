using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>What became of one RRset of a response, so that the same can be done with it again.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RememberedRrset
{
    /// <summary>No row or zone.</summary>
    public const int None = -1;

    /// <summary>Set in each <see cref="OwnerHash"/>.</summary>
    public const uint IsHash = 1U << 31;

    /// <summary>Where its row lies (see <see cref="SightingTable.CountAgain"/>), or <see cref="None"/>.</summary>
    public int Place;

    /// <summary>The zone that verified it, or <see cref="None"/>.</summary>
    public int Zone;

    /// <summary>The hash of the owner as far as <see cref="DelegationCache.HoldsForName"/> looks at it, and <see cref="IsHash"/>, where the set would teach if that were a name server's name; else 0.</summary>
    public uint OwnerHash;

    public RrsetFate Fate;

    /// <summary>Whether servers or addresses are learnt from it.</summary>
    public bool Teaches;
}
