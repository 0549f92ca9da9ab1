namespace PassiveDns.Benchmarks.Parsing;

/// <summary><see cref="ResponseDecoder"/>: every record with its canonical owner and rdata, and their joint hash, as the aggregator looks it up.</summary>
internal sealed class ResponseDecoderParser : MessageParser
{
    private readonly ResponseDecoder _decoder = new();

    public override string Name => "PassiveDns";

    public override int Parse(MessageCorpus corpus, int first, int count)
    {
        ResponseDecoder decoder = _decoder;
        int refused = 0;
        ulong sum = 0;
        for (int i = first; i < first + count; i++)
        {
            if (decoder.Decode(corpus[i]) != DnsError.None) refused++;
            for (int r = 0; r < decoder.Count; r++) sum += decoder[r].Hash;
        }

        Sink += sum;
        return refused;
    }
}
