namespace PassiveDns;

/// <summary>
/// A response that passed the capture room: it came from an authoritative server to a resolver and answers a query that the resolver sent.
/// It borrows its octets from the batch it stands in. There is no place in it for the address of a client or of the resolver, on purpose.
/// </summary>
public readonly ref struct CapturedResponse
{
    /// <summary>The DNS message, without any transport's length prefix.</summary>
    public required ReadOnlySpan<byte> Message { get; init; }

    /// <summary>When it was seen, in nanoseconds since 1970 (UTC).</summary>
    public required long UnixNanoseconds { get; init; }

    /// <summary>The address of the server that answered.</summary>
    public required HostAddress Server { get; init; }

    /// <summary>
    /// The zone that the resolver says it asked the server for (dnstap <c>query_zone</c>), canonical and uncompressed in wire format; empty if unknown.
    /// </summary>
    public ReadOnlySpan<byte> QueryZone { get; init; }

    /// <summary>
    /// Whether this product asked the question itself (active probing), in which case <see cref="QueryZone"/> is the zone in whose name the server was
    /// asked. Such answers are kept apart, as <see cref="Provenance.Probe"/>: nobody else asked them.
    /// </summary>
    public bool IsProbe { get; init; }

    /// <summary>When it was seen, in whole Unix seconds.</summary>
    public long UnixSeconds => UnixNanoseconds / 1_000_000_000;
}
