using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>An RRset that no zone vouches for yet, with all that is needed to decide it later.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct WaitingRrset
{
    /// <summary>No estimate.</summary>
    public const byte NoEstimate = 255;

    public HostAddress Server;
    public long Time;
    public long Since;
    public long NextOfServer;
    public long Chunk;
    public ulong RdataHash;
    public int Offset;
    public int RdataLength;
    public uint TimeToLive;
    public RecordType Type;
    public byte NameLength;
    public byte StartLabels;
    public byte EstimatedLabels;
    public bool Teaches;
    public bool IsGone;
}
