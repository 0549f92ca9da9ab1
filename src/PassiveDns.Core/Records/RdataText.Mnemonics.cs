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

    // IANA "Assigned Internet Protocol Numbers", those of the time of WKS (RFC 1010)
    private static readonly (string Word, int Number)[] s_protocols =
    [
        ("ICMP", 1), ("IGMP", 2), ("GGP", 3), ("ST", 5), ("TCP", 6), ("UCL", 7), ("EGP", 8), ("IGP", 9), ("BBN-RCC-MON", 10), ("NVP-II", 11),
        ("PUP", 12), ("ARGUS", 13), ("EMCON", 14), ("XNET", 15), ("CHAOS", 16), ("UDP", 17), ("MUX", 18), ("DCN-MEAS", 19), ("HMP", 20),
        ("PRM", 21), ("XNS-IDP", 22), ("TRUNK-1", 23), ("TRUNK-2", 24), ("LEAF-1", 25), ("LEAF-2", 26), ("RDP", 27), ("IRTP", 28),
        ("ISO-TP4", 29), ("NETBLT", 30), ("MFE-NSP", 31), ("MERIT-INP", 32), ("SEP", 33), ("GRE", 47), ("ESP", 50), ("AH", 51), ("SCTP", 132),
    ];

    // IANA "Service Name and Transport Protocol Port Number Registry": what WKS records name; no name differs between TCP and UDP
    private static readonly (string Word, int Number)[] s_services =
    [
        ("tcpmux", 1), ("rje", 5), ("echo", 7), ("discard", 9), ("systat", 11), ("users", 11), ("daytime", 13), ("netstat", 15), ("qotd", 17),
        ("quote", 17), ("chargen", 19), ("ftp-data", 20), ("ftp", 21), ("ssh", 22), ("telnet", 23), ("smtp", 25), ("time", 37), ("rlp", 39),
        ("nameserver", 42), ("nicname", 43), ("whois", 43), ("tacacs", 49), ("domain", 53), ("bootps", 67), ("bootpc", 68), ("tftp", 69),
        ("gopher", 70), ("finger", 79), ("http", 80), ("www", 80), ("kerberos", 88), ("link", 95), ("supdup", 95),
        ("hostname", 101), ("hostnames", 101), ("iso-tsap", 102),
        ("x400", 103), ("x400-snd", 104), ("csnet-ns", 105),
        ("pop2", 109), ("pop-2", 109), ("pop3", 110), ("pop-3", 110), ("sunrpc", 111), ("auth", 113),
        ("ident", 113), ("sftp", 115), ("uucp-path", 117), ("nntp", 119), ("ntp", 123), ("netbios-ns", 137), ("netbios-dgm", 138),
        ("netbios-ssn", 139), ("imap", 143), ("imap2", 143), ("snmp", 161), ("snmptrap", 162), ("xdmcp", 177), ("bgp", 179), ("irc", 194),
        ("ldap", 389), ("https", 443), ("exec", 512), ("biff", 512), ("login", 513), ("who", 513), ("shell", 514), ("syslog", 514), ("printer", 515),
        ("talk", 517), ("ntalk", 518), ("route", 520), ("uucp", 540), ("submission", 587), ("ldaps", 636), ("imaps", 993), ("pop3s", 995),
    ];

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
