using static PassiveDns.Tests.MessageBuilder;

namespace PassiveDns.Tests;

/// <summary>
/// Hostile messages, one test for each row of a table that was measured with dig, kdig, drill and dnspython. Where those differ, an attacker can make a
/// resolver see other data than a sensor; the rule is then to reject and count, never to guess.
/// </summary>
public partial class DnsReaderTests
{
    private static readonly byte[] s_address = [192, 0, 2, 1];

    [Theory] // RFC 1035 section 4.1.4
    [InlineData(0, DnsError.PointerNotBackwards)] // to itself
    [InlineData(2, DnsError.PointerNotBackwards)] // forward, into its own record
    [InlineData(1000, DnsError.PointerNotBackwards)] // past the end
    public void An_owner_pointer_that_does_not_lead_back_is_rejected(int ahead, DnsError expected)
    {
        MessageBuilder message = Ask();
        Rejects(expected, message.Record(DnsSection.Answer, Pointer(message.Position + ahead), RecordType.A, s_address));
    }

    [Fact]
    public void A_label_that_points_to_itself_is_rejected() // RFC 1035 section 4.1.4
    {
        MessageBuilder message = Ask();
        Rejects(DnsError.PointerNotBackwards, message.Record(DnsSection.Answer, [1, (byte)'a', .. Pointer(message.Position)], RecordType.A, s_address));
    }

    [Fact]
    public void Two_pointers_to_each_other_are_rejected() // RFC 1035 section 4.1.4
    {
        MessageBuilder message = Ask();
        int first = message.Position;
        message.Record(DnsSection.Answer, [0], (RecordType)65280, [.. Pointer(first + 13), .. Pointer(first + 11)]);
        Rejects(DnsError.PointerNotBackwards, message.Record(DnsSection.Answer, Pointer(first + 13), RecordType.A, s_address));
    }

    [Theory] // RFC 1035 section 4.1.4: a prior occurrence of a name, and none can start inside the header, although the four tools accept it
    [InlineData(0)]
    [InlineData(11)]
    public void A_pointer_into_the_header_is_rejected(int target) =>
        Rejects(DnsError.PointerIntoHeader, Ask().Record(DnsSection.Answer, Pointer(target), RecordType.A, s_address));

    [Theory] // RFC 1035 section 4.1.4, RFC 6891 section 5
    [InlineData(0x41)]
    [InlineData(0x7F)]
    [InlineData(0x80)]
    [InlineData(0x81)]
    [InlineData(0xBF)]
    public void Labels_of_the_types_01_and_10_are_rejected(byte label) =>
        Rejects(DnsError.LabelType, Ask().Record(DnsSection.Answer, [label, 1, 0], RecordType.A, s_address));

    [Theory]
    [InlineData(126, DnsError.None)]
    [InlineData(127, DnsError.TooManyPointers)] // a name cannot have more labels, RFC 1035 section 3.1
    [InlineData(200, DnsError.TooManyPointers)]
    [InlineData(3000, DnsError.TooManyPointers)]
    public void A_chain_of_backward_pointers_has_126_links_at_most(int pointers, DnsError expected)
    {
        MessageBuilder message = Ask(out int name);
        int at = message.Position + 11;
        byte[] chain = Enumerable.Range(0, pointers - 1).SelectMany(i => Pointer(i == 0 ? name : at + 2 * (i - 1))).ToArray();
        message.Record(DnsSection.Answer, [0], (RecordType)65280, chain);
        message.Record(DnsSection.Answer, Pointer(pointers == 1 ? name : at + 2 * (pointers - 2)), RecordType.A, s_address);
        if (expected == DnsError.None) Assert.Equal(2, Accepts(message).Count);
        else Rejects(expected, message);
    }

    [Fact]
    public void A_name_that_a_pointer_makes_longer_than_255_octets_is_rejected() // RFC 1035 section 3.1
    {
        byte[] label = [63, .. new byte[63]];
        MessageBuilder message = Ask();
        int at = message.Position;
        message.Record(DnsSection.Answer, [.. label, .. label, .. label, 61, .. new byte[61], 0], RecordType.A, s_address);
        message.Record(DnsSection.Answer, Pointer(at), RecordType.A, s_address);
        Assert.Equal(2, Accepts(message).Count);
        Rejects(DnsError.NameTooLong, message.Record(DnsSection.Answer, [1, (byte)'a', .. Pointer(at)], RecordType.A, s_address));
    }

    [Fact]
    public void A_count_above_the_records_rejects_all() // RFC 1035 section 4.1.1
    {
        Rejects(DnsError.RecordCount, Ask().Answer("example.com", RecordType.A, s_address).Patch(6, 2));
        Rejects(DnsError.RecordCount, Ask().Answer("example.com", RecordType.A, s_address).Patch(6, 4096));
        Rejects(DnsError.TooManyRecords, Ask().Answer("example.com", RecordType.A, s_address).Patch(6, 65_535));
    }

    [Fact]
    public void Octets_behind_the_counted_records_are_counted_and_the_rest_is_accepted() // RFC 1035 section 4.1.1
    {
        byte[] message = Ask().Answer("example.com", RecordType.A, s_address).Answer("example.com", RecordType.A, s_address).Patch(6, 1).ToArray();
        DnsReader reader = new(message);
        int records = 0;
        while (reader.Read()) records++;
        Assert.Equal(DnsError.None, reader.Error);
        Assert.Equal(2, records);
        Assert.Equal(13 + 10 + 4, reader.TrailingBytes);
    }

    [Fact]
    public void An_RDLENGTH_past_the_end_rejects_the_message() => // RFC 1035 section 4.1.3
        Rejects(DnsError.RdataOverrun, Ask().Record(DnsSection.Answer, [0], RecordType.A, s_address, length: 5));

    [Theory] // the frame is sound, so only the RRset is lost
    [InlineData(RecordType.CNAME, "0161 00", 1)] // RFC 1035 section 3.3.1: too short
    [InlineData(RecordType.CNAME, "0161 00 00 00", 5)] // too long
    [InlineData(RecordType.A, "c0000201 01", 5)] // RFC 1035 section 3.4.1
    [InlineData(RecordType.TXT, "05 616263", 4)] // RFC 1035 section 3.3: a string runs past the end
    public void Damage_inside_the_data_of_a_record_drops_its_set_alone(RecordType type, string hex, int length)
    {
        byte[] data = TestData.Hex(hex)[..length];
        byte[] message = Ask().Record(DnsSection.Answer, [0], type, data).Answer("example.com", RecordType.A, s_address).ToArray();
        List<RdataStatus> found = [];
        DnsReader reader = new(message);
        byte[] room = new byte[512];
        while (reader.Read())
        {
            if (reader.Section == DnsSection.Question) continue;
            found.Add(RecordData.Canonicalize(message, reader.DataOffset, reader.Data.Length, reader.Type, room, out _));
        }

        Assert.Equal(DnsError.None, reader.Error);
        Assert.Equal([RdataStatus.Malformed, RdataStatus.Valid], found);
    }

    [Fact]
    public void An_OPT_record_in_the_answer_is_rejected() => // RFC 6891 section 6.1.1
        Rejects(DnsError.OptMisplaced, Ask().Answer(".", RecordType.OPT));

    [Fact]
    public void A_second_OPT_record_is_rejected() => // RFC 6891 section 6.1.1
        Rejects(DnsError.OptMisplaced, Ask().Additional(".", RecordType.OPT).Additional(".", RecordType.OPT));

    [Fact]
    public void An_OPT_record_with_an_owner_is_rejected() => // RFC 6891 section 6.1.2
        Rejects(DnsError.OptMisplaced, Ask().Additional("example.com", RecordType.OPT));

    [Theory] // RFC 6891 section 6.1.2
    [InlineData("0008")]
    [InlineData("0008 0002 00")]
    [InlineData("0008 0000 00")]
    public void Options_that_do_not_fill_the_OPT_record_are_rejected(string hex) =>
        Rejects(DnsError.OptMalformed, Ask().Additional(".", RecordType.OPT, TestData.Hex(hex)));

    [Fact]
    public void An_OPT_record_extends_the_response_code() // RFC 6891 section 6.1.3
    {
        byte[] message = new MessageBuilder(0x8407).Question("a", RecordType.A)
            .Record(DnsSection.Additional, [0], RecordType.OPT, TestData.Hex("0008 0001 00 000a 0000"), ttl: 0x01000000).ToArray();
        DnsReader reader = new(message);
        Assert.False(reader.HasOpt);
        while (reader.Read()) { }
        Assert.Equal(DnsError.None, reader.Error);
        Assert.True(reader.HasOpt);
        Assert.Equal((ResponseCode)23, reader.ExtendedResponseCode);
    }

    [Theory] // RFC 2181 section 8
    [InlineData(0xFFFFFFFF, 0)]
    [InlineData(0x80000000, 0)]
    [InlineData(0x7FFFFFFF, int.MaxValue)]
    [InlineData(0, 0)]
    public void A_TTL_with_its_top_bit_set_counts_as_0(uint raw, uint expected)
    {
        DnsReader reader = new(Ask().Record(DnsSection.Answer, [0], RecordType.A, s_address, ttl: raw).ToArray());
        Assert.True(reader.Read() && reader.Read());
        Assert.Equal(raw, reader.RawTimeToLive);
        Assert.Equal(expected, reader.TimeToLive);
    }

    [Theory] // RFC 3597 section 4 for the first three; the others must not be sent compressed, yet the tools expand them
    [InlineData(RecordType.SRV, "0001 0002 0003", "", RdataStatus.Valid)] // RFC 2782
    [InlineData(RecordType.NAPTR, "0001 0002 00 00 00", "", RdataStatus.Valid)] // RFC 3403
    [InlineData(RecordType.RP, "00", "", RdataStatus.Valid)] // RFC 1183
    [InlineData(RecordType.DNAME, "", "", RdataStatus.NonstandardCompression)] // RFC 6672 section 2.5
    [InlineData(RecordType.RRSIG, "0001 05 02 00000e10 00000002 00000001 0001", "aa", RdataStatus.NonstandardCompression)] // RFC 4034 section 3.1.7
    [InlineData(RecordType.SVCB, "0001", "", RdataStatus.NonstandardCompression)] // RFC 9460 section 2.2
    public void Compressed_names_in_data_are_expanded(RecordType type, string before, string after, RdataStatus expected)
    {
        byte[] head = TestData.Hex(before), tail = TestData.Hex(after);
        byte[] message = Ask(out int name).Record(DnsSection.Answer, Pointer(name), type, [.. head, .. Pointer(name), .. tail]).ToArray();
        DnsReader reader = new(message);
        Assert.True(reader.Read() && reader.Read());
        byte[] room = new byte[512];
        Assert.Equal(expected, RecordData.Canonicalize(message, reader.DataOffset, reader.Data.Length, type, room, out int written));
        Assert.Equal([.. head, .. Name("example.com"), .. tail], room[..written]);
    }

    [Fact]
    public void No_question_is_read_and_two_are_rejected() // RFC 9619; that none is for error responses alone is a rule of matching
    {
        Assert.Single(Accepts(new MessageBuilder(0x8405).Answer("a", RecordType.A, s_address)));
        Rejects(DnsError.QuestionCount, new MessageBuilder().Question("a", RecordType.A).Question("a", RecordType.A));
    }

    [Fact]
    public void An_NXDOMAIN_with_an_answer_is_read_whole() // RFC 6604 section 3: the code is about the end of a chain; scrubbing keeps the chain
    {
        byte[] message = new MessageBuilder(0x8403).Question("a", RecordType.A).Answer("a", RecordType.CNAME, Name("b")).ToArray();
        DnsReader reader = new(message);
        Assert.True(reader.Read() && reader.Read() && !reader.Read());
        Assert.Equal(ResponseCode.NameError, reader.Header.ResponseCode);
    }

    [Fact]
    public void The_class_of_a_record_is_told_so_that_others_than_IN_can_be_dropped() // RFC 1035 section 3.2.4
    {
        DnsReader reader = new(Ask().Record(DnsSection.Answer, [0], RecordType.A, [0, 1, 2], @class: RecordClass.CH).ToArray());
        Assert.True(reader.Read() && reader.Read());
        Assert.Equal(RecordClass.CH, reader.Class);
    }

    private static MessageBuilder Ask() => Ask(out _);

    private static MessageBuilder Ask(out int name)
    {
        MessageBuilder message = new();
        name = message.Position;
        return message.Question("example.com", RecordType.A);
    }

    private static List<string> Accepts(MessageBuilder message)
    {
        List<string> records = [];
        DnsReader reader = new(message.ToArray());
        while (reader.Read())
        {
            if (reader.Section != DnsSection.Question) records.Add($"{reader.Name.ToString()} {reader.Type}");
        }

        Assert.Equal(DnsError.None, reader.Error);
        Assert.Equal(0, reader.TrailingBytes);
        return records;
    }

    private static void Rejects(DnsError expected, MessageBuilder message)
    {
        DnsReader reader = new(message.ToArray());
        while (reader.Read()) { }
        Assert.Equal(expected, reader.Error);
        Assert.InRange(reader.ErrorOffset, 0, message.Position);
        Assert.False(reader.Read());
    }
}
