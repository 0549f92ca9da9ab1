namespace PassiveDns.Aggregation;

/// <summary>What a server said is not there.</summary>
public enum NegativeKind : byte
{
    /// <summary>The name, with all types: NXDOMAIN (RFC 2308 section 2.1).</summary>
    NameError = 1,

    /// <summary>The type at a name that exists: NODATA (RFC 2308 section 2.2).</summary>
    NoData = 2,
}
