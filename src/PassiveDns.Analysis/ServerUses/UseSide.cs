namespace PassiveDns.Analysis;

/// <summary>Who says that a name uses a server. Parent and zone are apart on purpose: where they differ, a hijack or a forgotten change shows.</summary>
public enum UseSide : byte
{
    /// <summary>The zone itself: the bailiwick is the owner name, or an ancestor for data that is no delegation (MX).</summary>
    Apex,

    /// <summary>The parent zone, in a delegation: the bailiwick lies above the owner name (RFC 1034 section 4.2.1).</summary>
    Parent,
}
