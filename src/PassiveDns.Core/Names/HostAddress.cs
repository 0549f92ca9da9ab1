using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Intrinsics;
using System.Text;

namespace PassiveDns;

/// <summary>An IPv4 or IPv6 address as a plain value: no allocation, ordered by family and then by number, without a scope.</summary>
public readonly record struct HostAddress : IComparable<HostAddress>, ISpanFormattable, IUtf8SpanFormattable
{
    private readonly UInt128 _value;

    private HostAddress(UInt128 value, bool isIPv4)
    {
        _value = value;
        IsIPv4 = isIPv4;
    }

    /// <summary>Whether this is an IPv4 address.</summary>
    public bool IsIPv4 { get; }

    /// <summary>The length in octets: 4 or 16.</summary>
    public int Length => IsIPv4 ? 4 : 16;

    /// <summary>Takes the 4 octets of an IPv4 or the 16 octets of an IPv6 address, in network order.</summary>
    /// <exception cref="ArgumentException">The length is neither 4 nor 16.</exception>
    public static HostAddress FromBytes(ReadOnlySpan<byte> octets) => octets.Length switch
    {
        4 => new(BinaryPrimitives.ReadUInt32BigEndian(octets), true),
        16 => new(BinaryPrimitives.ReadUInt128BigEndian(octets), false),
        _ => throw new ArgumentException("An address has 4 or 16 octets.", nameof(octets)),
    };

    /// <summary>Takes a framework address; a scope is left out.</summary>
    public static HostAddress From(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out int length);
        return FromBytes(octets[..length]);
    }

    /// <summary>Reads an address: four decimal numbers, or IPv6 in any form of RFC 4291 section 2.2. No scope, no octal and no shortened IPv4.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address, or zeros when the result is <c>false</c>.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out HostAddress address)
    {
        address = default;
        Span<byte> ascii = stackalloc byte[AddressText.MaxLength];
        Span<byte> octets = stackalloc byte[16];
        if (text.Length > ascii.Length || Ascii.FromUtf16(text, ascii, out int written) != OperationStatus.Done
            || !AddressText.TryParse(ascii[..written], octets, out int length))
        {
            return false;
        }

        address = FromBytes(octets[..length]);
        return true;
    }

    /// <summary>Reads <c>ADDRESS</c> (a network of one address) or <c>ADDRESS/LENGTH</c>, both written in full.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">The address as written: bits behind the prefix are left as they are.</param>
    /// <param name="prefixLength">The length of the network's prefix in bits, 0 to 32 or 128.</param>
    /// <returns><c>false</c> if the text is neither.</returns>
    public static bool TryParseNetwork(ReadOnlySpan<char> text, out HostAddress address, out int prefixLength)
    {
        prefixLength = 0;
        int slash = text.IndexOf('/');
        if (!TryParse(slash < 0 ? text : text[..slash], out address)) return false;
        prefixLength = 8 * address.Length;
        if (slash < 0) return true;
        ReadOnlySpan<char> digits = text[(slash + 1)..];
        if (digits.Length is 0 or > 3 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int given) || given > prefixLength) return false;
        prefixLength = given;
        return true;
    }

    /// <summary>Writes the octets in network order.</summary>
    /// <param name="destination">At least <see cref="Length"/> octets.</param>
    /// <returns>The octets written, 4 or 16.</returns>
    public int CopyTo(Span<byte> destination)
    {
        if (IsIPv4) BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_value);
        else BinaryPrimitives.WriteUInt128BigEndian(destination, _value);
        return Length;
    }

    /// <summary>The highest address of the network with this prefix length that holds this address.</summary>
    /// <param name="prefixLength">The length of the network's prefix in bits, 0 to 32 or 128.</param>
    /// <exception cref="ArgumentOutOfRangeException">The prefix is longer than the address.</exception>
    public HostAddress LastOf(int prefixLength)
    {
        int bits = 8 * Length;
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, bits);
        int hostBits = bits - prefixLength;
        UInt128 hosts = hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
        return new(_value | hosts, IsIPv4);
    }

    /// <summary>The address as the framework's type.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[16];
        return new(octets[..CopyTo(octets)]);
    }

    /// <summary>The address family.</summary>
    public AddressFamily Family => IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;

    /// <summary>A hash under the secret key of <see cref="OctetHash"/>: addresses are chosen by strangers.</summary>
    public override int GetHashCode() => (int)OctetHash.ComputeShort(Vector256.Create((ulong)_value, (ulong)(_value >> 64), 0, 0).AsByte(), Length);

    /// <summary>IPv4 before IPv6, then by number.</summary>
    public int CompareTo(HostAddress other) => IsIPv4 == other.IsIPv4 ? _value.CompareTo(other._value) : IsIPv4 ? -1 : 1;

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(HostAddress left, HostAddress right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(HostAddress left, HostAddress right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/> or equals it.</summary>
    public static bool operator <=(HostAddress left, HostAddress right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/> or equals it.</summary>
    public static bool operator >=(HostAddress left, HostAddress right) => left.CompareTo(right) >= 0;

    /// <summary>The address in text; IPv6 as RFC 5952 says.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[AddressText.MaxLength];
        return Encoding.ASCII.GetString(text[..Format(text)]);
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
    {
        Span<byte> text = stackalloc byte[AddressText.MaxLength];
        text = text[..Format(text)];
        bool fits = text.Length <= destination.Length;
        charsWritten = fits ? Encoding.ASCII.GetChars(text, destination) : 0;
        return fits;
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default, IFormatProvider? provider = null)
    {
        Span<byte> text = stackalloc byte[AddressText.MaxLength];
        text = text[..Format(text)];
        bool fits = text.TryCopyTo(utf8Destination);
        bytesWritten = fits ? text.Length : 0;
        return fits;
    }

    private int Format(Span<byte> text)
    {
        Span<byte> octets = stackalloc byte[16];
        return AddressText.Format(octets[..CopyTo(octets)], text);
    }
}
