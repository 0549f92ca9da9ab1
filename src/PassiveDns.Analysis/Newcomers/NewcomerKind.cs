namespace PassiveDns.Analysis;

/// <summary>What was not there before.</summary>
public enum NewcomerKind : byte
{
    /// <summary>A registrable domain: nothing at or under it was seen before. Public suffixes are none.</summary>
    Domain,

    /// <summary>A name: nothing of it was seen before, whatever its domain has besides.</summary>
    Host,

    /// <summary>An RRset of a name: never seen before with this type, this data, this bailiwick and this provenance.</summary>
    Record,
}
