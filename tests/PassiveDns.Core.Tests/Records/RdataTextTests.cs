using System.Text;

namespace PassiveDns.Tests;

public partial class RdataTextTests
{
    /// <summary>Wire and text on which BIND, Knot, ldns and dnspython agree, or BIND's text where they do not (measured with the tools).</summary>
    [Theory]
    [InlineData(RecordType.NS, "03612e62 076578616d706c65 00", @"a\.b.example.")]
    [InlineData(RecordType.NS, "0400ff205c 076578616d706c65 00", @"\000\255\032\\.example.")]
    [InlineData(RecordType.NS, "0840243b2829222a21 0178 00", @"\@\$\;\(\)\""*!.x.")]
    [InlineData(RecordType.TXT, "0b763d73706631202d616c6c 067122625c733b 04007fc3a9", @"""v=spf1 -all"" ""q\""b\\s;"" ""\000\127\195\169""")]
    [InlineData(RecordType.TXT, "00", @"""""")]
    [InlineData(RecordType.AAAA, "00000000000000000000ffffc0000201", "::ffff:192.0.2.1")]
    [InlineData(RecordType.A, "c0000201", "192.0.2.1")]
    [InlineData(RecordType.MX, "0000 00", "0 .")]
    [InlineData(RecordType.LOC, "00121613 89172dd0 70be166b 00988d20", "42 21 54.000 N 71 6 17.877 W -24.00m 1m 10000m 10m")]
    [InlineData(RecordType.APL, "00011803c00002 00020081ff", "1:192.0.2.0/24 !2:ff00::/0")]
    [InlineData(RecordType.APL, "", @"\# 0")]
    [InlineData(RecordType.NSEC, "04686f7374076578616d706c6500 0006 400100000003 041b 000000000000000000000000000000000000000000000000000020",
        "host.example. A MX RRSIG NSEC TYPE1234")]
    [InlineData(RecordType.CDS, "0000000000", "0 0 0 00")]
    [InlineData(RecordType.CDNSKEY, "0000030000", "0 3 0 AA==")]
    [InlineData(RecordType.HTTPS, "0001 00 0001 0006 026832026833 0003 0002 01bb 0004 0004 c0000201 0006 0010 20010db8000000000000000000000001",
        @"1 . alpn=""h2,h3"" port=443 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1")]
    [InlineData(RecordType.SVCB, "0001 03666f6f076578616d706c6500 029b 0009 68656c6c6fd2716f6f", @"1 foo.example. key667=""hello\210qoo""")]
    [InlineData(RecordType.SVCB, "0010 03666f6f076578616d706c6500 0001 000c 08665c6f6f2c626172 026832",
        @"16 foo.example. alpn=""f\\\\oo\\,bar,h2""")] // RFC 9460 appendix D.2, figure 10
    [InlineData(RecordType.CAA, "80 03 746273 556e226b6e6f776eff", @"128 tbs ""Un\""known\255""")]
    [InlineData(RecordType.CAA, "00 05 6973737565", @"0 issue """"")]
    [InlineData(RecordType.URI, "000a0001 6674703a2f2f667470312e6578616d706c652e636f6d2f707562226c6963", @"10 1 ""ftp://ftp1.example.com/pub\""lic""")]
    [InlineData((RecordType)65280, "0a000001", @"\# 4 0A000001")]
    [InlineData((RecordType)65280, "", @"\# 0")]
    [InlineData(RecordType.SOA, "03612e62 0178 00 04 612e2b62 00 00000001 00000002 00000003 00000004 00000005", @"a\.b.x. a\.+b. 1 2 3 4 5")]
    [InlineData(RecordType.EUI48, "00005e00532a", "00-00-5e-00-53-2a")] // RFC 7043 section 3.2
    [InlineData(RecordType.EUI64, "00005eef1000002a", "00-00-5e-ef-10-00-00-2a")] // RFC 7043 section 4.2
    [InlineData(RecordType.NID, "000a 00144fffff20ee64", "10 0014:4fff:ff20:ee64")] // RFC 6742 section 2.1.3
    [InlineData(RecordType.L32, "000a 0a010200", "10 10.1.2.0")] // RFC 6742 section 2.2.3
    [InlineData(RecordType.L64, "000a 20010db811401000", "10 2001:0db8:1140:1000")] // RFC 6742 section 2.3.3
    [InlineData(RecordType.TLSA, "030101 abcdef", "3 1 1 ABCDEF")]
    [InlineData(RecordType.NSEC3, "01 01 000c 04aabbccdd 14 174eb2409fe28bcb4887a1836f957f0a8425e27b 0007 22010000000290",
        "1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR NS SOA MX RRSIG DNSKEY NSEC3PARAM")] // RFC 5155 appendix A
    [InlineData(RecordType.NSEC3PARAM, "01 00 0000 00", "1 0 0 -")]
    [InlineData(RecordType.IPSECKEY, "0a 00 02", "10 0 2 .")]
    [InlineData(RecordType.IPSECKEY, "0a 01 02 c0000226 010351539 0", "10 1 2 192.0.2.38 AQNRU5A=")]
    [InlineData(RecordType.IPSECKEY, "0a 03 02 0178 00 0103", "10 3 2 x. AQM=")]
    [InlineData(RecordType.AMTRELAY, "0a 81 cb007105", "10 1 1 203.0.113.5")]
    [InlineData(RecordType.AMTRELAY, "80 00", "128 0 0 .")]
    [InlineData(RecordType.AMTRELAY, "0a 03 0178 00", "10 0 3 x.")]
    [InlineData(RecordType.DSYNC, "003b 01 14ef 0178 00", "CDS 1 5359 x.")]
    [InlineData(RecordType.CSYNC, "00000042 0003 0004 60000008", "66 3 A NS AAAA")] // RFC 7477 section 2.1.2
    [InlineData(RecordType.HIP, "02 02 0002 2001 abcd 0178 00 0179 00", "2 2001 q80= x. y.")]
    [InlineData(RecordType.DOA, "00000001 00000002 01 09746578742f68746d6c", @"1 2 1 ""text/html"" -")]
    [InlineData(RecordType.IPN, "0000000100000002", "4294967298")]
    [InlineData(RecordType.RRSIG, "0001 05 03 00015180 3e7b2e7d 3e53a17d 0a52 07 6578616d706c65 03 636f6d 00 a0b1",
        "A 5 3 86400 20030321152341 20030219152341 2642 example.com. oLE=")]
    [InlineData(RecordType.RRSIG, "0001 05 03 00015180 ffffffff 00000000 0a52 00 a0b1", "A 5 3 86400 21060207062815 19700101000000 2642 . oLE=")]
    [InlineData(RecordType.WKS, "c0000201 06 000000 40", "192.0.2.1 6 25")]
    [InlineData(RecordType.NXT, "0178 00 40", "x. A")]
    [InlineData(RecordType.ISDN, "0131", @"""1""")]
    [InlineData(RecordType.ISDN, "0131 0132", @"""1"" ""2""")]
    [InlineData(RecordType.KEY, "4200 03 00", "16896 3 0")]
    [InlineData(RecordType.NSAP, "47000580005a0000000001e133ffffff00016100", "0x47000580005A0000000001E133FFFFFF00016100")] // RFC 1706 section 7
    [InlineData(RecordType.NSAP_PTR, "03466f6f 03426172 03434f4d 00", "Foo.Bar.COM.")] // BIND, as all of the records down to SINK
    [InlineData(RecordType.A6, "00 20010db8000000000000000000000001", "0 2001:db8::1")]
    [InlineData(RecordType.A6, "40 0001000200030004 03737562 076578616d706c65 03636f6d 00", "64 ::1:2:3:4 sub.example.com.")]
    [InlineData(RecordType.A6, "80 0178 076578616d706c65 00", "128 x.example.")]
    [InlineData(RecordType.A6, "3d 070000000000000001 0178 00", "61 ::7:0:0:0:1 x.")]
    [InlineData(RecordType.EID, "0123abcdef", "0123ABCDEF")]
    [InlineData(RecordType.NIMLOC, "3201ff", "3201FF")]
    [InlineData(RecordType.ATMA, "01 3631323030", "+61200")]
    [InlineData(RecordType.ATMA, "00 39246f00e7c9c0312000100012345678", "39246F00E7C9C0312000100012345678")]
    [InlineData(RecordType.SINK, "404142 010203", "64 65 66 AQID")]
    [InlineData(RecordType.WKS, "c0000201 06 00000040 000004 00000080", "192.0.2.1 6 25 53 80")]
    [InlineData(RecordType.SVCB, "0001 00 000a 0000", "1 . docpath")] // RFC 9953: the root path
    [InlineData(RecordType.SVCB, "0001 00 000a 0008 03646e73 03612c62", @"1 . docpath=""dns,a\\,b""")]
    [InlineData(RecordType.HTTPS, "0001 00 000b 0000", "1 . pvd")]
    [InlineData(RecordType.SVCB, "0001 00 000c 0010 04646f3533 64 03646f74 05 03646f71 05", @"1 . oots=""do53:100,dot:5,doq:5""")] // the draft's example
    public void Wire_data_has_this_text(RecordType type, string hex, string text)
    {
        byte[] wire = TestData.Hex(hex);
        Assert.Equal(RdataStatus.Valid, TestData.Canonicalize(type, wire, out byte[] canonical));
        Assert.Equal(wire, canonical);
        Assert.Equal(text, RdataText.Format(type, canonical));
        Assert.Equal(wire, TestData.Parse(type, text));
    }

    /// <summary>Data that is framed soundly but breaks a rule of its type is kept as it is, so that nobody can hide a record behind pedantry.</summary>
    [Theory]
    [InlineData(RecordType.SVCB, "0001 00 0003 0002 01bb 0001 0003 026832")] // RFC 9460 section 2.2: keys out of order
    [InlineData(RecordType.SVCB, "0001 00 0003 0002 01bb 0003 0002 01bb")] // the same key twice
    [InlineData(RecordType.HTTPS, "0001 00 0003 0003 0001bb")] // section 7.2: a port of three octets
    [InlineData(RecordType.HTTPS, "0001 00 0004 0000")] // section 7.3: no hint at all
    [InlineData(RecordType.HTTPS, "0001 00 0006 0008 20010db800000000")]
    [InlineData(RecordType.HTTPS, "0001 00 0001 0001 00")] // section 7.1.1: an empty identifier
    [InlineData(RecordType.HTTPS, "0001 00 0001 0002 0568")]
    [InlineData(RecordType.HTTPS, "0001 00 0000 0002 0000")] // section 8: "mandatory" itself
    [InlineData(RecordType.HTTPS, "0001 00 0000 0004 0004 0001")]
    [InlineData(RecordType.HTTPS, "0001 00 0002 0001 00")] // no-default-alpn with a value
    [InlineData(RecordType.HTTPS, "0001 00 ffff 0000")] // section 14.3.1: the invalid key
    [InlineData(RecordType.NSEC, "00 0101 40 0001 40")] // RFC 4034 section 4.1.2: windows fall
    [InlineData(RecordType.NSEC, "00 0001 40 0001 40")]
    [InlineData(RecordType.NSEC, "00 0000")] // a window without octets
    [InlineData(RecordType.NSEC, "00 0001 00")] // a window without types
    [InlineData(RecordType.NSEC, "00 0001 40 0102 0000")]
    [InlineData(RecordType.NSEC3, "01 00 0000 00 01aa 000100")]
    [InlineData(RecordType.CSYNC, "00000042 0003 000100")]
    [InlineData(RecordType.NXT, "00 0000")]
    [InlineData(RecordType.NSEC, "00 0021 000000000000000000000000000000000000000000000000000000000000000001")]
    [InlineData(RecordType.NSEC, "00")] // an empty bitmap
    [InlineData(RecordType.NSEC3, "01 00 0000 00 00 000140")] // RFC 5155 section 3.2: an empty hash
    [InlineData(RecordType.DS, "0001 08 02 abcd")] // RFC 4509 section 2.1: SHA-256 has 32 octets
    [InlineData(RecordType.DS, "0001 08 02")]
    [InlineData(RecordType.ZONEMD, "00000001 01 01 abcd")] // RFC 8976 section 2.2.3
    [InlineData(RecordType.CAA, "00 06 69732d737565 78")] // RFC 8659 section 4.1: letters and digits
    [InlineData(RecordType.LOC, "01121613 89172dd0 70be166b 00988d20")] // RFC 1876 section 2: version 0 alone
    [InlineData(RecordType.LOC, "01")]
    [InlineData(RecordType.LOC, "00a21613 89172dd0 70be166b 00988d20")] // a digit above 9
    [InlineData(RecordType.LOC, "00121613 ffffffff 70be166b 00988d20")] // beyond the pole
    [InlineData(RecordType.IPSECKEY, "0a 04 02 c0000226")] // RFC 4025 section 2.5: types 0 to 3
    [InlineData(RecordType.AMTRELAY, "0a 7f 01")]
    [InlineData(RecordType.APL, "0001 18 05 c000020101")] // RFC 3123 section 4.1: five octets of IPv4
    [InlineData(RecordType.APL, "0001 18 04 c0000200")] // a trailing zero octet
    [InlineData(RecordType.APL, "0001 21 00")] // a prefix of 33 bits
    [InlineData(RecordType.APL, "0003 00 00")]
    [InlineData(RecordType.HIP, "00 02 0001 ff")]
    [InlineData(RecordType.DNSKEY, "0100 03 08")]
    [InlineData(RecordType.OPENPGPKEY, "")]
    [InlineData(RecordType.NSAP, "")]
    [InlineData(RecordType.A6, "81 00")] // RFC 2874 section 3.1: 0 to 128
    [InlineData(RecordType.A6, "3d 0f0000000000000001 0178 00")] // a bit of the prefix in the suffix
    [InlineData(RecordType.ATMA, "02 3631")]
    [InlineData(RecordType.ATMA, "01 3a")]
    [InlineData(RecordType.ATMA, "01")]
    [InlineData(RecordType.SVCB, "0001 00 000a 0002 0000")] // an empty segment
    [InlineData(RecordType.SVCB, "0001 00 000b 0001 00")] // pvd with a value
    [InlineData(RecordType.SVCB, "0001 00 000c 0000")] // no transport
    [InlineData(RecordType.SVCB, "0001 00 000c 0005 03646f74 65")] // more than 100 percent
    [InlineData(RecordType.SVCB, "0001 00 000c 0004 03646f74")] // the share is cut off
    [InlineData(RecordType.SVCB, "0001 00 000c 000a 03646f74 01 03646f74 02")] // the same transport twice
    [InlineData(RecordType.SVCB, "0001 00 000c 0003 01 2c 01")] // a comma
    public void Data_against_the_rules_of_its_type_is_opaque_and_kept(RecordType type, string hex)
    {
        byte[] wire = TestData.Hex(hex);
        Assert.Equal(RdataStatus.Opaque, TestData.Canonicalize(type, wire, out byte[] canonical));
        Assert.Equal(wire, canonical);
        string generic = wire.Length == 0 ? @"\# 0" : $@"\# {wire.Length} {Convert.ToHexString(wire)}";
        Assert.Equal(generic, RdataText.Format(type, canonical));
        Assert.Equal(wire, TestData.Parse(type, generic));
    }

    /// <summary>Allowed, and yet no text of a location says it: nought times a power of ten.</summary>
    [Theory]
    [InlineData("00010000 89000000 7f00f45d 00100001")]
    [InlineData("00120416 89000000 7f00f45d 00100001")]
    [InlineData("00121609 89000000 7f00f45d 00100001")]
    public void A_location_that_has_no_exact_text_is_written_in_the_form_that_holds_any_data(string hex)
    {
        byte[] wire = TestData.Hex(hex);
        Assert.Equal(RdataStatus.Valid, TestData.Canonicalize(RecordType.LOC, wire, out _));
        string text = RdataText.Format(RecordType.LOC, wire);
        Assert.Equal($@"\# 16 {Convert.ToHexString(wire)}", text);
        Assert.Equal(wire, TestData.Parse(RecordType.LOC, text));
    }

    [Fact]
    public void A_widest_text_fits_whatever_it_takes()
    {
        byte[] bitmap = [0, .. Enumerable.Range(0, 256).SelectMany(window => (byte[])[(byte)window, 32, .. Enumerable.Repeat<byte>(0xFF, 32)])];
        string text = RdataText.Format(RecordType.NSEC, bitmap);
        Assert.Equal(1 + 65_536, text.Split(' ').Length);
        Assert.Equal(bitmap, TestData.Parse(RecordType.NSEC, text));
    }

    [Fact]
    public void Too_little_room_is_told_at_every_length()
    {
        byte[] data = TestData.Hex("0001 00 0001 0006 026832026833 0003 0002 01bb 0004 0004 c0000201 029b 0003 ff2231");
        string text = RdataText.Format(RecordType.HTTPS, data);
        byte[] utf8 = new byte[text.Length];
        char[] chars = new char[text.Length];
        for (int room = 0; room < text.Length; room++)
        {
            Assert.False(RdataText.TryFormat(RecordType.HTTPS, data, utf8.AsSpan(0, room), out int none));
            Assert.Equal(0, none);
            Assert.False(RdataText.TryFormat(RecordType.HTTPS, data, chars.AsSpan(0, room), out _));
        }

        Assert.True(RdataText.TryFormat(RecordType.HTTPS, data, utf8, out int written));
        Assert.Equal(text, Encoding.ASCII.GetString(utf8[..written]));
        Assert.True(RdataText.TryFormat(RecordType.HTTPS, data, chars, out written));
        Assert.Equal(text, new string(chars[..written]));
    }

    [Theory]
    [InlineData(RecordType.A, "192.0.2.1", "c0000201")]
    [InlineData(RecordType.NS, "NS1.Example", "036e7331 076578616d706c65 00")] // relative to the root, and folded
    [InlineData(RecordType.NS, "@", "00")]
    [InlineData(RecordType.SVCB, "1 Foo. port=1", "0001 03466f6f00 0003 0002 0001")] // SVCB is not in the list of RFC 4034 section 6.2
    [InlineData(RecordType.SVCB, "1 . port=443 alpn=h2", "0001 00 0001 0003 026832 0003 0002 01bb")] // RFC 9460 section 2.1: in any order
    [InlineData(RecordType.SVCB, "1 . mandatory=port,alpn alpn=h2 port=443", "0001 00 0000 0004 00010003 0001 0003 026832 0003 0002 01bb")]
    [InlineData(RecordType.TXT, "v=spf1 -all", "06763d73706631 042d616c6c")]
    [InlineData(RecordType.TXT, "\"a b\"\"c\"", "03612062 0163")]
    [InlineData(RecordType.CAA, "0 \"issue\" \"a\"", "00 05 6973737565 61")] // as wdns prints it
    [InlineData(RecordType.CAA, "0 issue a", "00 05 6973737565 61")]
    [InlineData(RecordType.DS, @"\# 6 00 01 08 FF ab cd ", "0001 08 ff abcd")] // as wdns prints unknown types
    [InlineData(RecordType.SOA, "a. b. 1 1h 15m 1W2d 30s", "0161 00 0162 00 00000001 00000e10 00000384 000bdd80 0000001e")]
    [InlineData(RecordType.RRSIG, "A 5 3 86400 1048260221 20030219152341 2642 . oLE=", "0001 05 03 00015180 3e7b2e7d 3e53a17d 0a52 00 a0b1")]
    [InlineData(RecordType.CERT, "PKIX 1 rsasha256 AQ==", "0001 0001 08 01")]
    [InlineData(RecordType.WKS, "192.0.2.1 tcp 25", "c0000201 06 00000040")]
    [InlineData(RecordType.DSYNC, "CDS NOTIFY 5359 x.", "003b 01 14ef 0178 00")] // RFC 9859 section 2.1
    [InlineData(RecordType.SIG, "54 5 3 0 0 0 1 . AQ==", "0036 05 03 00000000 00000000 00000000 0001 00 01")] // as BIND prints types without a name
    [InlineData(RecordType.NXT, "x. A 54", "0178 00 40000000000002")] // likewise
    [InlineData(RecordType.WKS, "192.0.2.1 UDP domain ntp 0", "c0000201 11 80000000000004000000000000000010")]
    [InlineData(RecordType.NSAP, "0x47.0005.80.005a00.0000.0001.e133.ffffff000161.00", "47000580005a0000000001e133ffffff00016100")]
    [InlineData(RecordType.ATMA, "+6.12", "01 363132")]
    [InlineData(RecordType.ATMA, "39.246f.00", "00 39246f00")]
    [InlineData(RecordType.A6, "61 2001:db8:0:ffff::1 x.", "3d 070000000000000001 0178 00")] // as BIND: the prefix's bits are dropped
    [InlineData(RecordType.SVCB, @"1 . key3=\001\187 key1=\002h2", "0001 00 0001 0003 026832 0003 0002 01bb")] // RFC 9460 section 2.1: plain octets
    [InlineData(RecordType.SVCB, "1 . oots=dot:5", "0001 00 000c 0005 03646f74 05")]
    [InlineData(RecordType.CDS, "0 0 0 0", "0000000000")] // RFC 8078 section 4
    [InlineData(RecordType.CDNSKEY, "0 3 0 0", "0000030000")]
    [InlineData(RecordType.DNSKEY, "256 3 8 AQ Op\tqA== ", "0100 03 08 0103a9a8")]
    public void Text_is_read_leniently(RecordType type, string text, string hex) => Assert.Equal(TestData.Hex(hex), TestData.Parse(type, text));

    [Theory] // RFC 1876 section 4
    [InlineData("42 21 54 N 71 06 18 W -24m 30m", "42 21 54.000 N 71 6 18.000 W -24.00m 30m 10000m 10m")]
    [InlineData("42 21 43.952 N 71 5 6.344 W -24m 1m 200m", "42 21 43.952 N 71 5 6.344 W -24.00m 1m 200m 10m")]
    [InlineData("52 14 05 N 00 08 50 E 10m", "52 14 5.000 N 0 8 50.000 E 10.00m 1m 10000m 10m")]
    [InlineData("32 7 19 S 116 2 25 E 10m", "32 7 19.000 S 116 2 25.000 E 10.00m 1m 10000m 10m")]
    [InlineData("42 n 71 w 0 0.30m 0.3 5", "42 0 0.000 N 71 0 0.000 W 0.00m 0.30m 0.30m 5m")]
    public void Locations_are_read_with_what_may_be_left_out(string text, string written) =>
        Assert.Equal(written, RdataText.Format(RecordType.LOC, TestData.Parse(RecordType.LOC, text)));

    [Theory]
    [InlineData(RecordType.A, "192.0.2")]
    [InlineData(RecordType.A, "192.0.2.1 x")]
    [InlineData(RecordType.A, "::1")]
    [InlineData(RecordType.A, @"\# 5 0102030405")] // RFC 3597 section 5: then it is checked as wire data
    [InlineData(RecordType.A, @"\# 3 0102")]
    [InlineData(RecordType.A, @"\# 2 010")]
    [InlineData(RecordType.NS, @"\# 2 C00C")] // a pointer has no message to point into
    [InlineData(RecordType.MX, "70000 a.")]
    [InlineData(RecordType.MX, "10")]
    [InlineData(RecordType.MX, "10 \"a\"")]
    [InlineData(RecordType.TXT, "")]
    [InlineData(RecordType.TXT, "\"a")]
    [InlineData(RecordType.TXT, "a\\")]
    [InlineData(RecordType.TXT, @"\256")]
    [InlineData(RecordType.SVCB, "1 . port=1 port=2")]
    [InlineData(RecordType.SVCB, "1 . alpn=")]
    [InlineData(RecordType.SVCB, "1 . alpn=\"h2")]
    [InlineData(RecordType.SVCB, "1 . key65535=a")]
    [InlineData(RecordType.SVCB, "1 . key01=a")]
    [InlineData(RecordType.SVCB, "1 . mandatory=port,port port=1")]
    [InlineData(RecordType.NSEC3, "1 1 12 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJW")] // W is no digit
    [InlineData(RecordType.RRSIG, "A 5 3 86400 20031321152245 20030219152245 2642 . oLE=")]
    [InlineData(RecordType.NSEC, "x. A 54")]
    [InlineData((RecordType)65280, "0a000001")]
    [InlineData(RecordType.NSAP, "4700")]
    [InlineData(RecordType.NSAP, "0x")]
    [InlineData(RecordType.NSAP, "0x470")]
    [InlineData(RecordType.A6, "129 ::1 x.")]
    [InlineData(RecordType.A6, "0 ::1 x.")]
    [InlineData(RecordType.A6, "64 ::1")]
    [InlineData(RecordType.ATMA, "+61a")]
    [InlineData(RecordType.ATMA, "+")]
    [InlineData(RecordType.WKS, "192.0.2.1 tcp nosuch")]
    [InlineData(RecordType.SVCB, "1 . pvd=a")]
    [InlineData(RecordType.SVCB, "1 . oots=dot")]
    [InlineData(RecordType.SVCB, "1 . oots=dot:101")]
    [InlineData(RecordType.SVCB, "1 . oots")]
    public void Text_of_another_shape_is_refused(RecordType type, string text) => Assert.Null(TestData.Parse(type, text));

    [Fact]
    public void Names_are_relative_to_the_origin_that_is_given()
    {
        byte[] room = new byte[512];
        Assert.True(RdataText.TryParse(RecordType.MX, "5 Mail"u8, room, out int written, DomainName.Parse("example.com")));
        Assert.Equal("5 mail.example.com.", RdataText.Format(RecordType.MX, room.AsSpan(0, written)));
        Assert.True(RdataText.TryParse(RecordType.MX, "5 @"u8, room, out written, DomainName.Parse("example.com")));
        Assert.Equal("5 example.com.", RdataText.Format(RecordType.MX, room.AsSpan(0, written)));
        Assert.True(RdataText.TryParse(RecordType.MX, @"5 mail\."u8, room, out written, DomainName.Parse("com")));
        Assert.Equal(@"5 mail\..com.", RdataText.Format(RecordType.MX, room.AsSpan(0, written)));
        Assert.True(RdataText.TryParse(RecordType.MX, @"5 mail\\."u8, room, out written, DomainName.Parse("com")));
        Assert.Equal(@"5 mail\\.", RdataText.Format(RecordType.MX, room.AsSpan(0, written)));
        DomainName longest = DomainName.Parse(string.Join('.', Enumerable.Repeat(new string('a', 61), 4)));
        Assert.False(RdataText.TryParse(RecordType.MX, "5 abcdef"u8, room, out _, longest));
    }
}
