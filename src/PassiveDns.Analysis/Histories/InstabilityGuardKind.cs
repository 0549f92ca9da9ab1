namespace PassiveDns.Analysis;

/// <summary>Ordinary reasons for which hosting looks unstable.</summary>
public enum InstabilityGuardKind : byte
{
    /// <summary>The addresses are used by strangers in mass: a content network or bulk host. The value is the highest number of registrable domains at a sampled address.</summary>
    SharedNetwork,

    /// <summary>All addresses belong to one operator, which moves them as it likes. The value is the number of autonomous systems, or of prefixes where those are not known of all; the larger one of the two families.</summary>
    SameOperator,

    /// <summary>The same addresses come back in ever new combinations: a pool, of which every answer is a sample. The value is in how many sets an address was, on average.</summary>
    RecurringPool,

    /// <summary>One address at a time with a short life, all of few networks: a line whose provider gives it new addresses. The value is the number of addresses for each prefix.</summary>
    DynamicAddress,
}
