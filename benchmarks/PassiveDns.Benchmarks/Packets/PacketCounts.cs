namespace PassiveDns.Benchmarks.Packets;

/// <summary>What a reader found, the same for all of them: how many packets, how many UDP datagrams in them, and how many octets these carry.</summary>
internal struct PacketCounts
{
    public long Packets;
    public long Datagrams;
    public long Octets;
}
