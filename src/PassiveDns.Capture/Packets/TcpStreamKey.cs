namespace PassiveDns.Capture;

/// <summary>One direction of a connection.</summary>
internal readonly record struct TcpStreamKey(HostAddress Source, HostAddress Destination, ushort SourcePort, ushort DestinationPort)
{
    // HashCode is seeded per process: addresses and ports are hostile input
    public override int GetHashCode() => HashCode.Combine(Source, Destination, SourcePort << 16 | DestinationPort);
}
