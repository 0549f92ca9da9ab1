namespace PassiveDns.Analysis;

/// <summary>What a suspicion is about.</summary>
public enum HijackKind : byte
{
    /// <summary>The zone was delegated elsewhere for a while: other name servers, or the same names with other glue.</summary>
    DelegationHijack,

    /// <summary>Names of the zone led elsewhere for a while, by its own servers.</summary>
    RecordHijack,

    /// <summary>An alias went on leading to a name of somebody else's that had ceased to exist, and then existed again with other addresses.</summary>
    SubdomainTakeover,

    /// <summary>The zone is delegated to servers that never answered for it: whoever gets hold of one of them can.</summary>
    LameDelegation,
}
