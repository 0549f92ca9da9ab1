namespace PassiveDns.Capture;

/// <summary>The control frames of Frame Streams.</summary>
internal enum ControlFrameType : uint
{
    /// <summary>The reader of a bidirectional stream names the content types it takes.</summary>
    Accept = 1,

    /// <summary>Data follow.</summary>
    Start = 2,

    /// <summary>No more data follow.</summary>
    Stop = 3,

    /// <summary>The writer of a bidirectional stream names the content types it can send.</summary>
    Ready = 4,

    /// <summary>The reader of a bidirectional stream has seen the stop.</summary>
    Finish = 5,
}
