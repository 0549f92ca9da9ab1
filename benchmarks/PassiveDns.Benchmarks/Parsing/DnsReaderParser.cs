namespace PassiveDns.Benchmarks.Parsing;

/// <summary><see cref="DnsReader"/> alone: framing of every record, and its owner name expanded and folded.</summary>
internal sealed class DnsReaderParser : MessageParser
{
    public override string Name => "PassiveDns.DnsReader";

    public override int Parse(MessageCorpus corpus, int first, int count)
    {
        Span<byte> owner = stackalloc byte[DomainName.MaxWireLength];
        int refused = 0;
        ulong sum = 0;
        for (int i = first; i < first + count; i++)
        {
            DnsReader reader = new(corpus[i]);
            while (reader.Read())
            {
                sum += (ulong)reader.Name.CopyCanonicalTo(owner) + owner[0] + (ulong)reader.Type;
            }

            if (reader.Error != DnsError.None) refused++;
        }

        Sink += sum;
        return refused;
    }
}
