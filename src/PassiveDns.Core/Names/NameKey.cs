namespace PassiveDns;

/// <summary>
/// The reversed key of a name, whose byte order is the canonical order of RFC 4034 section 6.1.
/// </summary>
/// <remarks>
/// For each label from the root side: its octets, 00 written as 01 01 and 01 as 01 02, then 00; after the last label one more 00. So the
/// root is <c>00</c> and "example.com." is <c>com 00 example 00 00</c>. All names under N start with the key of N less its last octet,
/// and labels under N that start with some letters are a prefix too. No key is the prefix of another.
/// </remarks>
public static class NameKey
{
    /// <summary>The longest key: 505 octets for a 255-octet name whose octets all need an escape, rounded up.</summary>
    public const int MaxLength = 512;

    /// <summary>Writes the key of a canonical name.</summary>
    /// <param name="canonicalWire">The name as in <see cref="DomainName.Wire"/>.</param>
    /// <param name="destination">Room for the key; <see cref="MaxLength"/> octets always suffice.</param>
    /// <returns>The octets written.</returns>
    public static int Write(ReadOnlySpan<byte> canonicalWire, Span<byte> destination)
    {
        Span<byte> starts = stackalloc byte[DomainName.MaxLabels + 1];
        int labels = 0;
        for (int at = 0; canonicalWire[at] != 0; at += canonicalWire[at] + 1) starts[labels++] = (byte)at;
        int written = 0;
        while (--labels >= 0)
        {
            int at = starts[labels];
            foreach (byte b in canonicalWire.Slice(at + 1, canonicalWire[at]))
            {
                if (b <= 1)
                {
                    destination[written++] = 1;
                    destination[written++] = (byte)(b + 1);
                }
                else
                {
                    destination[written++] = b;
                }
            }

            destination[written++] = 0;
        }

        destination[written++] = 0;
        return written;
    }

    /// <summary>Reads a key back into a canonical name.</summary>
    /// <param name="key">Starts with a key that <see cref="Write"/> made; what follows it is left alone.</param>
    /// <param name="destination">Room for the name; 255 octets always suffice.</param>
    /// <param name="keyLength">The octets of <paramref name="key"/> that the name's key takes.</param>
    /// <returns>The octets of wire format written, or -1 if <paramref name="key"/> does not start with a name's key.</returns>
    public static int Read(ReadOnlySpan<byte> key, Span<byte> destination, out int keyLength)
    {
        keyLength = 0;
        Span<byte> reversed = stackalloc byte[DomainName.MaxWireLength];
        Span<byte> ends = stackalloc byte[DomainName.MaxLabels + 1];
        int labels = 0;
        int octets = 0;
        int at = 0;
        int labelStart = 0;
        while (true)
        {
            if (at >= key.Length) return -1;
            byte b = key[at++];
            if (b == 0)
            {
                if (octets == labelStart) break;
                if (labels == DomainName.MaxLabels) return -1;
                ends[labels++] = (byte)octets;
                labelStart = octets;
                continue;
            }

            if (b == 1)
            {
                if (at >= key.Length || key[at] is not (1 or 2)) return -1;
                b = (byte)(key[at++] - 1);
            }

            if (octets - labelStart == DomainName.MaxLabelLength || octets + labels + 2 >= DomainName.MaxWireLength) return -1;
            reversed[octets++] = b;
        }

        keyLength = at;
        int written = 0;
        while (--labels >= 0)
        {
            int start = labels == 0 ? 0 : ends[labels - 1];
            int length = ends[labels] - start;
            destination[written++] = (byte)length;
            reversed.Slice(start, length).CopyTo(destination[written..]);
            written += length;
        }

        destination[written++] = 0;
        return written;
    }
}
