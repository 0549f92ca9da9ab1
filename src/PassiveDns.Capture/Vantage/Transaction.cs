using System.Runtime.InteropServices;

namespace PassiveDns.Capture;

/// <summary>A resolver's query and what has answered it so far.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Transaction
{
    public ulong Hash;
    public long Asked;
    public PendingPacket Packet; // the one in which the query came
    public long Answered;
    public long Ticket; // of the accepted response in HeldResponses, or -1
    public ulong Fingerprint; // of the accepted response
    public int Next; // in the chain of its bucket, or -1
    public int Previous;
    public int KeyOffset;
    public int KeyLength;
    public bool IsAnswered;
    public bool IsContested;
}
