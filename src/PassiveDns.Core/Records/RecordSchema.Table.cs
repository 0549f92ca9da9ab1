using static PassiveDns.FieldKind;
using static PassiveDns.RecordType;

namespace PassiveDns;

public sealed partial class RecordSchema
{
    // Fold: RFC 4034 section 6.2. Both: also compressible by RFC 1035 section 3.3 or RFC 3597 section 4.
    private const NameRules Plain = NameRules.None;
    private const NameRules Fold = NameRules.Fold;
    private const NameRules Both = NameRules.Fold | NameRules.Compress;

    private static readonly RecordSchema s_ta = Row(TA, U16, Algorithm, U8, DelegationDigest);
    private static readonly RecordSchema s_dlv = Row(DLV, U16, Algorithm, U8, DelegationDigest); // RFC 4431 section 2

    private static readonly RecordSchema?[] s_rows = Index(
    [
        // RFC 1035 section 3.3 and 3.4
        Row(A, Address4),
        Row(NS, Both, 0, Name),
        Row(MD, Both, 0, Name),
        Row(MF, Both, 0, Name),
        Row(CNAME, Both, 0, Name),
        Row(SOA, Both, 0, Name, Name, U32, U32, U32, U32, U32),
        Row(MB, Both, 0, Name),
        Row(MG, Both, 0, Name),
        Row(MR, Both, 0, Name),
        Row(WKS, Address4, Protocol, PortBitmap),
        Row(PTR, Both, 0, Name),
        Row(HINFO, CharString, CharString),
        Row(MINFO, Both, -1, Name, Name),
        Row(MX, Both, 1, U16, Name),
        Row(TXT, CharStrings),

        // RFC 1183, RFC 1348, RFC 1712, RFC 2163
        Row(RP, Both, -1, Name, Name),
        Row(AFSDB, Both, 1, U16, Name),
        Row(X25, CharString),
        Row(ISDN, CharString, OptionalCharString),
        Row(RT, Both, 1, U16, Name),
        Row(PX, Both, 1, U16, Name, Name),
        Row(GPOS, CharString, CharString, CharString),

        // RFC 1706: the list of RFC 4034 section 6.2 has no NSAP-PTR
        Row(NSAP, NsapAddress),
        Row(NSAP_PTR, Plain, 0, Name),

        // RFC 2535, historic
        Row(SIG, Both, -1, TypeNumber, Algorithm, U8, U32, Time, Time, U16, Name, Base64),
        Row(KEY, U16, U8, Algorithm, OptionalBase64),
        Row(NXT, Both, -1, Name, NxtBitmap),

        Row(AAAA, Address6), // RFC 3596 section 2.2
        Row(LOC, Location), // RFC 1876 section 2
        Row(EID, Hex), // Patton, "DNS Resource Records for Nimrod Routing Architecture"
        Row(NIMLOC, Hex),
        Row(SRV, Both, 3, U16, U16, U16, Name), // RFC 2782
        Row(ATMA, AtmAddress), // ATM Forum AF-DANS-0152.000
        Row(NAPTR, Both, 5, U16, U16, CharString, CharString, CharString, Name), // RFC 3403 section 4.1
        Row(KX, Fold, 1, U16, Name), // RFC 2230 section 3.1
        Row(CERT, CertificateType, U16, Algorithm, Base64), // RFC 4398 section 2
        Row(A6, Fold, -1, U8, AddressSuffix, OptionalName), // RFC 2874 section 3.1; RFC 3226 section 6 made it historic
        Row(DNAME, Fold, 0, Name), // RFC 6672 section 2.1
        Row(SINK, U8, U8, U8, OptionalBase64), // draft-eastlake-kitchen-sink-02 section 3
        Row(APL, AddressPrefixes), // RFC 3123 section 4

        // RFC 4034, RFC 5155, RFC 7344, RFC 7477
        Row(DS, U16, Algorithm, U8, DelegationDigest),
        Row(RRSIG, Plain, -1, TypeNumber, Algorithm, U8, U32, Time, Time, U16, Name, Base64),
        Row(NSEC, Plain, -1, Name, TypeBitmap),
        Row(DNSKEY, U16, U8, Algorithm, Base64),
        Row(NSEC3, U8, U8, U16, Salt, Hash, OptionalTypeBitmap),
        Row(NSEC3PARAM, U8, U8, U16, Salt),
        Row(RKEY, U16, U8, Algorithm, Base64),
        Row(TALINK, Plain, -1, Name, Name),
        Row(CDS, U16, Algorithm, U8, DelegationDigest),
        Row(CDNSKEY, U16, U8, Algorithm, Base64),
        Row(CSYNC, U32, U16, OptionalTypeBitmap),

        Row(SSHFP, U8, U8, Hex), // RFC 4255 section 3.1
        Row(IPSECKEY, Plain, 3, U8, U8, U8, Gateway, OptionalBase64), // RFC 4025 section 2
        Row(DHCID, Base64), // RFC 4701 section 3.1
        Row(TLSA, U8, U8, U8, Hex), // RFC 6698 section 2.1
        Row(SMIMEA, U8, U8, U8, Hex), // RFC 8162 section 2
        Row(HIP, HostIdentity, Names), // RFC 8005 section 5
        Row(NINFO, CharStrings),
        Row(OPENPGPKEY, Base64), // RFC 7929 section 2.1
        Row(ZONEMD, U32, U8, U8, ZoneDigest), // RFC 8976 section 2.2
        Row(SVCB, Plain, 1, U16, Name, SvcParams), // RFC 9460 section 2.2
        Row(HTTPS, Plain, 1, U16, Name, SvcParams), // RFC 9460 section 9
        Row(DSYNC, Plain, 3, TypeNumber, NotificationScheme, U16, Name), // RFC 9859 section 2
        Row(HHIT, Base64), // RFC 9886
        Row(BRID, Base64), // RFC 9886
        Row(SPF, CharStrings), // RFC 7208 section 3.1

        // RFC 6742, RFC 7043
        Row(NID, U16, Locator64),
        Row(L32, U16, Address4),
        Row(L64, U16, Locator64),
        Row(LP, Plain, 1, U16, Name),
        Row(EUI48, Eui48),
        Row(EUI64, Eui64),

        Row(URI, U16, U16, Text), // RFC 7553 section 4
        Row(CAA, U8, Tag, Text), // RFC 8659 section 4.1
        Row(AVC, CharStrings),
        Row(DOA, U32, U32, U8, CharString, Base64OrHyphen),
        Row(AMTRELAY, Plain, 2, U8, RelayType, Relay), // RFC 8777 section 4
        Row(RESINFO, CharStrings), // RFC 9606 section 4
        Row(WALLET, CharStrings),
        Row(CLA, CharStrings),
        Row(IPN, U64),
    ]);

    private static RecordSchema Row(RecordType type, params FieldKind[] fields) => new(type, NameRules.None, -1, fields);

    private static RecordSchema Row(RecordType type, NameRules rules, int target, params FieldKind[] fields) => new(type, rules, target, fields);

    private static RecordSchema?[] Index(ReadOnlySpan<RecordSchema> rows)
    {
        RecordSchema?[] index = new RecordSchema?[(int)IPN + 1];
        foreach (RecordSchema row in rows) index[(int)row.Type] = row;
        return index;
    }
}
