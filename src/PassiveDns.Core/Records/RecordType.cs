namespace PassiveDns;

/// <summary>
/// The type of a record, named as in the IANA registry (a hyphen becomes an underscore). Every 16-bit value is legal; types without a
/// name here work through RFC 3597.
/// </summary>
public enum RecordType : ushort
{
    /// <summary>No type; reserved (RFC 6895 section 3.1).</summary>
    None = 0,

    /// <summary>A, type 1.</summary>
    A = 1,

    /// <summary>NS, type 2.</summary>
    NS = 2,

    /// <summary>MD, type 3.</summary>
    MD = 3,

    /// <summary>MF, type 4.</summary>
    MF = 4,

    /// <summary>CNAME, type 5.</summary>
    CNAME = 5,

    /// <summary>SOA, type 6.</summary>
    SOA = 6,

    /// <summary>MB, type 7.</summary>
    MB = 7,

    /// <summary>MG, type 8.</summary>
    MG = 8,

    /// <summary>MR, type 9.</summary>
    MR = 9,

    /// <summary>NULL, type 10.</summary>
    NULL = 10,

    /// <summary>WKS, type 11.</summary>
    WKS = 11,

    /// <summary>PTR, type 12.</summary>
    PTR = 12,

    /// <summary>HINFO, type 13.</summary>
    HINFO = 13,

    /// <summary>MINFO, type 14.</summary>
    MINFO = 14,

    /// <summary>MX, type 15.</summary>
    MX = 15,

    /// <summary>TXT, type 16.</summary>
    TXT = 16,

    /// <summary>RP, type 17.</summary>
    RP = 17,

    /// <summary>AFSDB, type 18.</summary>
    AFSDB = 18,

    /// <summary>X25, type 19.</summary>
    X25 = 19,

    /// <summary>ISDN, type 20.</summary>
    ISDN = 20,

    /// <summary>RT, type 21.</summary>
    RT = 21,

    /// <summary>NSAP, type 22.</summary>
    NSAP = 22,

    /// <summary>NSAP-PTR, type 23.</summary>
    NSAP_PTR = 23,

    /// <summary>SIG, type 24.</summary>
    SIG = 24,

    /// <summary>KEY, type 25.</summary>
    KEY = 25,

    /// <summary>PX, type 26.</summary>
    PX = 26,

    /// <summary>GPOS, type 27.</summary>
    GPOS = 27,

    /// <summary>AAAA, type 28.</summary>
    AAAA = 28,

    /// <summary>LOC, type 29.</summary>
    LOC = 29,

    /// <summary>NXT, type 30.</summary>
    NXT = 30,

    /// <summary>EID, type 31.</summary>
    EID = 31,

    /// <summary>NIMLOC, type 32.</summary>
    NIMLOC = 32,

    /// <summary>SRV, type 33.</summary>
    SRV = 33,

    /// <summary>ATMA, type 34.</summary>
    ATMA = 34,

    /// <summary>NAPTR, type 35.</summary>
    NAPTR = 35,

    /// <summary>KX, type 36.</summary>
    KX = 36,

    /// <summary>CERT, type 37.</summary>
    CERT = 37,

    /// <summary>A6, type 38.</summary>
    A6 = 38,

    /// <summary>DNAME, type 39.</summary>
    DNAME = 39,

    /// <summary>SINK, type 40.</summary>
    SINK = 40,

    /// <summary>OPT, type 41.</summary>
    OPT = 41,

    /// <summary>APL, type 42.</summary>
    APL = 42,

    /// <summary>DS, type 43.</summary>
    DS = 43,

    /// <summary>SSHFP, type 44.</summary>
    SSHFP = 44,

    /// <summary>IPSECKEY, type 45.</summary>
    IPSECKEY = 45,

    /// <summary>RRSIG, type 46.</summary>
    RRSIG = 46,

    /// <summary>NSEC, type 47.</summary>
    NSEC = 47,

    /// <summary>DNSKEY, type 48.</summary>
    DNSKEY = 48,

    /// <summary>DHCID, type 49.</summary>
    DHCID = 49,

    /// <summary>NSEC3, type 50.</summary>
    NSEC3 = 50,

    /// <summary>NSEC3PARAM, type 51.</summary>
    NSEC3PARAM = 51,

    /// <summary>TLSA, type 52.</summary>
    TLSA = 52,

    /// <summary>SMIMEA, type 53.</summary>
    SMIMEA = 53,

    /// <summary>HIP, type 55.</summary>
    HIP = 55,

    /// <summary>NINFO, type 56.</summary>
    NINFO = 56,

    /// <summary>RKEY, type 57.</summary>
    RKEY = 57,

    /// <summary>TALINK, type 58.</summary>
    TALINK = 58,

    /// <summary>CDS, type 59.</summary>
    CDS = 59,

    /// <summary>CDNSKEY, type 60.</summary>
    CDNSKEY = 60,

    /// <summary>OPENPGPKEY, type 61.</summary>
    OPENPGPKEY = 61,

    /// <summary>CSYNC, type 62.</summary>
    CSYNC = 62,

    /// <summary>ZONEMD, type 63.</summary>
    ZONEMD = 63,

    /// <summary>SVCB, type 64.</summary>
    SVCB = 64,

    /// <summary>HTTPS, type 65.</summary>
    HTTPS = 65,

    /// <summary>DSYNC, type 66.</summary>
    DSYNC = 66,

    /// <summary>HHIT, type 67.</summary>
    HHIT = 67,

    /// <summary>BRID, type 68.</summary>
    BRID = 68,

    /// <summary>SPF, type 99.</summary>
    SPF = 99,

    /// <summary>NID, type 104.</summary>
    NID = 104,

    /// <summary>L32, type 105.</summary>
    L32 = 105,

    /// <summary>L64, type 106.</summary>
    L64 = 106,

    /// <summary>LP, type 107.</summary>
    LP = 107,

    /// <summary>EUI48, type 108.</summary>
    EUI48 = 108,

    /// <summary>EUI64, type 109.</summary>
    EUI64 = 109,

    /// <summary>NXNAME, type 128.</summary>
    NXNAME = 128,

    /// <summary>TKEY, type 249.</summary>
    TKEY = 249,

    /// <summary>TSIG, type 250.</summary>
    TSIG = 250,

    /// <summary>IXFR, type 251.</summary>
    IXFR = 251,

    /// <summary>AXFR, type 252.</summary>
    AXFR = 252,

    /// <summary>MAILB, type 253.</summary>
    MAILB = 253,

    /// <summary>MAILA, type 254.</summary>
    MAILA = 254,

    /// <summary>ANY, type 255.</summary>
    ANY = 255,

    /// <summary>URI, type 256.</summary>
    URI = 256,

    /// <summary>CAA, type 257.</summary>
    CAA = 257,

    /// <summary>AVC, type 258.</summary>
    AVC = 258,

    /// <summary>DOA, type 259.</summary>
    DOA = 259,

    /// <summary>AMTRELAY, type 260.</summary>
    AMTRELAY = 260,

    /// <summary>RESINFO, type 261.</summary>
    RESINFO = 261,

    /// <summary>WALLET, type 262.</summary>
    WALLET = 262,

    /// <summary>CLA, type 263.</summary>
    CLA = 263,

    /// <summary>IPN, type 264.</summary>
    IPN = 264,

    /// <summary>TA, type 32768.</summary>
    TA = 32768,

    /// <summary>DLV, type 32769.</summary>
    DLV = 32769,
}
