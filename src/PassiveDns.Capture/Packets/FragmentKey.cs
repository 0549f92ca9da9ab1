namespace PassiveDns.Capture;

/// <summary>What the fragments of one datagram have in common.</summary>
internal readonly record struct FragmentKey(HostAddress Source, HostAddress Destination, uint Id, byte Protocol)
{
    // HashCode is seeded per process: addresses and identifiers are hostile input
    public override int GetHashCode() => HashCode.Combine(Source, Destination, Id, Protocol);
}
