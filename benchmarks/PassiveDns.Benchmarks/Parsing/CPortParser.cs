namespace PassiveDns.Benchmarks.Parsing;

/// <summary>The yardstick for the compiler: what <see cref="ResponseDecoderParser"/> does, message for message and hash for hash, in C.</summary>
internal sealed unsafe class CPortParser : MessageParser
{
    private const int Refused = 1;
    private const int NotPorted = 2;

    public override string Name => "c-port";

    public override bool IsManaged => false;

    /// <summary>Why it cannot run here, or <c>null</c>.</summary>
    public static string? Missing => CPort.IsHere ? null : CPort.Missing;

    public override int Parse(MessageCorpus corpus, int first, int count)
    {
        var read = CPort.Read;
        int refused = 0;
        ulong sum = 0;
        for (int i = first; i < first + count; i++)
        {
            ReadOnlySpan<byte> message = corpus[i];
            ulong hashes;
            fixed (byte* start = message)
            {
                if (read(start, message.Length, &hashes) == Refused) refused++;
            }

            sum += hashes;
        }

        Sink += sum;
        return refused;
    }

    /// <summary>Holds it against <see cref="ResponseDecoder"/>, message by message: the same are refused, and the hashes of the others have the same sum.</summary>
    /// <returns>How many messages have a record of a kind that was not ported.</returns>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public static int Compare(MessageCorpus corpus)
    {
        ResponseDecoder decoder = new();
        int notPorted = 0;
        for (int i = 0; i < corpus.Count; i++)
        {
            ReadOnlySpan<byte> message = corpus[i];
            bool refused = decoder.Decode(message) != DnsError.None;
            ulong expected = 0;
            for (int r = 0; r < decoder.Count; r++) expected += decoder[r].Hash;
            ulong sum;
            int result;
            fixed (byte* start = message) result = CPort.Read(start, message.Length, &sum);
            if (result == NotPorted) notPorted++;
            bool same = result == NotPorted ? !refused : refused == (result == Refused) && expected == sum;
            if (!same) throw new InvalidOperationException($"Message {i} of {corpus.Name}: the C port says otherwise; bring Native/decoder.c into step.");
        }

        return notPorted;
    }
}
