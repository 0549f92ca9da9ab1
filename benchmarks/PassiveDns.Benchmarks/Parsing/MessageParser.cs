namespace PassiveDns.Benchmarks.Parsing;

/// <summary>One parser in the comparison. It must read every record of a message as deeply as its users do.</summary>
internal abstract class MessageParser
{
    /// <summary>The name in the results.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it allocates on the collector's heap, where allocation can be counted.</summary>
    public virtual bool IsManaged => true;

    /// <summary>Keeps the compiler from seeing that results are not used.</summary>
    public ulong Sink { get; protected set; }

    /// <summary>Parses some messages one after the other.</summary>
    /// <returns>How many of them were refused.</returns>
    public abstract int Parse(MessageCorpus corpus, int first, int count);
}
