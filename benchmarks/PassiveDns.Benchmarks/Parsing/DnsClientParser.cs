using System.Reflection;
using DnsClient;

namespace PassiveDns.Benchmarks.Parsing;

/// <summary>DnsClient's whole-message parser. It is internal, so it is bound once to a delegate; a call then costs what a call costs.</summary>
internal sealed class DnsClientParser : MessageParser
{
    private readonly Func<ArraySegment<byte>, object> _parse;

    public DnsClientParser()
    {
        Type handler = typeof(LookupClient).Assembly.GetType("DnsClient.DnsUdpMessageHandler", throwOnError: true)!;
        MethodInfo method = handler.GetMethod("GetResponseMessage", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!;
        object instance = Activator.CreateInstance(handler, nonPublic: true)!;
        _parse = method.CreateDelegate<Func<ArraySegment<byte>, object>>(instance);
    }

    public override string Name => "DnsClient";

    public override int Parse(MessageCorpus corpus, int first, int count)
    {
        int refused = 0;
        for (int i = first; i < first + count; i++)
        {
            try
            {
                if (_parse(corpus.Segment(i)) is not null) Sink++;
            }
            catch (Exception e) when (e is not OutOfMemoryException) // it throws many kinds on damage
            {
                refused++;
            }
        }

        return refused;
    }
}
