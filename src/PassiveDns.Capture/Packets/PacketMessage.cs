namespace PassiveDns.Capture;

/// <summary>A DNS message with its direction, before the vantage filter. It never leaves the capture room.</summary>
internal readonly ref struct PacketMessage
{
    public required ReadOnlySpan<byte> Message { get; init; }

    public required ReadOnlySpan<byte> Source { get; init; }

    public required ReadOnlySpan<byte> Destination { get; init; }

    public required ushort SourcePort { get; init; }

    public required ushort DestinationPort { get; init; }

    public required byte Protocol { get; init; }

    public required long UnixNanoseconds { get; init; }
}
