using static PassiveDns.Tests.MessageBuilder;

namespace PassiveDns.Tests;

/// <summary>Rules that are easy to get wrong and have no row in the table of hostile messages.</summary>
public partial class DnsReaderTests
{
    [Theory] // RFC 1035 section 4.1.1, RFC 4035 sections 3.1.6 and 3.2.2: what a bit means is for others to judge, and Z is ignored
    [InlineData(0x8600)] // TC
    [InlineData(0x8440)] // Z
    [InlineData(0x8430)] // AD, CD
    [InlineData(0xFFFF)]
    public void No_flag_of_the_header_changes_how_records_are_read(ushort flags)
    {
        byte[] message = new MessageBuilder(flags).Question("a", RecordType.A).Answer("a", RecordType.A, s_address).ToArray();
        DnsReader reader = new(message);
        Assert.True(reader.Read() && reader.Read() && !reader.Read());
        Assert.Equal(DnsError.None, reader.Error);
        Assert.Equal((ResponseCode)(flags & 0xF), reader.Header.ResponseCode);
    }

    [Theory] // RFC 1035 section 4.1.4: a prior occurrence of a name, so nothing of the run of labels that holds the pointer
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_pointer_into_its_own_run_of_labels_is_rejected(int into)
    {
        MessageBuilder message = Ask();
        byte[] owner = [1, (byte)'a', 1, (byte)'b', .. Pointer(message.Position + into)];
        Rejects(DnsError.PointerNotBackwards, message.Record(DnsSection.Answer, owner, RecordType.A, s_address));
    }

    [Theory]
    [InlineData(RecordType.NULL, RdataStatus.Valid)] // RFC 1035 section 3.3.10: anything at all
    [InlineData((RecordType)65_280, RdataStatus.Valid)] // RFC 3597 section 3
    [InlineData(RecordType.APL, RdataStatus.Valid)] // RFC 3123 section 4: zero or more items
    [InlineData(RecordType.A, RdataStatus.Malformed)] // RFC 1035 section 3.4.1
    [InlineData(RecordType.NS, RdataStatus.Malformed)] // RFC 1035 section 3.3.11
    [InlineData(RecordType.TXT, RdataStatus.Malformed)] // RFC 1035 section 3.3.14: one string or more
    public void Data_of_no_octets_is_sound_where_its_type_allows_it(RecordType type, RdataStatus expected)
    {
        Assert.Equal(expected, TestData.Canonicalize(type, [], out byte[] canonical));
        Assert.Empty(canonical);
        byte[] message = Ask().Record(DnsSection.Answer, [0], type, []).ToArray();
        ResponseDecoder decoder = new();
        Assert.Equal(DnsError.None, decoder.Decode(message));
        Assert.Equal(expected, decoder[0].DataStatus);
    }

    [Theory] // RFC 6891 section 6.1.3: the second octet of the TTL field
    [InlineData(0x00010000)]
    [InlineData(0x00FF8000)]
    public void An_OPT_record_of_a_later_version_is_read(uint ttl)
    {
        byte[] message = Ask().Record(DnsSection.Additional, [0], RecordType.OPT, [], ttl: ttl).ToArray();
        DnsReader reader = new(message);
        while (reader.Read()) { }
        Assert.Equal(DnsError.None, reader.Error);
        Assert.True(reader.HasOpt);
        Assert.Equal(ResponseCode.NoError, reader.ExtendedResponseCode);
    }

    [Fact]
    public void Counts_that_lie_cost_no_memory() // RFC 1035 section 4.1.1: each record takes eleven octets at least
    {
        ResponseDecoder decoder = new();
        byte[] message = Ask().Answer("example.com", RecordType.A, s_address).Patch(6, 4000).ToArray();
        Assert.Equal(DnsError.RecordCount, decoder.Decode(message));
        Assert.Equal(0, Allocated.Least(() => decoder.Decode(message)));
    }

    [Fact]
    public void Letters_alone_are_folded() // RFC 4343 section 3
    {
        byte[] label = [.. Enumerable.Range(1, 255).Select(value => (byte)value)];
        byte[] expected = [.. label.Select(value => value is >= 0x41 and <= 0x5A ? (byte)(value + 0x20) : value)];
        ResponseDecoder decoder = new();
        for (int at = 0; at < 255; at += 51)
        {
            byte[] name = [51, .. label.AsSpan(at, 51), 0];
            Assert.Equal(DnsError.None, decoder.Decode(Ask().Record(DnsSection.Answer, name, RecordType.NS, name).ToArray()));
            Assert.Equal([51, .. expected.AsSpan(at, 51), 0], decoder[0].Owner.ToArray());
            Assert.Equal([51, .. expected.AsSpan(at, 51), 0], decoder[0].Data.ToArray());
        }
    }
}
