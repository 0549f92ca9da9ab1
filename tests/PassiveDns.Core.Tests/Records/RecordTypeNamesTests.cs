namespace PassiveDns.Tests;

public class RecordTypeNamesTests
{
    [Theory]
    [InlineData("MX", RecordType.MX, "MX")]
    [InlineData("mx", RecordType.MX, "MX")]
    [InlineData("nsap-ptr", RecordType.NSAP_PTR, "NSAP-PTR")]
    [InlineData("TYPE15", RecordType.MX, "MX")]
    [InlineData("type1234", (RecordType)1234, "TYPE1234")]
    [InlineData("TYPE65535", (RecordType)65535, "TYPE65535")]
    [InlineData("TYPE0", RecordType.None, "TYPE0")]
    [InlineData("*", null, null)]
    [InlineData("TYPE65536", null, null)]
    [InlineData("TYPE", null, null)]
    [InlineData("TYPE-1", null, null)]
    [InlineData("TYPE 1", null, null)]
    [InlineData("NONE", null, null)]
    [InlineData("15", null, null)]
    [InlineData("", null, null)]
    [InlineData("NSEC3PARAMETERS", null, null)]
    public void Names_are_read_and_written(string text, RecordType? type, string? written)
    {
        Assert.Equal(type is not null, RecordTypeNames.TryParse(text, out RecordType parsed));
        Assert.Equal(type is not null, RecordTypeNames.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out RecordType fromOctets));
        Assert.Equal(type ?? RecordType.None, parsed);
        Assert.Equal(parsed, fromOctets);
        if (written is not null) Assert.Equal(written, RecordTypeNames.Format(parsed));
    }

    [Fact]
    public void Every_value_round_trips_within_the_promised_length()
    {
        byte[] room = new byte[RecordTypeNames.MaxLength];
        for (int value = 0; value <= ushort.MaxValue; value++)
        {
            Assert.True(RecordTypeNames.TryFormat((RecordType)value, room, out int written));
            Assert.True(RecordTypeNames.TryParse(room.AsSpan(0, written), out RecordType type));
            Assert.Equal(value, (int)type);
            Assert.False(RecordTypeNames.TryFormat((RecordType)value, room.AsSpan(0, written - 1), out _));
        }
    }

    [Fact]
    public void Meta_types_are_0_OPT_and_128_to_255() // RFC 6895 section 3.1
    {
        int[] meta = [.. Enumerable.Range(0, 65_536).Where(value => ((RecordType)value).IsMeta())];
        Assert.Equal([0, 41, .. Enumerable.Range(128, 128)], meta);
    }

    [Fact]
    public void DNSSEC_types_are_those_that_ANY_leaves_out_in_DNSDB()
    {
        string[] names = ["DS", "RRSIG", "NSEC", "DNSKEY", "NSEC3", "NSEC3PARAM", "DLV", "CDS", "CDNSKEY", "TA"];
        Assert.Equal(names.Order(), Enumerable.Range(0, 65_536).Where(value => ((RecordType)value).IsDnssec())
            .Select(value => RecordTypeNames.Format((RecordType)value)).Order());
    }

    [Fact]
    public void Every_row_of_the_table_can_be_found_and_points_to_a_name_if_it_says_so()
    {
        int rows = 0;
        for (int value = 0; value <= ushort.MaxValue; value++)
        {
            if (RecordSchema.Find((RecordType)value) is not { } row) continue;
            rows++;
            Assert.Equal((RecordType)value, row.Type);
            Assert.Equal(RecordTypeNames.Format(row.Type), row.Mnemonic);
            Assert.NotEmpty(row.Fields);
            Assert.True(row.TargetField < 0 || row.Fields[row.TargetField] is FieldKind.Name or FieldKind.Gateway or FieldKind.Relay);
            Assert.False(row.Type.IsMeta());
        }

        Assert.InRange(rows, 60, 100);
        string[] folded = // RFC 4034 section 6.2 without NSEC and RRSIG
        [
            "A6", "AFSDB", "CNAME", "DNAME", "KX", "MB", "MD", "MF", "MG", "MINFO", "MR", "MX", "NAPTR", "NS", "NXT", "PTR", "PX", "RP", "RT", "SIG", "SOA", "SRV",
        ];
        Assert.Equal(folded, Enumerable.Range(0, 65_536).Select(value => RecordSchema.Find((RecordType)value))
            .Where(row => row is { FoldsNames: true }).Select(row => row!.Mnemonic).Order(StringComparer.Ordinal));
    }
}
