namespace PassiveDns.Capture;

/// <summary>Where a frame stream comes from, which decides what it may begin with.</summary>
internal enum FrameStreamRole
{
    /// <summary>A file: START, data, STOP, and perhaps another file behind it.</summary>
    File,

    /// <summary>A connection whose writer asks first: READY, ACCEPT, START, data, STOP, FINISH.</summary>
    Bidirectional,

    /// <summary>A connection whose writer may also begin with START.</summary>
    EitherWay,

    /// <summary>No Frame Streams but frames alone, each behind its length in two octets, as PowerDNS sends them: nothing begins or ends it.</summary>
    LengthPrefixed,
}
