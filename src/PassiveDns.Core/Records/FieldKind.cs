namespace PassiveDns;

/// <summary>
/// How one field of rdata stands on the wire and how it reads as text. A type is a list of these (<see cref="RecordSchema.Fields"/>);
/// canonical form, text and the search for names and addresses are walks over that list.
/// </summary>
public enum FieldKind : byte
{
    /// <summary>Nothing on the wire, a dot in text: the absent gateway of IPSECKEY (RFC 4025 section 2.5) and AMTRELAY (RFC 8777 section 4.2.4).</summary>
    None,

    /// <summary>An 8-bit number.</summary>
    U8,

    /// <summary>A 16-bit number.</summary>
    U16,

    /// <summary>A 32-bit number.</summary>
    U32,

    /// <summary>A 64-bit number.</summary>
    U64,

    /// <summary>A domain name (RFC 1035 section 3.1).</summary>
    Name,

    /// <summary>Names up to the end, possibly none (RFC 8005 section 5).</summary>
    Names,

    /// <summary>A name, or nothing if the rdata ends before it (RFC 2874 section 3.1).</summary>
    OptionalName,

    /// <summary>An IPv4 address, 4 octets.</summary>
    Address4,

    /// <summary>An IPv6 address, 16 octets, as text in the form of RFC 5952.</summary>
    Address6,

    /// <summary>A record type in 16 bits, as text its mnemonic.</summary>
    TypeNumber,

    /// <summary>A DNSSEC algorithm in 8 bits: a number in text, whose mnemonic is understood too (RFC 4034 appendix A.1).</summary>
    Algorithm,

    /// <summary>A certificate type in 16 bits: a number in text, whose mnemonic is understood too (RFC 4398 section 2.1).</summary>
    CertificateType,

    /// <summary>An IP protocol in 8 bits: a number in text, whose name is understood too (RFC 1035 section 3.4.2).</summary>
    Protocol,

    /// <summary>Seconds since 1970 in 32 bits, as text YYYYMMDDHHmmSS (RFC 4034 section 3.2).</summary>
    Time,

    /// <summary>A character-string: a length octet and so many octets (RFC 1035 section 3.3), quoted in text.</summary>
    CharString,

    /// <summary>A character-string that may be missing at the end (RFC 1183 section 3.2).</summary>
    OptionalCharString,

    /// <summary>Character-strings up to the end, at least one (RFC 1035 section 3.3.14).</summary>
    CharStrings,

    /// <summary>The rest, without a length octet, quoted in text (RFC 7553 section 4.4, RFC 8659 section 4.1).</summary>
    Text,

    /// <summary>The tag of a CAA record: a length octet and letters or digits (RFC 8659 section 4.1).</summary>
    Tag,

    /// <summary>The rest, at least one octet, in upper-case hexadecimal.</summary>
    Hex,

    /// <summary>The rest, at least one octet, in upper-case hexadecimal behind <c>0x</c> (RFC 1706 section 7).</summary>
    NsapAddress,

    /// <summary>
    /// The rest: a format octet, then an ATM address in hexadecimal (format 0) or the digits of a telephone number behind a plus sign
    /// (format 1; ATM Forum AF-DANS-0152.000 section 5.2).
    /// </summary>
    AtmAddress,

    /// <summary>
    /// The low octets of an IPv6 address, as many as the prefix length in the octet before leaves; no text if it leaves none
    /// (RFC 2874 section 3.1).
    /// </summary>
    AddressSuffix,

    /// <summary>The rest: a DS digest, whose type is the octet before it (RFC 4034 section 5.1).</summary>
    DelegationDigest,

    /// <summary>The rest: a ZONEMD digest, whose algorithm is the octet before it (RFC 8976 section 2.2).</summary>
    ZoneDigest,

    /// <summary>The rest, at least one octet, in Base64.</summary>
    Base64,

    /// <summary>The rest in Base64; no text at all if it is empty (RFC 4025 section 3.1).</summary>
    OptionalBase64,

    /// <summary>The rest in Base64, or a hyphen if it is empty.</summary>
    Base64OrHyphen,

    /// <summary>A length octet and a salt, in hexadecimal or as a hyphen (RFC 5155 section 3.3).</summary>
    Salt,

    /// <summary>A length octet and a hash, in Base32hex without padding (RFC 5155 section 3.3).</summary>
    Hash,

    /// <summary>A type bitmap with at least one window (RFC 4034 section 4.1.2).</summary>
    TypeBitmap,

    /// <summary>A type bitmap that may be empty (RFC 5155 section 3.2.1, RFC 7477 section 2.1.1.2.1).</summary>
    OptionalTypeBitmap,

    /// <summary>The bitmap of the types 0 to 127 in the historic NXT record (RFC 2535 section 5.2).</summary>
    NxtBitmap,

    /// <summary>A bitmap of ports, as text their numbers; names of services are understood too (RFC 1035 section 3.4.2).</summary>
    PortBitmap,

    /// <summary>Service parameters (RFC 9460 section 2.2).</summary>
    SvcParams,

    /// <summary>A place on Earth: the whole LOC record (RFC 1876 section 2).</summary>
    Location,

    /// <summary>Address prefixes up to the end (RFC 3123 section 4).</summary>
    AddressPrefixes,

    /// <summary>A gateway whose type stands two octets before it (RFC 4025 section 2.5).</summary>
    Gateway,

    /// <summary>The discovery bit and the relay type of AMTRELAY in one octet, two numbers in text (RFC 8777 section 4.2).</summary>
    RelayType,

    /// <summary>A relay whose type stands in the octet before it (RFC 8777 section 4.2.4).</summary>
    Relay,

    /// <summary>Lengths, algorithm, tag and public key of a HIP record (RFC 8005 section 5).</summary>
    HostIdentity,

    /// <summary>A 48-bit identifier, hexadecimal pairs joined by hyphens (RFC 7043 section 3).</summary>
    Eui48,

    /// <summary>A 64-bit identifier, hexadecimal pairs joined by hyphens (RFC 7043 section 4).</summary>
    Eui64,

    /// <summary>A 64-bit identifier or locator, four groups of hexadecimal digits (RFC 6742 section 2.1).</summary>
    Locator64,

    /// <summary>A notification scheme in 8 bits: a number in text; NOTIFY is understood too (RFC 9859 section 2.1).</summary>
    NotificationScheme,
}
