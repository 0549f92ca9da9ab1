namespace PassiveDns.Analysis;

/// <summary>How many strangers share an address or a server: what a link through it is worth.</summary>
public enum DegreeClass : byte
{
    /// <summary>Few registrable domains: a link means something.</summary>
    Dedicated,

    /// <summary>Shared hosting: a link means little.</summary>
    Shared,

    /// <summary>A content network, a parking or bulk host: a link means nothing, and blocking it hits everybody.</summary>
    Mass,
}
