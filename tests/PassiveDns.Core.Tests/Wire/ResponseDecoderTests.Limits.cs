using PassiveDns.Benchmarks;

namespace PassiveDns.Tests;

/// <summary>Names at their limits, messages made to cost much, memory and allocation.</summary>
public partial class ResponseDecoderTests
{
    [Theory]
    [InlineData(WireName.MaxPointers, DnsError.None)]
    [InlineData(WireName.MaxPointers + 1, DnsError.TooManyPointers)]
    public void A_name_may_follow_126_pointers_each_with_or_without_a_label(int pointers, DnsError expected)
    {
        foreach (bool labels in (ReadOnlySpan<bool>)[false, true])
        {
            // each owner is a pointer to the owner before it, so that the decoder meets the chain at each of its lengths
            MessageBuilder message = new();
            int previous = message.Position;
            message.Record(DnsSection.Answer, [0], RecordType.A, [192, 0, 2, 1]);
            for (int i = 0; i < pointers; i++)
            {
                int position = message.Position;
                byte[] owner = labels && i > 0 ? [1, (byte)'A', .. MessageBuilder.Pointer(previous)] : MessageBuilder.Pointer(previous);
                message.Record(DnsSection.Answer, owner, RecordType.A, [192, 0, 2, 1]);
                previous = position;
            }

            Assert.Equal(expected, new ResponseDecoder().Decode(message.ToArray()));
            new Comparison().Add(message.ToArray());
        }
    }

    /// <summary>With the zero behind the message it would be a pointer to the name at offset 256.</summary>
    [Fact]
    public void A_pointer_that_is_cut_in_the_middle_is_none()
    {
        MessageBuilder message = new MessageBuilder().Record(DnsSection.Answer, [0], RecordType.NULL, new byte[233]);
        Assert.Equal(256, message.Position);
        message.Record(DnsSection.Answer, [1, (byte)'A', 0], RecordType.NULL, new byte[10]).Raw(0xC1).Patch(6, 3);
        Assert.Equal(DnsError.NameOverrun, new ResponseDecoder().Decode(message.ToArray()));
        new Comparison().Add(message.ToArray());
    }

    /// <summary>Pointers to pointers count each, also where the name they lead to is known already.</summary>
    [Theory]
    [InlineData(42, DnsError.None)]
    [InlineData(43, DnsError.TooManyPointers)]
    public void A_label_may_stand_behind_three_pointers_42_times(int labels, DnsError expected)
    {
        MessageBuilder message = new();
        int previous = message.Position;
        message.Record(DnsSection.Answer, [0], RecordType.A, [192, 0, 2, 1]);
        for (int i = 0; i < labels; i++)
        {
            for (int pointers = 0; pointers < 2; pointers++)
            {
                int position = message.Position;
                message.Record(DnsSection.Answer, MessageBuilder.Pointer(previous), RecordType.A, [192, 0, 2, 1]);
                previous = position;
            }

            int owner = message.Position;
            message.Record(DnsSection.Answer, [1, (byte)'A', .. MessageBuilder.Pointer(previous)], RecordType.A, [192, 0, 2, 1]);
            previous = owner;
        }

        Assert.Equal(expected, new ResponseDecoder().Decode(message.ToArray()));
        new Comparison().Add(message.ToArray());
    }

    [Fact]
    public void Names_of_254_to_257_octets_are_taken_up_to_255_however_they_are_put_together()
    {
        Comparison comparison = new();
        for (int total = 250; total < 259; total++)
        {
            for (int first = 1; first < 6; first++)
            {
                // one label of `first` octets, three of 63, one for the rest: plain, behind one pointer, and behind two
                byte[] labels = [(byte)first, .. new byte[first].Select(_ => (byte)'Q')];
                byte[] tail = [.. Enumerable.Range(0, 3).SelectMany(_ => (byte[])[63, .. new byte[63].Select(_ => (byte)'R')])];
                int rest = total - labels.Length - tail.Length - 2;
                byte[] end = [(byte)rest, .. new byte[rest].Select(_ => (byte)'S'), 0];
                comparison.Add(new MessageBuilder().Record(DnsSection.Answer, [.. labels, .. tail, .. end], RecordType.A, [1, 2, 3, 4]).ToArray());
                MessageBuilder parts = new MessageBuilder().Record(DnsSection.Answer, end, RecordType.A, [1, 2, 3, 4]);
                int position = parts.Position;
                parts.Record(DnsSection.Answer, [.. tail, .. MessageBuilder.Pointer(12)], RecordType.A, [1, 2, 3, 4]);
                comparison.Add(parts.Record(DnsSection.Answer, [.. labels, .. MessageBuilder.Pointer(position)], RecordType.A, [1, 2, 3, 4]).ToArray());
                comparison.Add(parts.Record(DnsSection.Answer, [.. labels, .. MessageBuilder.Pointer(position)], RecordType.NS,
                    [.. labels, .. MessageBuilder.Pointer(position)]).ToArray());
            }
        }

        Assert.InRange(comparison.Refused, 40, comparison.Messages - 40);
    }

    [Fact]
    public void Messages_made_to_expand_as_far_as_possible_decode_as_the_reader_reads_them()
    {
        Comparison comparison = new();
        comparison.Add(Bomb(RecordType.A, [192, 0, 2, 1], 4096));
        comparison.Add(Bomb(RecordType.A, [], 4097));
        comparison.Add(Bomb(RecordType.RP, [.. MessageBuilder.Pointer(12), .. MessageBuilder.Pointer(12)], 4000));
        comparison.Add(Bomb(RecordType.RP, [1, (byte)'A', .. MessageBuilder.Pointer(14), 1, (byte)'B', .. MessageBuilder.Pointer(14)], 3000));
        comparison.Add(Bomb(RecordType.HIP, [0, 0, 0, 0, .. Enumerable.Repeat(MessageBuilder.Pointer(12), 250).SelectMany(p => p)], 120));
        comparison.Add(Bomb(RecordType.HIP, [0, 0, 0, 0, .. Enumerable.Repeat(MessageBuilder.Pointer(12), 260).SelectMany(p => p)], 120));
        Assert.InRange(comparison.Records, 7000, int.MaxValue);

        static byte[] Bomb(RecordType type, byte[] data, int records)
        {
            MessageBuilder message = new();
            byte[] longest = [.. Enumerable.Range(0, 127).SelectMany(_ => (byte[])[1, (byte)'X']), 0];
            message.Record(DnsSection.Answer, longest, type, data);
            for (int i = 1; i < records && message.Position < 65_000; i++) message.Record(DnsSection.Answer, MessageBuilder.Pointer(12), type, data);
            return message.ToArray();
        }
    }

    [Fact]
    public void Names_that_start_beyond_the_reach_of_a_pointer_decode_as_the_reader_reads_them()
    {
        MessageBuilder message = new MessageBuilder().Question("Example", RecordType.TXT);
        message.Record(DnsSection.Answer, MessageBuilder.Pointer(12), RecordType.TXT, [.. Enumerable.Range(0, 70).SelectMany(_ => (byte[])[255, .. new byte[255]])]);
        for (int i = 0; i < 8; i++)
        {
            message.Record(DnsSection.Answer, [1, (byte)'A', .. MessageBuilder.Pointer(12)], RecordType.NS, [1, (byte)'B', 0]);
            message.Record(DnsSection.Answer, [1, (byte)'C', 0], RecordType.RP, [2, (byte)'D', (byte)'E', .. MessageBuilder.Pointer(12), 1, (byte)'F', 0]);
        }

        Comparison comparison = new();
        comparison.Add(message.ToArray());
        Assert.Equal(17, comparison.Records);
    }

    [Fact]
    public void Results_do_not_change_when_names_of_earlier_messages_stood_at_the_same_offsets()
    {
        ResponseDecoder decoder = new();
        byte[] sound = new MessageBuilder().Question("one.example", RecordType.A)
            .Record(DnsSection.Answer, MessageBuilder.Pointer(12), RecordType.A, [192, 0, 2, 1]).ToArray();
        byte[] other = new MessageBuilder().Question("two.example", RecordType.A)
            .Record(DnsSection.Answer, MessageBuilder.Pointer(12), RecordType.A, [192, 0, 2, 1]).ToArray();
        for (int i = 0; i < 600_000; i++) // more than the generations that a tag can tell apart
        {
            decoder.Decode(i % 2 == 0 ? sound : other);
            Assert.Equal((byte)(i % 2 == 0 ? 'o' : 't'), decoder[0].Owner[1]);
        }
    }

    [Fact]
    public void Decoding_10000_messages_allocates_nothing()
    {
        byte[][] messages = [.. DnsReaderTests.CorpusMessages(), .. MutatedMessages.Make(9, 2000, new("sound", GeneratedMessages.Make(10, 500)))];
        ResponseDecoder decoder = new();
        ulong sum = 0;
        for (int round = 0; round < 2; round++)
        {
            foreach (byte[] message in messages) sum += ReadAll(decoder, message);
        }

        Assert.Equal(0, Allocated.Least(() =>
        {
            for (int i = 0; i < 10_000; i++) sum += ReadAll(decoder, messages[i % messages.Length]);
        }));
        Assert.NotEqual(0u, sum);

        static ulong ReadAll(ResponseDecoder decoder, byte[] message)
        {
            decoder.Decode(message);
            ulong sum = 0;
            for (int i = 0; i < decoder.Count; i++) sum += decoder[i].Hash + (ulong)decoder[i].Owner.Length + (ulong)decoder[i].Data.Length;
            return sum;
        }
    }
}
