namespace PassiveDns.Analysis;

/// <summary>The network of an address, by a fixed prefix length: the /24 or /48 that stands for a network where no routing table tells.</summary>
/// <param name="First">Its lowest address.</param>
/// <param name="Length">The prefix length in bits.</param>
public readonly record struct AddressPrefix(HostAddress First, int Length)
{
    /// <summary>The network with this prefix length that holds an address.</summary>
    /// <param name="address">The address.</param>
    /// <param name="length">The prefix length in bits, 0 to 32 or 128.</param>
    /// <exception cref="ArgumentOutOfRangeException">The prefix is longer than the address.</exception>
    public static AddressPrefix Of(HostAddress address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 8 * address.Length);
        Span<byte> octets = stackalloc byte[16];
        octets = octets[..address.CopyTo(octets)];
        for (int i = 0; i < octets.Length; i++)
        {
            int kept = Math.Clamp(length - (8 * i), 0, 8);
            octets[i] &= (byte)(0xFF << (8 - kept));
        }

        return new(HostAddress.FromBytes(octets), length);
    }

    /// <summary>Such as <c>192.0.2.0/24</c>.</summary>
    public override string ToString() => $"{First}/{Length}";
}
