namespace PassiveDns.Aggregation;

/// <summary>What scrubbing found out about a name of a message.</summary>
[Flags]
internal enum NameMarks : byte
{
    None = 0,

    /// <summary>The name asked for, or one that the chain of aliases leads to.</summary>
    InChain = 1,

    /// <summary>A record that was kept points to it.</summary>
    Mentioned = 2,

    /// <summary>An NS record that was kept points to it.</summary>
    NameServer = 4,
}
