namespace PassiveDns.Benchmarks.Packets;

/// <summary>A way to read a capture file of one kind, packet by packet, and to find the UDP payload in each.</summary>
internal abstract class PacketReader
{
    public abstract string Name { get; }

    /// <summary>Whether what it allocates is the collector's to count.</summary>
    public virtual bool IsManaged => true;

    /// <summary>Reads the whole file.</summary>
    public abstract PacketCounts Read(string path);
}
