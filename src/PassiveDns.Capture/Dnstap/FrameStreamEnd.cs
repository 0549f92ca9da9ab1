namespace PassiveDns.Capture;

/// <summary>Why a frame stream ended; a source counts each of its streams by it.</summary>
internal enum FrameStreamEnd : byte
{
    /// <summary>It has not ended.</summary>
    Open,

    /// <summary>The writer said that it stops.</summary>
    Finished,

    /// <summary>It ended between two frames, but the writer did not say that it stops: it was ended by force, or its file was rotated.</summary>
    NotStopped,

    /// <summary>The source was closed.</summary>
    Closed,

    /// <summary>It ended inside a frame.</summary>
    Cut,

    /// <summary>A frame is longer than the limit, so where the next one starts is not known.</summary>
    FrameTooLong,

    /// <summary>A control frame is no control frame, or has no place where it stands.</summary>
    MalformedControl,

    /// <summary>It holds something else than dnstap.</summary>
    OtherContent,

    /// <summary>Its writer does not wait for an answer, and such ones are not wanted.</summary>
    RefusedUnidirectional,

    /// <summary>The writer did not begin in time.</summary>
    HandshakeTimeout,

    /// <summary>The connection failed.</summary>
    Failed,

    /// <summary>As many connections as may be were open already.</summary>
    TooMany,
}
