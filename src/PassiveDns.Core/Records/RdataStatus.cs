namespace PassiveDns;

/// <summary>What <see cref="RecordData.Canonicalize"/> found in the data of one record.</summary>
public enum RdataStatus : byte
{
    /// <summary>Well formed.</summary>
    Valid,

    /// <summary>Well formed, but a name was compressed in a type where RFC 3597 section 4 does not allow it. It was expanded.</summary>
    NonstandardCompression,

    /// <summary>Framed soundly but against the rules of its type (an NSEC bitmap out of order, SVCB keys out of order ...): kept as it is and printed as RFC 3597 data.</summary>
    Opaque,

    /// <summary>The data does not have the shape of its type: the RRset it belongs to must be dropped.</summary>
    Malformed,
}
