namespace PassiveDns.Aggregation;

/// <summary>What became of an RRset of an accepted response. The names are the words of the account.</summary>
internal enum RrsetFate : byte
{
    ObservedVerified,
    ObservedResolverStated,
    ObservedEstimated,
    ObservedUnverified,

    /// <summary>The answer to a question of our own, in the zone in whose name the server was asked.</summary>
    ObservedProbe,

    /// <summary>In the answer to a question of our own, but not in the zone in whose name the server was asked.</summary>
    DroppedProbeOutOfZone,

    /// <summary>Nothing supports it, and such rows are not wanted.</summary>
    DroppedUnverified,

    /// <summary>The same set stands in another section of the same response and counts once.</summary>
    Repeated,

    /// <summary>In the answer, but its owner is not on the chain from the name asked for.</summary>
    DroppedScrubbedOutOfChain,

    /// <summary>In the answer at the right owner, but of a type that was not asked for.</summary>
    DroppedScrubbedAnswerType,

    /// <summary>More than one CNAME or DNAME in a set, or a CNAME that its DNAME does not yield.</summary>
    DroppedScrubbedBadAlias,

    /// <summary>In the authority section, of a type that has no business there.</summary>
    DroppedScrubbedAuthorityType,

    /// <summary>In the authority section, but its owner is no ancestor of the name asked for.</summary>
    DroppedScrubbedAuthorityOwner,

    /// <summary>An NS set in a negative answer, where forged fragments put them.</summary>
    DroppedScrubbedNsInNegative,

    /// <summary>A second NS set in the authority section.</summary>
    DroppedScrubbedSecondNs,

    /// <summary>In the additional section, of a type that has no business there.</summary>
    DroppedScrubbedAdditionalType,

    /// <summary>In the additional section, but no record that was kept mentions its owner.</summary>
    DroppedScrubbedUnmentioned,

    /// <summary>A signature whose RRset is not there or was dropped.</summary>
    DroppedScrubbedOrphanSignature,

    /// <summary>The data of a record does not have the shape of its type, so the whole set is dropped.</summary>
    RdataMalformed,

    /// <summary>A name was compressed in a type where RFC 3597 section 4 does not allow it, and such sets are not wanted.</summary>
    RdataCompressed,

    /// <summary>More records or octets than a set may have.</summary>
    TooLarge,

    /// <summary>A type that exists in messages only (RFC 6895 section 3.1).</summary>
    MetaType,

    /// <summary>Another class than IN.</summary>
    Class,
}
