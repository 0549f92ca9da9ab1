namespace PassiveDns.Capture;

/// <summary>What the next step of a frame stream is.</summary>
internal enum FrameStreamStatus
{
    /// <summary><see cref="FrameStream.Frame"/> holds a data frame.</summary>
    Frame,

    /// <summary>More octets are needed: <see cref="FrameStream.FillAsync"/>.</summary>
    NeedMore,

    /// <summary>The writer waits for <see cref="FrameStream.Reply"/>.</summary>
    Reply,

    /// <summary>Nothing more comes; <see cref="FrameStream.End"/> says why.</summary>
    Ended,
}
