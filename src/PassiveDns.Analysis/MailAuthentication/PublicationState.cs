namespace PassiveDns.Analysis;

/// <summary>Whether a name publishes a record of some kind.</summary>
public enum PublicationState : byte
{
    /// <summary>Nothing that was observed tells.</summary>
    Unknown,

    /// <summary>There is none: a server said so, or other text records were observed at the name without it.</summary>
    Absent,

    /// <summary>One, and it can be read.</summary>
    Published,

    /// <summary>Two or more where the standard allows one, so that receivers use none.</summary>
    Multiple,

    /// <summary>One that breaks the standard's syntax.</summary>
    Invalid,
}
