namespace PassiveDns;

/// <summary>The class of a record (RFC 1035 section 3.2.4). Only <see cref="IN"/> is ever observed.</summary>
public enum RecordClass : ushort
{
    /// <summary>The Internet.</summary>
    IN = 1,

    /// <summary>CHAOS, used for server identities.</summary>
    CH = 3,

    /// <summary>Hesiod.</summary>
    HS = 4,

    /// <summary>NONE, of dynamic updates (RFC 2136 section 2.4).</summary>
    None = 254,

    /// <summary>ANY, of queries and dynamic updates.</summary>
    Any = 255,
}
