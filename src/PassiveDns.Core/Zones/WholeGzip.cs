namespace PassiveDns;

/// <summary>gzip (RFC 1952) for lines of text, where a file that was cut off must not pass for a whole one.</summary>
public static class WholeGzip
{
    /// <summary>Unpacks; several members one behind the other are one file.</summary>
    /// <param name="packed">The packed octets; left open.</param>
    /// <returns>A stream that throws <see cref="InvalidDataException"/> where the packed octets are damaged or cut off.</returns>
    public static Stream Unpack(Stream packed)
    {
        ArgumentNullException.ThrowIfNull(packed);
        return new WholeGzipStream(packed);
    }
}
