namespace PassiveDns.Analysis;

/// <summary>What a change did to a set, whatever it is about.</summary>
public enum ChangeEffect : byte
{
    /// <summary>The set was seen for the first time.</summary>
    Appeared,

    /// <summary>Records came, and none went.</summary>
    Added,

    /// <summary>Records went, or all of the set, and none came.</summary>
    Removed,

    /// <summary>Records went and others came.</summary>
    Replaced,

    /// <summary>A set came back that had been there before.</summary>
    Reverted,

    /// <summary>The records stayed, their TTL changed.</summary>
    TimeToLive,
}
