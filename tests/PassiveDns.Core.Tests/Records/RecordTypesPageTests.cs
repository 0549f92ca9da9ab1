using System.Globalization;
using System.Text;

namespace PassiveDns.Tests;

/// <summary>The page docs/record-types.md is what the table of record types says, and no registered type is left out of both.</summary>
public class RecordTypesPageTests
{
    /// <summary>Where the wire format is published. A number alone is an RFC.</summary>
    private static readonly Dictionary<string, string> s_sources = Pairs(
        """
        A 1035|NS 1035|MD 1035|MF 1035|CNAME 1035|SOA 1035|MB 1035|MG 1035|MR 1035|WKS 1035|PTR 1035|HINFO 1035|MINFO 1035|MX 1035|TXT 1035
        RP 1183|AFSDB 1183|X25 1183|ISDN 1183|RT 1183|NSAP 1706|NSAP-PTR 1706|SIG 2535|KEY 2535|PX 2163|GPOS 1712|AAAA 3596|LOC 1876|NXT 2535
        EID Nimrod draft (Patton)|NIMLOC Nimrod draft (Patton)|SRV 2782|ATMA ATM Forum AF-DANS-0152|NAPTR 3403|KX 2230|CERT 4398|A6 2874|DNAME 6672
        SINK draft-eastlake-kitchen-sink-02|APL 3123|DS 4034|SSHFP 4255|IPSECKEY 4025|RRSIG 4034|NSEC 4034|DNSKEY 4034|DHCID 4701|NSEC3 5155
        NSEC3PARAM 5155|TLSA 6698|SMIMEA 8162|HIP 8005|NINFO registration template|RKEY registration template|TALINK registration template
        CDS 7344|CDNSKEY 7344|OPENPGPKEY 7929|CSYNC 7477|ZONEMD 8976|SVCB 9460|HTTPS 9460|DSYNC 9859|HHIT 9886|BRID 9886|SPF 7208|NID 6742|L32 6742
        L64 6742|LP 6742|EUI48 7043|EUI64 7043|URI 7553|CAA 8659|AVC registration template|DOA draft-durand-doa-over-dns|AMTRELAY 8777|RESINFO 9606
        WALLET registration template|CLA registration template|IPN registration template|TA 4034, as DS|DLV 4431
        """);

    /// <summary>Why a named type has no row.</summary>
    private static readonly Dictionary<string, string> s_opaque = Pairs(
        """
        NULL RFC 1035: any octets at all|OPT RFC 6891: belongs to the transport of one message; never stored
        NXNAME RFC 9824: stands in type bitmaps only|TKEY RFC 2930: belongs to one exchange; never stored
        TSIG RFC 8945: belongs to one message; never stored|IXFR RFC 1995: a question|AXFR RFC 5936: a question|MAILB RFC 1035: a question
        MAILA RFC 1035: a question|ANY RFC 8482: a question|UINFO reserved, never specified|UID reserved, never specified
        GID reserved, never specified|UNSPEC reserved, never specified
        """);

    [Fact]
    public void The_page_of_record_types_is_current()
    {
        string page = TestData.CorpusPath("../../docs/record-types.md");
        string current = Write();
        if (!File.Exists(page) || File.ReadAllText(page) != current)
        {
            string made = Path.Combine(AppContext.BaseDirectory, "record-types.md");
            File.WriteAllText(made, current);
            Assert.Fail($"docs/record-types.md is not what the table says; a current one is at {made}.");
        }
    }

    private static string Write()
    {
        StringBuilder page = new(
            """
            # Record types

            Written from the table in `RecordSchema` by `RecordTypesPageTests`, which says so when it is out of date. Each type is read from messages into canonical form, printed as
            text, and read from text. Names in *canonical* data are lower case where the third column says *folds*; *compression* marks the types in which receivers must expand pointers
            (elsewhere pointers are expanded too, and noted).

            | type | number | names | published in | text |
            |---|---|---|---|---|

            """);
        RecordType[] types = [.. Enum.GetValues<RecordType>().Where(type => type != RecordType.None)];
        foreach (RecordType type in types)
        {
            if (RecordSchema.Find(type) is not { } row) continue;
            bool hasNames = row.Fields.Any(kind => kind is FieldKind.Name or FieldKind.Names or FieldKind.OptionalName);
            string names = (hasNames, row.FoldsNames, row.AllowsCompression) switch
            {
                (false, _, _) => "",
                (_, true, true) => "folds, compression",
                (_, true, false) => "folds",
                _ => "kept",
            };
            string source = s_sources[row.Mnemonic];
            if (char.IsAsciiDigit(source[0])) source = "RFC " + source;
            string text = string.Join(' ', row.Fields.Select(Notation));
            page.Append(CultureInfo.InvariantCulture, $"| {row.Mnemonic} | {(int)type} | {names} | {source} | {text} |\n");
        }

        page.Append(
            """

            Data against the rules of its type, and all data of other types, is printed as `\# length HEX` (RFC 3597), which is read for every type. Service parameters have these names:
            `mandatory`, `alpn`, `no-default-alpn`, `port`, `ipv4hint`, `ech`, `ipv6hint`, `dohpath`, `ohttp`, `tls-supported-groups`, `docpath`, `pvd`, `oots`; others are `keyN`.

            ## Opaque on purpose

            | type | number | why |
            |---|---|---|

            """);
        foreach (RecordType type in types)
        {
            string name = RecordTypeNames.Format(type);
            if (RecordSchema.Find(type) is null) page.Append(CultureInfo.InvariantCulture, $"| {name} | {(int)type} | {s_opaque[name]} |\n");
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    private static string Notation(FieldKind kind) => kind switch
    {
        FieldKind.U8 or FieldKind.U16 or FieldKind.U32 or FieldKind.U64 => "number",
        FieldKind.Algorithm => "algorithm",
        FieldKind.CertificateType => "certificate-type",
        FieldKind.Protocol => "protocol",
        FieldKind.NotificationScheme => "scheme",
        FieldKind.Name => "name",
        FieldKind.OptionalName => "[name]",
        FieldKind.Names => "name...",
        FieldKind.Address4 => "192.0.2.1",
        FieldKind.Address6 => "2001:db8::1",
        FieldKind.AddressSuffix => "[::1]",
        FieldKind.TypeNumber => "TYPE",
        FieldKind.Time => "YYYYMMDDHHmmSS",
        FieldKind.CharString => "\"string\"",
        FieldKind.OptionalCharString => "[\"string\"]",
        FieldKind.CharStrings => "\"string\"...",
        FieldKind.Text => "\"text\"",
        FieldKind.Tag => "tag",
        FieldKind.Hex or FieldKind.DelegationDigest or FieldKind.ZoneDigest => "HEX",
        FieldKind.NsapAddress => "0xHEX",
        FieldKind.AtmAddress => "HEX or +digits",
        FieldKind.Base64 => "base64",
        FieldKind.OptionalBase64 => "[base64]",
        FieldKind.Base64OrHyphen => "base64 or -",
        FieldKind.Salt => "HEX or -",
        FieldKind.Hash => "BASE32HEX",
        FieldKind.TypeBitmap or FieldKind.NxtBitmap => "TYPE...",
        FieldKind.OptionalTypeBitmap => "[TYPE...]",
        FieldKind.PortBitmap => "port...",
        FieldKind.SvcParams => "key=value...",
        FieldKind.Location => "d m s N d m s E altitude size precision precision",
        FieldKind.AddressPrefixes => "[!]family:address/length...",
        FieldKind.Gateway or FieldKind.Relay => "name, address or .",
        FieldKind.RelayType => "discovery type",
        FieldKind.HostIdentity => "algorithm HEX base64",
        FieldKind.Eui48 => "00-00-5e-00-53-2a",
        FieldKind.Eui64 => "00-00-5e-ef-10-00-00-2a",
        FieldKind.Locator64 => "2001:0db8:1140:1000",
        _ => throw new InvalidOperationException($"The page has no notation for {kind}."),
    };

    private static Dictionary<string, string> Pairs(string text) =>
        text.Split(['|', '\n'], StringSplitOptions.TrimEntries).ToDictionary(pair => pair[..pair.IndexOf(' ')], pair => pair[(pair.IndexOf(' ') + 1)..]);
}
