using System.Numerics;

namespace PassiveDns.Analysis;

/// <summary>The size of an RSA public key in DER: SubjectPublicKeyInfo, which everybody publishes, or the bare RSAPublicKey that RFC 6376 names. Never trusts its input.</summary>
internal static class RsaModulus
{
    private const byte Integer = 0x02, BitString = 0x03, Sequence = 0x30;

    private static ReadOnlySpan<byte> RsaEncryption => [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]; // 1.2.840.113549.1.1.1

    /// <summary>The bits of the modulus, or <c>null</c> if the octets are no RSA key.</summary>
    public static int? Bits(ReadOnlySpan<byte> key)
    {
        int at = 0;
        if (!TryTake(key, ref at, Sequence, out Range body) || at != key.Length) return null;
        ReadOnlySpan<byte> fields = key[body];
        if (!fields.IsEmpty && fields[0] == Sequence)
        {
            at = 0;
            if (!TryTake(fields, ref at, Sequence, out Range algorithm) || !fields[algorithm].StartsWith(RsaEncryption)) return null;
            if (!TryTake(fields, ref at, BitString, out Range bits) || at != fields.Length) return null;
            fields = fields[bits];
            if (fields.IsEmpty || fields[0] != 0) return null; // no unused bits
            fields = fields[1..];
            at = 0;
            if (!TryTake(fields, ref at, Sequence, out body) || at != fields.Length) return null;
            fields = fields[body];
        }

        at = 0;
        if (!TryTake(fields, ref at, Integer, out Range number) || !TryTake(fields, ref at, Integer, out Range exponent) || at != fields.Length || fields[exponent].IsEmpty) return null;
        ReadOnlySpan<byte> modulus = fields[number];
        if (modulus.IsEmpty || modulus[0] >= 0x80) return null; // negative
        modulus = modulus.TrimStart((byte)0);
        return modulus.IsEmpty ? null : (8 * modulus.Length) - (BitOperations.LeadingZeroCount(modulus[0]) - 24);
    }

    // One element with a definite length of at most two octets: keys beyond 64 KiB do not fit a record.
    private static bool TryTake(ReadOnlySpan<byte> octets, ref int at, byte tag, out Range content)
    {
        content = default;
        if (octets.Length - at < 2 || octets[at] != tag) return false;
        int length = octets[at + 1], start = at + 2;
        if (length is 0x81 or 0x82)
        {
            int more = length - 0x80;
            if (octets.Length - start < more) return false;
            length = more == 1 ? octets[start] : (octets[start] << 8) | octets[start + 1];
            start += more;
        }
        else if (length >= 0x80)
        {
            return false;
        }

        if (octets.Length - start < length) return false;
        at = start + length;
        content = start..at;
        return true;
    }
}
