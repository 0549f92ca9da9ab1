namespace PassiveDns.Analysis;

/// <summary>Which records deviate.</summary>
internal enum DeviationRole : byte
{
    /// <summary>NS of a zone, by parent and zone.</summary>
    Delegation,

    /// <summary>Addresses that the parent of the registrable domain gives for servers in it.</summary>
    Glue,

    /// <summary>Addresses and aliases.</summary>
    Hosting,

    /// <summary>MX.</summary>
    Mail,
}
