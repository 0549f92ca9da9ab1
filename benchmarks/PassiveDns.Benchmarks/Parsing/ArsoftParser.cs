using ARSoft.Tools.Net.Dns;

namespace PassiveDns.Benchmarks.Parsing;

/// <summary>ARSoft.Tools.Net.</summary>
internal sealed class ArsoftParser : MessageParser
{
    public override string Name => "ARSoft";

    public override int Parse(MessageCorpus corpus, int first, int count)
    {
        int refused = 0;
        for (int i = first; i < first + count; i++)
        {
            try
            {
                Sink += (ulong)DnsMessage.Parse(corpus.Segment(i)).AnswerRecords.Count;
            }
            catch (Exception e) when (e is not OutOfMemoryException) // it throws many kinds on damage
            {
                refused++;
            }
        }

        return refused;
    }
}
