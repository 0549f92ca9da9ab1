namespace PassiveDns.Aggregation;

/// <summary>What the verifier learns from an RRset.</summary>
internal enum Lesson : byte
{
    None,

    /// <summary>Servers of a zone, or addresses of a server.</summary>
    Links,

    /// <summary>Addresses that would be links if their owner were a name server's name.</summary>
    NotYet,
}
