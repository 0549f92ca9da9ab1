namespace PassiveDns.Storage;

/// <summary>Which kinds of provenance a query wants.</summary>
[Flags]
public enum ProvenanceSelection : byte
{
    /// <summary>None; a query needs at least one.</summary>
    None = 0,

    /// <summary><see cref="Provenance.VerifiedTraffic"/>.</summary>
    VerifiedTraffic = 1 << Provenance.VerifiedTraffic,

    /// <summary><see cref="Provenance.ResolverStated"/>.</summary>
    ResolverStated = 1 << Provenance.ResolverStated,

    /// <summary><see cref="Provenance.Estimated"/>.</summary>
    Estimated = 1 << Provenance.Estimated,

    /// <summary><see cref="Provenance.Unverified"/>: the chaff.</summary>
    Unverified = 1 << Provenance.Unverified,

    /// <summary><see cref="Provenance.ZoneFile"/>.</summary>
    ZoneFile = 1 << Provenance.ZoneFile,

    /// <summary><see cref="Provenance.Probe"/>.</summary>
    Probe = 1 << Provenance.Probe,

    /// <summary>What queries fold over unless told otherwise: verified traffic, what a resolver stated, and zone files.</summary>
    Trusted = VerifiedTraffic | ResolverStated | ZoneFile,

    /// <summary>All kinds.</summary>
    All = VerifiedTraffic | ResolverStated | Estimated | Unverified | ZoneFile | Probe,
}
