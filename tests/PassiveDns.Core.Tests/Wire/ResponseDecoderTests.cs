using PassiveDns.Benchmarks;

namespace PassiveDns.Tests;

/// <summary>
/// The fast decoder says in everything what the plain reader and the plain canonical form say. Those are held against other people's
/// parsers; this holds the decoder against them.
/// </summary>
public partial class ResponseDecoderTests
{
    [Fact]
    public void Corpus_messages_decode_as_the_reader_reads_them()
    {
        Comparison comparison = new();
        foreach (byte[] message in DnsReaderTests.CorpusMessages()) comparison.Add(message);
        Assert.InRange(comparison.Refused, 1, comparison.Messages - 1);
        Assert.InRange(comparison.Records, 100, int.MaxValue);
    }

    [Fact]
    public void Generated_messages_decode_as_the_reader_reads_them()
    {
        Comparison comparison = new();
        foreach (byte[] message in GeneratedMessages.Make(seed: 3, count: 3000)) comparison.Add(message);
        Assert.Equal(0, comparison.Refused);
        Assert.InRange(comparison.Records, 9000, int.MaxValue);
    }

    [Theory]
    [InlineData("synth", 20_000)]
    [InlineData("real", 18_584)]
    public void Messages_of_the_large_corpora_decode_as_the_reader_reads_them(string name, int count)
    {
        MessageCorpus corpus = Large(name);
        Comparison comparison = new();
        for (int i = 0; i < corpus.Count; i++) comparison.Add(corpus[i]);
        Assert.Equal(count, comparison.Messages);
        Assert.InRange(comparison.Refused, 0, 1);
    }

    [Fact]
    public void Damaged_messages_fail_with_the_reader_s_error_at_the_reader_s_offset()
    {
        List<byte[]> sound = [.. GeneratedMessages.Make(seed: 4, count: 1000), .. DnsReaderTests.CorpusMessages().Where(m => m.Length is > 20 and < 4000)];
        Comparison comparison = new();
        foreach (byte[] message in MutatedMessages.Make(seed: 5, count: 60_000, new("sound", sound))) comparison.Add(message);
        Assert.InRange(comparison.Refused, comparison.Messages / 4, comparison.Messages * 3 / 4);
        Assert.InRange(comparison.Errors.Count, 10, int.MaxValue);
    }

    [Theory]
    [InlineData("synth")]
    [InlineData("real")]
    public void Damaged_messages_of_the_large_corpora_fail_as_the_reader_fails(string name)
    {
        Comparison comparison = new();
        foreach (byte[] message in MutatedMessages.Make(seed: 6, count: 100_000, Large(name))) comparison.Add(message);
        Assert.InRange(comparison.Refused, comparison.Messages / 4, comparison.Messages * 3 / 4);
    }

    [Fact]
    public void Messages_full_of_pointers_meet_every_corner_of_the_name_rules()
    {
        Random random = new(7);
        Comparison comparison = new();
        for (int round = 0; round < 150_000; round++) comparison.Add(TangledMessages.Make(random));
        Assert.InRange(comparison.Records, 50_000, int.MaxValue);
        Assert.All(comparison.Statuses, count => Assert.InRange(count, 1000, int.MaxValue)); // each outcome was met
        Assert.Superset(
            new HashSet<DnsError>
            {
                DnsError.RecordCount, DnsError.NameOverrun, DnsError.NameTooLong, DnsError.LabelType, DnsError.PointerIntoHeader,
                DnsError.PointerNotBackwards, DnsError.RecordOverrun, DnsError.RdataOverrun,
            },
            comparison.Errors);
    }

    [Fact]
    public void Random_rdata_of_every_type_gets_the_status_and_octets_of_the_plain_canonical_form()
    {
        Random random = new(8);
        Comparison comparison = new();
        for (int round = 0; round < 200_000; round++)
        {
            RecordType type = (RecordType)(round % 290 < 280 ? round % 290 : 32_760 + round % 290);
            byte[] data = new byte[random.Next(0, round % 5 == 0 ? 90 : 30)];
            random.NextBytes(data);
            for (int i = 0; i < data.Length; i++)
            {
                if (random.Next(2) == 0) data[i] = (byte)random.Next(0, 6);
            }

            if (round % 3 == 0 && data.Length >= 2) MessageBuilder.Pointer(random.Next(12, 40)).CopyTo(data.AsSpan(data.Length - 2 - random.Next(data.Length - 1)));
            MessageBuilder message = new MessageBuilder().Question("A.Bc.example", type);
            comparison.Add(message.Record(DnsSection.Answer, MessageBuilder.Pointer(12), type, data).ToArray());
        }

        Assert.All(comparison.Statuses, count => Assert.InRange(count, 10, int.MaxValue)); // each outcome was met
    }

    [Fact]
    public void Nothing_is_shown_of_a_message_whose_last_record_is_cut()
    {
        byte[] message = new MessageBuilder().Question("example", RecordType.A).Answer("example", RecordType.A, 192, 0, 2, 1).ToArray();
        ResponseDecoder decoder = new();
        Assert.Equal(DnsError.None, decoder.Decode(message));
        Assert.Equal(1, decoder.Count);
        Assert.Equal(DnsError.RdataOverrun, decoder.Decode(message.AsSpan(0, message.Length - 1)));
        Assert.Equal(0, decoder.Count);
        Assert.False(decoder.HasQuestion);
        Assert.True(decoder.QuestionName.IsEmpty);
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder[0].Hash);
    }

    private static MessageCorpus Large(string name)
    {
        string path = TestData.SharedPath($"bench/{name}.bin.gz");
        Assert.SkipUnless(File.Exists(path), $"The data set beside the repository has no bench/{name}.bin.gz here.");
        return MessageCorpus.Load(name, path);
    }

    /// <summary>Decodes messages one after the other with one decoder, as it is used, and compares each with the plain reader.</summary>
    private sealed class Comparison
    {
        private readonly ResponseDecoder _decoder = new();
        private readonly byte[] _room = new byte[RecordData.MaxLength];

        public int Messages { get; private set; }

        public int Refused { get; private set; }

        public int Records { get; private set; }

        public HashSet<DnsError> Errors { get; } = [];

        public int[] Statuses { get; } = new int[4];

        public void Add(ReadOnlySpan<byte> message)
        {
            string? difference = Compare(message);
            Assert.True(difference is null, $"message {Messages}, {difference}: {Convert.ToHexString(message)}");
            Messages++;
        }

        private string? Compare(ReadOnlySpan<byte> message)
        {
            DnsError error = _decoder.Decode(message);
            DnsReader reader = new(message);
            Span<byte> name = stackalloc byte[DomainName.MaxWireLength];
            int count = 0;
            string? difference = null;
            while (reader.Read())
            {
                int length = reader.Name.CopyCanonicalTo(name);
                if (error != DnsError.None) continue;
                difference ??= reader.Section == DnsSection.Question ? Question(reader, name[..length]) : Record(message, reader, name[..length], count++);
            }

            if (error != reader.Error || _decoder.Error != error) return $"{error} instead of {reader.Error}";
            if (_decoder.ErrorOffset != reader.ErrorOffset) return $"{error} at {_decoder.ErrorOffset} instead of {reader.ErrorOffset}";
            if (_decoder.Header != reader.Header) return "another header";
            if (_decoder.Count != count) return $"{_decoder.Count} records instead of {count}";
            if (error != DnsError.None)
            {
                Refused++;
                Errors.Add(error);
                return null;
            }

            if (_decoder.TrailingBytes != reader.TrailingBytes) return "other trailing octets";
            if (_decoder.HasOpt != reader.HasOpt || _decoder.ExtendedResponseCode != reader.ExtendedResponseCode) return "another OPT";
            return difference;
        }

        private string? Question(in DnsReader reader, ReadOnlySpan<byte> name)
        {
            bool same = _decoder.HasQuestion && _decoder.QuestionName.SequenceEqual(name) && _decoder.QuestionLabels == reader.Name.LabelCount
                && _decoder.QuestionHash == OctetHash.Compute(name) && _decoder.QuestionType == reader.Type && _decoder.QuestionClass == reader.Class;
            return same ? null : "another question";
        }

        private string? Record(ReadOnlySpan<byte> message, in DnsReader reader, ReadOnlySpan<byte> name, int index)
        {
            RdataStatus status = RecordData.Canonicalize(message, reader.DataOffset, reader.Data.Length, reader.Type, _room, out int written);
            if (index >= _decoder.Count) return "too few records";
            Records++;
            Statuses[(int)status]++;
            ReadOnlySpan<byte> data = _room.AsSpan(0, written);
            ResponseRecord record = _decoder[index];
            if (record.Section != reader.Section || record.Type != reader.Type || record.Class != reader.Class) return $"record {index} is another";
            if (record.RawTimeToLive != reader.RawTimeToLive || record.TimeToLive != reader.TimeToLive) return $"record {index} has another TTL";
            if (!record.Owner.SequenceEqual(name)) return $"record {index} has the owner {Convert.ToHexString(record.Owner)}";
            if (record.OwnerLabels != reader.Name.LabelCount) return $"record {index} has {record.OwnerLabels} labels";
            if (record.OwnerHash != OctetHash.Compute(name)) return $"record {index} has another owner hash";
            if (record.DataStatus != status) return $"record {index} is {record.DataStatus} instead of {status}";
            if (!record.Data.SequenceEqual(data)) return $"record {index} has the data {Convert.ToHexString(record.Data)}";
            if (record.DataHash != OctetHash.Compute(data)) return $"record {index} has another data hash";
            return record.Hash == OctetHash.Combine(record.OwnerHash, record.Type, record.DataHash) ? null : $"record {index} has another hash";
        }
    }
}
