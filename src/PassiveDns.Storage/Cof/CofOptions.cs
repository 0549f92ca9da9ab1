namespace PassiveDns.Storage.Cof;

/// <summary>How rows are written in the Common Output Format (draft-dulaunoy-dnsop-passive-dns-cof).</summary>
public sealed record CofOptions
{
    /// <summary>The defaults.</summary>
    public static CofOptions Default { get; } = new();

    /// <summary>Everything that a reader needs to make the same rows again.</summary>
    public static CofOptions Exact { get; } = new() { EmitWire = true, EmitProvenance = true, EmitIntervals = true, EmitTimesToLive = true, EmitWitnesses = true };

    /// <summary>Whether <c>rdata</c> is an array even for one record, as senders should; else one record is a string.</summary>
    /// <value>Default <c>true</c>.</value>
    public bool RdataAsArray { get; init; } = true;

    /// <summary>Whether names in <c>rrname</c> and <c>bailiwick</c> end in a dot. Names in rdata always do: they are presentation text.</summary>
    /// <value>Default <c>false</c>, as in the draft's examples.</value>
    public bool TrailingDot { get; init; }

    /// <summary>Whether a type without a mnemonic is a number, as the draft says; else it is <c>TYPE65280</c> (RFC 3597 section 5).</summary>
    /// <value>Default <c>true</c>.</value>
    public bool NumericUnknownTypes { get; init; } = true;

    /// <summary>Whether <c>time_first_ms</c> and <c>time_last_ms</c> are written, too.</summary>
    /// <value>Default <c>false</c>.</value>
    public bool EmitMilliseconds { get; init; }

    /// <summary>Whether <c>rdata_wire</c> is written: the canonical rdata of each record in hexadecimal. A field of ours, which readers may ignore.</summary>
    /// <value>Default <c>false</c>.</value>
    public bool EmitWire { get; init; }

    /// <summary>Whether <c>provenance</c> is written, in kebab-case. A field of ours, which readers may ignore.</summary>
    /// <value>Default <c>false</c>.</value>
    public bool EmitProvenance { get; init; }

    /// <summary>
    /// Whether <c>intervals</c> is written: an array of [first, last, count], one for each stretch of time in which the row was seen without a long
    /// silence; and <c>coarsened</c>, which is true where intervals had to be joined. Fields of ours, which readers may ignore.
    /// </summary>
    /// <value>Default <c>false</c>.</value>
    public bool EmitIntervals { get; init; }

    /// <summary>Whether <c>ttl_min</c> and <c>ttl_max</c> are written where they are known, in seconds. Fields of ours, which readers may ignore.</summary>
    /// <value>Default <c>false</c>.</value>
    public bool EmitTimesToLive { get; init; }

    /// <summary>
    /// Whether <c>witnesses</c> is written: the fingerprints of the sensors that saw the row, eight hexadecimal digits each. A field of ours, which readers may
    /// ignore.
    /// </summary>
    /// <value>Default <c>false</c>.</value>
    public bool EmitWitnesses { get; init; }

    /// <summary>What to write as <c>sensor_id</c>: a sensor or a group of sensors, never a person. Default none.</summary>
    public string? SensorId { get; init; }

    /// <summary>What to write as <c>origin</c>: a URI of the answering database. Default none.</summary>
    public Uri? Origin { get; init; }
}
