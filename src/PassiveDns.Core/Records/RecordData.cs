namespace PassiveDns;

/// <summary>Walks over the data of one record by the one table, <see cref="RecordSchema"/>: canonical form, and the names and addresses inside.</summary>
public static class RecordData
{
    /// <summary>Turns rdata as it stands in a message into canonical form (RFC 4034 section 6.2): names expanded and, for the listed types, folded.</summary>
    /// <param name="message">The whole message: compressed names point into it.</param>
    /// <param name="offset">Where the rdata starts.</param>
    /// <param name="length">RDLENGTH; the rdata must fill it exactly.</param>
    /// <param name="type">The type.</param>
    /// <param name="destination">Room for the result; 65,535 octets always suffice, as longer data counts as malformed.</param>
    /// <param name="written">The octets written; 0 if the result is <see cref="RdataStatus.Malformed"/>.</param>
    public static RdataStatus Canonicalize(
        ReadOnlySpan<byte> message, int offset, int length, RecordType type, Span<byte> destination, out int written) =>
        throw new NotSupportedException();

    /// <summary>The address that a record of type A or AAAA holds.</summary>
    /// <param name="type">The type.</param>
    /// <param name="canonical">Canonical rdata.</param>
    /// <param name="address">The address.</param>
    public static bool TryGetAddress(RecordType type, ReadOnlySpan<byte> canonical, out HostAddress address) => throw new NotSupportedException();

    /// <summary>The name that a record points to: NS, CNAME, DNAME, PTR, MX, SRV, SVCB, HTTPS, SOA (primary server) and the like.</summary>
    /// <param name="type">The type.</param>
    /// <param name="canonical">Canonical rdata.</param>
    /// <param name="buffer">255 octets to fold a name in where canonical rdata keeps its case (SVCB, HTTPS).</param>
    /// <param name="target">The name in canonical wire format, folded to lower case.</param>
    public static bool TryGetTarget(RecordType type, ReadOnlySpan<byte> canonical, Span<byte> buffer, out ReadOnlySpan<byte> target) => throw new NotSupportedException();
}
