namespace PassiveDns;

internal static partial class ServiceParams
{
    private const int MaxTransports = 16; // the draft names four; each is compared with all before it

    /// <summary>
    /// draft-johani-dnsop-svcb-oots-00: entries of a length octet, the identifier of a transport, and a share of 0 to 100 percent, no
    /// transport twice. Only identifiers of letters, digits and hyphens can stand in the text form.
    /// </summary>
    private static bool AreTransportsSound(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = value;
        int count = 0;
        while (!rest.IsEmpty)
        {
            if (!TryReadTransport(ref rest, out ReadOnlySpan<byte> transport, out byte share) || share > 100 || ++count > MaxTransports) return false;
            foreach (byte b in transport)
            {
                if (!char.IsAsciiLetterOrDigit((char)b) && b != '-') return false;
            }

            ReadOnlySpan<byte> before = value[..^(rest.Length + transport.Length + 2)];
            while (TryReadTransport(ref before, out ReadOnlySpan<byte> other, out _))
            {
                if (other.SequenceEqual(transport)) return false;
            }
        }

        return count > 0;
    }

    /// <summary>Takes the next entry; <c>false</c> if there is none or it is cut off.</summary>
    public static bool TryReadTransport(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> transport, out byte share)
    {
        transport = default;
        share = 0;
        if (rest.IsEmpty || rest[0] == 0 || rest[0] + 2 > rest.Length) return false;
        transport = rest.Slice(1, rest[0]);
        share = rest[rest[0] + 1];
        rest = rest[(rest[0] + 2)..];
        return true;
    }
}
