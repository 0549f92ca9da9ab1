using static PassiveDns.Tests.MessageBuilder;

namespace PassiveDns.Tests;

public class RecordDataTests
{
    [Theory]
    [InlineData(RecordType.A, "c000020101")] // RFC 1035 section 3.4.1
    [InlineData(RecordType.A, "")]
    [InlineData(RecordType.AAAA, "20010db8")]
    [InlineData(RecordType.NS, "")]
    [InlineData(RecordType.CNAME, "0178 00 0000")] // two octets too long
    [InlineData(RecordType.CNAME, "0178")] // too short for its name
    [InlineData(RecordType.CNAME, "41780 0")] // a label of type 01
    [InlineData(RecordType.MX, "000a")]
    [InlineData(RecordType.TXT, "")] // RFC 1035 section 3.3.14: at least one string
    [InlineData(RecordType.TXT, "05616263")] // a string runs past the end
    [InlineData(RecordType.SPF, "0161 05")]
    [InlineData(RecordType.HINFO, "0161")]
    [InlineData(RecordType.SOA, "00 00 00000001 00000002 00000003 00000004 000005")]
    [InlineData(RecordType.SRV, "0001 0002 0003")]
    [InlineData(RecordType.NSEC, "0178 00 0006 40")] // a window runs past the end
    [InlineData(RecordType.NSEC3, "01 00 0000 08 aa")]
    [InlineData(RecordType.CAA, "00 00 61")] // RFC 8659 section 4.1: no tag
    [InlineData(RecordType.CAA, "00 05 6973")]
    [InlineData(RecordType.SVCB, "0001 00 0001 0009 026832")] // a value runs past the end
    [InlineData(RecordType.SVCB, "0001 00 0001 00")]
    [InlineData(RecordType.LOC, "00121613 89172dd0 70be166b 00988d")]
    [InlineData(RecordType.LOC, "")]
    [InlineData(RecordType.APL, "0001 18 03 c000")]
    [InlineData(RecordType.HIP, "02 02 0005 2001 abcd")]
    [InlineData(RecordType.IPSECKEY, "0a 02 02 c0000226")]
    [InlineData(RecordType.EUI48, "00005e00532a01")]
    [InlineData(RecordType.RRSIG, "0001 05 03 00015180 3e7b2e7d 3e53a17d 0a")]
    public void Data_without_the_shape_of_its_type_is_malformed(RecordType type, string hex)
    {
        Assert.Equal(RdataStatus.Malformed, TestData.Canonicalize(type, TestData.Hex(hex.Replace(" ", null, StringComparison.Ordinal)), out byte[] canonical));
        Assert.Empty(canonical);
    }

    [Theory]
    [InlineData(RecordType.NS, "", "", RdataStatus.Valid)] // RFC 1035 section 3.3
    [InlineData(RecordType.MX, "000a", "", RdataStatus.Valid)]
    [InlineData(RecordType.SRV, "000100020003", "", RdataStatus.Valid)] // RFC 3597 section 4: receivers expand
    [InlineData(RecordType.NAPTR, "00010002 0173 00 00", "", RdataStatus.Valid)]
    [InlineData(RecordType.RT, "000a", "", RdataStatus.Valid)]
    [InlineData(RecordType.KX, "000a", "", RdataStatus.NonstandardCompression)]
    [InlineData(RecordType.DNAME, "", "", RdataStatus.NonstandardCompression)]
    public void Compressed_names_are_expanded_and_folded(RecordType type, string before, string after, RdataStatus expected) =>
        CheckExpansion(type, before, after, expected, "www.example.com");

    [Theory]
    [InlineData(RecordType.SVCB, "0001", "0003000201bb")] // RFC 9460 section 2.2
    [InlineData(RecordType.RRSIG, "0001 05 03 00015180 3e7b2e7d 3e53a17d 0a52", "a0b1")] // RFC 4034 section 3.1.7
    [InlineData(RecordType.NSEC, "", "000140")]
    [InlineData(RecordType.LP, "000a", "")]
    [InlineData(RecordType.IPSECKEY, "0a0302", "0103")]
    [InlineData(RecordType.AMTRELAY, "0a03", "")]
    [InlineData(RecordType.DSYNC, "003b0114ef", "")]
    public void Types_outside_the_list_of_RFC_4034_keep_the_case_of_names(RecordType type, string before, string after) =>
        CheckExpansion(type, before, after, RdataStatus.NonstandardCompression, "wWw.ExAmple.com");

    [Fact]
    public void A_name_may_be_nothing_but_a_pointer_and_both_names_of_an_RP_are_expanded()
    {
        byte[] message = [.. new byte[12], .. Name("EXAMPLE"), .. Pointer(12), 1, (byte)'M', .. Pointer(12)];
        byte[] room = new byte[300];
        Assert.Equal(RdataStatus.Valid, RecordData.Canonicalize(message, 21, 6, RecordType.RP, room, out int written));
        Assert.Equal([.. Name("example"), .. Name("m.example")], room[..written]);
    }

    [Fact]
    public void The_octets_of_a_name_must_lie_inside_the_data()
    {
        byte[] message = [.. new byte[12], .. Name("example"), 1, (byte)'m', .. Pointer(12)];
        byte[] room = new byte[300];
        Assert.Equal(RdataStatus.Malformed, RecordData.Canonicalize(message, 21, 3, RecordType.NS, room, out int written)); // cuts the pointer
        Assert.Equal(0, written);
        Assert.Equal(RdataStatus.Malformed, RecordData.Canonicalize(message, 21, 2, RecordType.NS, room, out _));
        Assert.Equal(RdataStatus.Valid, RecordData.Canonicalize(message, 21, 4, RecordType.NS, room, out _));
        foreach (RecordType type in new[] { RecordType.NSEC, RecordType.SOA, RecordType.RP }) // more fields come after the name
        {
            for (int length = 0; length < 4; length++)
            {
                Assert.Equal(RdataStatus.Malformed, RecordData.Canonicalize(message, 21, length, type, room, out _));
            }
        }
    }

    [Fact]
    public void Unknown_types_are_copied_and_never_expanded() // RFC 3597 section 4
    {
        Assert.Equal(RdataStatus.Valid, TestData.Canonicalize((RecordType)65280, [0xC0, 0x00, (byte)'A'], out byte[] canonical));
        Assert.Equal([0xC0, 0x00, (byte)'A'], canonical);
        Assert.Equal(RdataStatus.Valid, TestData.Canonicalize(RecordType.NULL, [], out canonical));
        Assert.Empty(canonical);
    }

    [Fact]
    public void Opaque_data_has_its_names_expanded_too()
    {
        byte[] message = [.. new byte[12], .. Name("example"), 0, 1, .. Pointer(12), 0, 3, 0, 1, 9];
        byte[] room = new byte[300];
        Assert.Equal(RdataStatus.Opaque, RecordData.Canonicalize(message, 21, 9, RecordType.SVCB, room, out int written));
        Assert.Equal([0, 1, .. Name("example"), 0, 3, 0, 1, 9], room[..written]);
        Assert.StartsWith(@"\# 16 ", RdataText.Format(RecordType.SVCB, room.AsSpan(0, written)));
    }

    [Fact]
    public void Data_that_grows_beyond_65535_octets_is_malformed()
    {
        byte[] name = [63, .. new byte[63], 63, .. new byte[63], 63, .. new byte[63], 61, .. new byte[61], 0];
        byte[] pointers = Enumerable.Repeat(Pointer(12), 300).SelectMany(p => p).ToArray();
        byte[] data = [1, 1, 0, 1, 9, 9, .. pointers];
        byte[] message = [.. new byte[12], .. name, .. data];
        byte[] room = new byte[RecordData.MaxLength];
        Assert.Equal(RdataStatus.Malformed, RecordData.Canonicalize(message, 267, data.Length, RecordType.HIP, room, out _));
        Assert.Equal(RdataStatus.NonstandardCompression, RecordData.Canonicalize(message, 267, 6 + 2 * 200, RecordType.HIP, room, out int written));
        Assert.Equal(6 + 200 * 255, written);
    }

    [Fact]
    public void Too_little_room_is_misuse()
    {
        byte[] message = [.. new byte[12], .. Name("example"), .. Pointer(12)];
        for (int room = 0; room < 9; room++)
        {
            Assert.ThrowsAny<ArgumentException>(() => RecordData.Canonicalize(message, 21, 2, RecordType.NS, new byte[room], out _));
        }
    }

    [Theory]
    [InlineData(RecordType.NS, "NS1.example.", "ns1.example.")]
    [InlineData(RecordType.CNAME, "a.", "a.")]
    [InlineData(RecordType.MX, "10 a.", "a.")]
    [InlineData(RecordType.MX, "0 .", ".")]
    [InlineData(RecordType.SRV, "1 2 3 a.b.", "a.b.")]
    [InlineData(RecordType.SOA, "a. b. 1 2 3 4 5", "a.")]
    [InlineData(RecordType.NAPTR, "1 2 \"s\" \"x\" \"\" a.", "a.")]
    [InlineData(RecordType.SVCB, "1 WWW.Example. port=1", "www.example.")]
    [InlineData(RecordType.HTTPS, "0 A.", "a.")]
    [InlineData(RecordType.DNAME, "a.", "a.")]
    [InlineData(RecordType.PTR, "a.", "a.")]
    [InlineData(RecordType.IPSECKEY, "10 3 2 A. AQM=", "a.")]
    [InlineData(RecordType.IPSECKEY, "10 1 2 192.0.2.1 AQM=", null)]
    [InlineData(RecordType.AMTRELAY, "10 0 3 a.", "a.")]
    [InlineData(RecordType.TXT, "a.", null)]
    [InlineData(RecordType.A, "192.0.2.1", null)]
    [InlineData(RecordType.NSEC, "a. A", null)]
    [InlineData(RecordType.RRSIG, "A 5 3 86400 1 2 2642 a. oLE=", null)]
    public void Records_point_to_these_names(RecordType type, string text, string? target)
    {
        byte[] canonical = TestData.Parse(type, text)!;
        bool found = RecordData.TryGetTarget(type, canonical, new byte[255], out ReadOnlySpan<byte> wire);
        Assert.Equal(target is not null, found);
        if (!found) return;
        Assert.True(DomainName.TryFromWire(wire, out DomainName name));
        Assert.Equal(name.Wire.ToArray(), wire.ToArray());
        Assert.Equal(target, name.ToString());
    }

    [Fact]
    public void Only_A_and_AAAA_hold_an_address()
    {
        Assert.True(RecordData.TryGetAddress(RecordType.A, [192, 0, 2, 1], out HostAddress address));
        Assert.Equal("192.0.2.1", address.ToString());
        Assert.True(RecordData.TryGetAddress(RecordType.AAAA, new byte[16], out address));
        Assert.Equal("::", address.ToString());
        Assert.False(RecordData.TryGetAddress(RecordType.A, new byte[16], out _));
        Assert.False(RecordData.TryGetAddress(RecordType.TXT, new byte[4], out _));
    }

    private static void CheckExpansion(RecordType type, string before, string after, RdataStatus expected, string expanded)
    {
        byte[] owner = [3, (byte)'w', (byte)'W', (byte)'w', 7, .. "ExAmple"u8, 3, .. "com"u8, 0];
        byte[] head = TestData.Hex(before), tail = TestData.Hex(after);
        byte[] message = [.. new byte[12], .. owner, .. head, 3, (byte)'w', (byte)'W', (byte)'w', .. Pointer(16), .. tail];
        int start = 12 + owner.Length;
        byte[] room = new byte[300];
        Assert.Equal(expected, RecordData.Canonicalize(message, start, message.Length - start, type, room, out int written));
        Assert.Equal([.. head, .. Name(expanded), .. tail], room[..written]);

        byte[] plain = [.. head, .. owner, .. tail];
        Assert.Equal(RdataStatus.Valid, TestData.Canonicalize(type, plain, out byte[] canonical));
        Assert.Equal(room[..written], canonical);
        Assert.Equal(RdataStatus.Valid, TestData.Canonicalize(type, canonical, out byte[] again));
        Assert.Equal(canonical, again);
    }
}
