using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>What became of one RRset of a response, so that the same can be done with it again.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RememberedRrset
{
    /// <summary>No row, zone or node.</summary>
    public const int None = -1;

    /// <summary>The hash of the set, where it teaches; of the owner, where it would if that were a name server's.</summary>
    public ulong Hash;

    /// <summary>Where its row lies (see <see cref="SightingTable.CountAgain"/>), or <see cref="None"/>.</summary>
    public int Place;

    /// <summary>The zone that verified it, or <see cref="None"/>.</summary>
    public int Zone;

    /// <summary>The owner's number in the delegation cache, where it teaches, or <see cref="None"/>.</summary>
    public int Node;

    public RecordType Type;
    public RrsetFate Fate;
    public Lesson Lesson;
}
