namespace PassiveDns.Tests;

public class DnsWriterTests
{
    private static DomainName Name(string text) => DomainName.Parse(text);

    [Fact]
    public void A_message_stands_octet_by_octet_as_RFC_1035_section_4_1_4_says()
    {
        byte[] message = new DnsWriter(0x1234, 0x8400)
            .Question(Name("www.f.isi.arpa"), RecordType.A)
            .Record(DnsSection.Answer, Name("www.f.isi.arpa"), RecordType.CNAME, 60, "foo.f.isi.arpa.")
            .Record(DnsSection.Answer, Name("foo.f.isi.arpa"), RecordType.A, 3600, "192.0.2.1")
            .Edns(1232, dnssecOk: true, ResponseCode.BadVersion)
            .ToArray();
        Assert.Equal(
            TestData.Hex("1234 8400 0001 0002 0000 0001" // header: the lower four bits of BADVERS are 0
                + "03777777 0166 03697369 0461727061 00 0001 0001" // www at 12, f at 16, isi at 18, arpa at 22
                + "c00c 0005 0001 0000003c 0006 03666f6f c010" // foo at 44
                + "c02c 0001 0001 00000e10 0004 c0000201"
                + "00 0029 04d0 01008000 0000"),
            message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Records_of_all_types_of_a_signed_zone_come_back_as_they_were(bool compress)
    {
        foreach (string zone in (string[])["syntax", "domain__example.com", "domain__rfc5155-appendix-A"])
        {
            string origin = TestData.CorpusLines($"zone/{zone}.wire").First();
            ZoneReader reader = ZoneReader.Open(TestData.CorpusPath($"zone/{zone}.zone"), Name(origin));
            DnsWriter writer = new(7, 0x8000, compress);
            writer.Question(Name(origin), RecordType.ANY);
            List<string> written = [];
            while (ZoneText.Next(reader))
            {
                Assert.True(DomainName.TryFromWire(reader.Owner, out DomainName owner));
                writer.Record(written.Count < 10 ? DnsSection.Answer : DnsSection.Additional, owner, reader.Type, reader.TimeToLive, reader.Rdata);
                written.Add(ZoneText.WireLine(reader.Owner, reader.Type, reader.Class, reader.TimeToLive, reader.Rdata));
            }

            Assert.Equal(written, Read(writer.Message));
        }
    }

    [Fact]
    public void Compression_makes_messages_smaller_and_pointers_never_reach_behind_14_bits()
    {
        DnsWriter small = new(1, 0x8000);
        DnsWriter large = new(1, 0x8000, compress: false);
        List<string> written = [];
        for (int i = 0; i < 800; i++)
        {
            DomainName owner = Name($"host-{i / 2}.some-longer-name.example.");
            small.Record(DnsSection.Answer, owner, RecordType.NS, 1, $"ns-{i / 2}.some-longer-name.example.");
            large.Record(DnsSection.Answer, owner, RecordType.NS, 1, $"ns-{i / 2}.some-longer-name.example.");
        }

        Assert.True(small.Message.Length > 0x4000);
        Assert.True(large.Message.Length > 2 * small.Message.Length);
        written = Read(large.Message);
        Assert.Equal(800, written.Count);
        Assert.Equal(written, Read(small.Message));
    }

    [Fact]
    public void Misuse_is_explained()
    {
        DnsWriter writer = new(1, 0);
        writer.Record(DnsSection.Authority, Name("a"), RecordType.A, 1, "192.0.2.1").Edns();
        Assert.Throws<InvalidOperationException>(() => writer.Question(Name("a"), RecordType.A));
        Assert.Throws<InvalidOperationException>(() => writer.Record(DnsSection.Answer, Name("a"), RecordType.A, 1, "192.0.2.1"));
        Assert.Throws<InvalidOperationException>(() => writer.Edns());
        Assert.Throws<FormatException>(() => writer.Record(DnsSection.Additional, Name("a"), RecordType.A, 1, "nonsense"));
        Assert.Throws<ArgumentException>(() => writer.Record(DnsSection.Additional, Name("."), RecordType.OPT, 1, []));
        Assert.Throws<ArgumentException>(() => new DnsWriter(1, 0).Edns(options: [0, 1, 0, 9]));
        Assert.Throws<InvalidOperationException>(() => writer.Record(DnsSection.Additional, Name("a"), RecordType.NULL, 1, new byte[65_500]));
        Assert.Single(Read(writer.Message), record => record.EndsWith("c0000201", StringComparison.Ordinal)); // and the message stays whole
    }

    private static List<string> Read(ReadOnlySpan<byte> message)
    {
        List<string> records = [];
        byte[] room = new byte[RecordData.MaxLength];
        byte[] owner = new byte[DomainName.MaxWireLength];
        DnsReader reader = new(message);
        while (reader.Read())
        {
            if (reader.Section == DnsSection.Question) continue;
            Assert.NotEqual(RdataStatus.Malformed, RecordData.Canonicalize(message, reader.DataOffset, reader.Data.Length, reader.Type, room, out int length));
            int ownerLength = reader.Name.CopyCanonicalTo(owner);
            records.Add(ZoneText.WireLine(owner.AsSpan(0, ownerLength), reader.Type, reader.Class, reader.TimeToLive, room.AsSpan(0, length)));
        }

        Assert.Equal(DnsError.None, reader.Error);
        Assert.Equal(0, reader.TrailingBytes);
        return records;
    }
}
