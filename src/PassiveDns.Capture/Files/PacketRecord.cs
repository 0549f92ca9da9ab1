namespace PassiveDns.Capture;

/// <summary>A packet as it lies in the window of a capture file.</summary>
internal struct PacketRecord
{
    public int Offset;
    public int Length;
    public long OriginalLength;
    public LinkType Link;
    public bool HasTime;
    public long UnixNanoseconds;
}
