using static PassiveDns.Tests.MessageBuilder;

namespace PassiveDns.Tests;

public partial class DnsReaderTests
{
    [Fact]
    public void A_message_is_read_from_front_to_back()
    {
        byte[] message = new MessageBuilder(0x8580, 0xBEEF).Question("WWW.example.com", RecordType.A)
            .Record(DnsSection.Answer, Pointer(12), RecordType.A, s_address, ttl: 300)
            .Authority("example.com", RecordType.NS, Name("ns.example.com"))
            .Additional("ns.example.com", RecordType.AAAA, new byte[16])
            .ToArray();
        DnsReader reader = new(message);
        Assert.Equal(0xBEEF, reader.Header.Id);
        Assert.True(reader.Header is { IsResponse: true, IsAuthoritative: true, RecursionDesired: true, RecursionAvailable: true, IsTruncated: false, Opcode: 0 });
        List<string> seen = [];
        while (reader.Read()) seen.Add($"{reader.Section} {reader.Name.ToString()} {reader.Class} {reader.Type} {reader.TimeToLive} {reader.Data.Length}");
        Assert.Equal(
            [
                "Question WWW.example.com. IN A 0 0",
                "Answer WWW.example.com. IN A 300 4",
                "Authority example.com. IN NS 3600 16",
                "Additional ns.example.com. IN AAAA 3600 16",
            ],
            seen);
        Assert.Equal((DnsError.None, 0), (reader.Error, reader.TrailingBytes));
    }

    [Fact]
    public void Fewer_than_12_octets_are_no_message() // RFC 1035 section 4.1.1
    {
        for (int length = 0; length < 12; length++)
        {
            DnsReader reader = new(new byte[length]);
            Assert.False(reader.Read());
            Assert.Equal(DnsError.HeaderTooShort, reader.Error);
            Assert.Equal(default, reader.Header);
        }
    }

    [Fact]
    public void More_than_4096_records_are_refused()
    {
        byte[] Records(int count)
        {
            MessageBuilder message = new();
            for (int i = 0; i < count; i++) message.Raw(0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0);
            return message.Patch(6, (ushort)count).ToArray();
        }

        DnsReader reader = new(Records(DnsReader.MaxRecords));
        while (reader.Read()) { }
        Assert.Equal(DnsError.None, reader.Error);
        reader = new(Records(DnsReader.MaxRecords + 1));
        Assert.False(reader.Read());
        Assert.Equal(DnsError.TooManyRecords, reader.Error);
    }

    [Fact]
    public void Names_that_expand_to_more_than_16_times_the_message_are_refused()
    {
        byte[] name = [63, .. new byte[63], 63, .. new byte[63], 63, .. new byte[63], 61, .. new byte[61], 0];
        MessageBuilder message = new();
        message.Record(DnsSection.Answer, name, RecordType.NULL, []);
        for (int i = 1; i < 4000; i++) message.Record(DnsSection.Answer, Pointer(12), RecordType.NULL, []);
        Rejects(DnsError.NameWork, message); // 1,020,000 octets of names in 52,276 of message
    }

    [Theory]
    [InlineData("a", "A", true)]
    [InlineData("a.b", "a.b", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "a.b", false)]
    [InlineData("[", "{", false)] // RFC 4343 section 3: letters alone have two cases
    [InlineData("é", "É", false)]
    public void Names_are_compared_without_the_case_of_ASCII_letters(string left, string right, bool same)
    {
        byte[] message = [.. new byte[12], .. Name(left), .. Name(right)];
        Assert.Equal(DnsError.None, WireName.Read(message, 12, out WireName a, out int next));
        Assert.Equal(DnsError.None, WireName.Read(message, next, out WireName b, out _));
        Assert.Equal(same, a.EqualsIgnoringCase(b));
        Assert.Equal(left == right, a.EqualsExactly(b));
        Assert.Equal(same, a.ToDomainName() == b.ToDomainName());
    }

    [Fact]
    public void A_default_name_is_the_root()
    {
        WireName name = default;
        Assert.Equal(".", name.ToString());
        Assert.True(name.ToDomainName().IsRoot);
    }
}
