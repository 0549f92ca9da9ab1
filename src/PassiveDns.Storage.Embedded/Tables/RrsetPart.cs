namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>What a cursor shows of a table in which the RRset rows of DNSSEC types stand among the others (see <see cref="TableFacts.IsMixed"/>).</summary>
internal enum RrsetPart : byte
{
    /// <summary>All entries where they stand.</summary>
    All,

    /// <summary>All entries but the RRset rows of DNSSEC types.</summary>
    Others,

    /// <summary>Only the RRset rows of DNSSEC types, with the keys that they would have now.</summary>
    Dnssec,
}
