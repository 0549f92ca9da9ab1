namespace PassiveDns.Storage.Spooling;

/// <summary>One file of a spool.</summary>
/// <param name="path">Where it lies.</param>
internal sealed class SpoolSegment(string path)
{
    public string Path { get; } = path;

    /// <summary>The octets that are on the disk for sure.</summary>
    public long Length { get; set; }

    /// <summary>Batches in it that are not stored.</summary>
    public long PendingBatches { get; set; }

    /// <summary>Rows in them.</summary>
    public long PendingRows { get; set; }

    /// <summary>Whether no more is appended.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whether a part of it could not be read back.</summary>
    public bool IsDamaged { get; set; }
}
