namespace PassiveDns.Storage.Keys;

/// <summary>What deletions make of a row.</summary>
public enum RowFate : byte
{
    /// <summary>It stays as it is.</summary>
    Kept,

    /// <summary>It stays with another history.</summary>
    Changed,

    /// <summary>It goes.</summary>
    Removed,
}
