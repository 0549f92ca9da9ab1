namespace PassiveDns.Analysis;

/// <summary>Ordinary variety that looks like change. It is folded, and counted.</summary>
public enum ChangeNoise : byte
{
    /// <summary>None of it.</summary>
    None,

    /// <summary>Sets that were there at once, or that took turns three times or more: servers that give different answers.</summary>
    RoundRobin,

    /// <summary>Sets drawn from a pool of addresses that come back in others: a content network, a pool of volunteers, or flux.</summary>
    PoolRotation,

    /// <summary>Addresses of one autonomous system, or of one prefix where that is not known: their operator moved something.</summary>
    SameOperator,

    /// <summary>A new serial number of a zone.</summary>
    Serial,
}
