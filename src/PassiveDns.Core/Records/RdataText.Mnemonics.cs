using System.Text;

namespace PassiveDns;

/// <summary>Words that other programs write where we write numbers. They are read, never written, as not all of them know the same words.</summary>
public static partial class RdataText
{
    // IANA "DNS Security Algorithm Numbers"; RSASHA1-NSEC3-SHA1 and its like have an older spelling without the hash at the end
    private static readonly (string Word, int Number)[] s_algorithms =
    [
        ("RSAMD5", 1), ("DH", 2), ("DSA", 3), ("RSASHA1", 5), ("DSA-NSEC3-SHA1", 6), ("NSEC3DSA", 6), ("RSASHA1-NSEC3-SHA1", 7),
        ("NSEC3RSASHA1", 7), ("RSASHA256", 8), ("RSASHA512", 10), ("ECC-GOST", 12), ("ECCGOST", 12), ("ECDSAP256SHA256", 13),
        ("ECDSAP384SHA384", 14), ("ED25519", 15), ("ED448", 16), ("SM2SM3", 17), ("ECC-GOST12", 23), ("INDIRECT", 252), ("PRIVATEDNS", 253),
        ("PRIVATEOID", 254),
    ];

    // RFC 4398 section 2.1
    private static readonly (string Word, int Number)[] s_certificateTypes =
    [
        ("PKIX", 1), ("SPKI", 2), ("PGP", 3), ("IPKIX", 4), ("ISPKI", 5), ("IPGP", 6), ("ACPKIX", 7), ("IACPKIX", 8), ("URI", 253), ("OID", 254),
    ];

    private static readonly (string Word, int Number)[] s_protocols = [("TCP", 6), ("UDP", 17)];

    private static readonly (string Word, int Number)[] s_notificationSchemes = [("NOTIFY", 1)]; // RFC 9859 section 6.2

    private static bool TryParseMnemonic(ReadOnlySpan<byte> word, (string Word, int Number)[] known, out ulong number)
    {
        foreach ((string candidate, int value) in known)
        {
            if (!Ascii.EqualsIgnoreCase(word, candidate)) continue;
            number = (ulong)value;
            return true;
        }

        number = 0;
        return false;
    }
}
