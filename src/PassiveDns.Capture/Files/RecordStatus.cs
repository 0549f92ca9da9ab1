namespace PassiveDns.Capture;

/// <summary>What a format found at the start of the window.</summary>
internal enum RecordStatus
{
    /// <summary>A packet.</summary>
    Packet,

    /// <summary>A packet that cannot be used: its interface was never described.</summary>
    Orphan,

    /// <summary>Something else, to be skipped.</summary>
    Other,

    /// <summary>The window ends before the record does.</summary>
    NeedMore,

    /// <summary>Nothing behind this can be trusted.</summary>
    Damaged,
}
