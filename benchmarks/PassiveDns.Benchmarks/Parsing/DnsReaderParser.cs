namespace PassiveDns.Benchmarks.Parsing;

/// <summary>The same work by <see cref="DnsReader"/> and <see cref="RecordData"/>, one record at a time.</summary>
internal sealed class DnsReaderParser : MessageParser
{
    private readonly byte[] _data = new byte[RecordData.MaxLength];

    public override string Name => "PassiveDns.DnsReader";

    public override int Parse(MessageCorpus corpus, int first, int count)
    {
        Span<byte> owner = stackalloc byte[DomainName.MaxWireLength];
        int refused = 0;
        ulong sum = 0;
        for (int i = first; i < first + count; i++)
        {
            ReadOnlySpan<byte> message = corpus[i];
            DnsReader reader = new(message);
            while (reader.Read())
            {
                if (reader.Section == DnsSection.Question) continue;
                ulong name = OctetHash.Compute(owner[..reader.Name.CopyCanonicalTo(owner)]);
                RecordData.Canonicalize(message, reader.DataOffset, reader.Data.Length, reader.Type, _data, out int written);
                sum += OctetHash.Combine(name, reader.Type, OctetHash.Compute(_data.AsSpan(0, written)));
            }

            if (reader.Error != DnsError.None) refused++;
        }

        Sink += sum;
        return refused;
    }
}
