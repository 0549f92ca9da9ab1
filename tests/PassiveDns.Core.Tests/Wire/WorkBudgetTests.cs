namespace PassiveDns.Tests;

/// <summary>
/// The work that a message can cause grows with its length and no faster: counted in the octets that its names and data expand to, and in the
/// pointers that are followed, not in time.
/// </summary>
public class WorkBudgetTests
{
    // The promise of DnsError.NameWork, for owner names alone.
    private const int OwnerFactor = 16;

    // Two octets can stand for 255 in rdata, and the data of one record ends at 65,535: the promise of ResponseDecoder.
    private const int Factor = 128;
    private const int Constant = 65_536;

    [Theory]
    [InlineData(8_000)]
    [InlineData(16_000)]
    [InlineData(32_000)]
    [InlineData(65_000)]
    public void Messages_of_pointers_expand_to_no_more_octets_than_the_budget_for_their_length(int size)
    {
        byte[] first = MessageBuilder.Pointer(DnsHeader.Length);
        byte[] longest = [.. Enumerable.Range(0, 127).SelectMany(_ => (byte[])[1, (byte)'X']), 0];
        foreach ((RecordType type, byte[] data) in (IEnumerable<(RecordType, byte[])>)
        [
            (RecordType.A, [192, 0, 2, 1]), (RecordType.NS, first), (RecordType.RP, [.. first, .. first]),
            (RecordType.SOA, [.. first, .. first, .. new byte[20]]),
            (RecordType.HIP, [1, 0, 0, 1, 7, 7, .. Enumerable.Repeat(first, 250).SelectMany(p => p)]),
        ])
        {
            MessageBuilder message = new();
            message.Record(DnsSection.Answer, longest, RecordType.A, [192, 0, 2, 1]);
            for (int records = 1; message.Position + data.Length + 12 <= size && records < DnsReader.MaxRecords; records++)
            {
                message.Record(DnsSection.Answer, first, type, data);
            }

            AssertWithinBudget(message.ToArray(), DnsError.None, DnsError.NameWork);
        }
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(16_000)]
    [InlineData(32_000)]
    [InlineData(65_000)]
    public void Messages_of_chained_pointers_follow_no_more_than_126_of_them_for_a_name(int size)
    {
        foreach (int depth in (ReadOnlySpan<int>)[1, WireName.MaxPointers - 1, WireName.MaxPointers, 3000])
        {
            // the data of the first record is a chain: a name, then pointers, each to the one before it
            MessageBuilder message = new();
            int chain = message.Position + 11;
            byte[] links = [1, (byte)'x', 0, .. MessageBuilder.Pointer(chain), .. Enumerable.Range(0, depth).SelectMany(i => MessageBuilder.Pointer(chain + 3 + 2 * i))];
            message.Record(DnsSection.Answer, [0], (RecordType)65_280, links);
            byte[] last = MessageBuilder.Pointer(chain + 3 + 2 * (depth - 2 < 0 ? 0 : depth - 2));
            for (int records = 1; message.Position + 14 <= size && records < DnsReader.MaxRecords; records++)
            {
                message.Record(DnsSection.Answer, last, RecordType.NS, last);
            }

            // an owner follows its own pointer, those of the chain down to the name, and no other
            AssertWithinBudget(message.ToArray(), depth <= WireName.MaxPointers ? DnsError.None : DnsError.TooManyPointers);
        }
    }

    private static void AssertWithinBudget(byte[] message, params DnsError[] expected)
    {
        long budget = (long)Factor * message.Length + Constant;
        byte[] room = new byte[RecordData.MaxLength];
        Span<byte> name = stackalloc byte[DomainName.MaxWireLength];
        long octets = 0;
        long owners = 0;
        DnsReader reader = new(message);
        while (reader.Read())
        {
            int links = 0;
            for (int at = reader.Name.Offset; message[at] != 0; links++)
            {
                while (message[at] is > 0 and <= DomainName.MaxLabelLength) at += message[at] + 1;
                if (message[at] != 0) at = (message[at] & 0x3F) << 8 | message[at + 1];
            }

            Assert.InRange(links, 0, WireName.MaxPointers + 1);
            owners += reader.Name.CopyCanonicalTo(name);
            RecordData.Canonicalize(message, reader.DataOffset, reader.Data.Length, reader.Type, room, out int written);
            octets += written;
        }

        octets += owners;
        Assert.Contains(reader.Error, expected);
        Assert.InRange(owners, 1, (long)OwnerFactor * message.Length + Constant);
        Assert.InRange(octets, 1, budget);
        ResponseDecoder decoder = new();
        long before = GC.GetAllocatedBytesForCurrentThread();
        DnsError error = decoder.Decode(message);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        long expanded = 0;
        for (int i = 0; i < decoder.Count; i++) expanded += decoder[i].Owner.Length + decoder[i].Data.Length;
        Assert.Equal(reader.Error, error);
        if (error == DnsError.None) Assert.Equal(octets, expanded);
        Assert.InRange(allocated, 0, 4 * budget); // the arena doubles when it is full, so its sizes add up to twice the last one
    }
}
