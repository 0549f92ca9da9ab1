namespace PassiveDns.Capture;

/// <summary>What became of a control frame of Frame Streams.</summary>
internal enum ControlFate : byte
{
    /// <summary>It did what its type says.</summary>
    Obeyed,

    /// <summary>Its type is not known; it was skipped.</summary>
    UnknownType,

    /// <summary>It ended the stream: malformed, out of place, or for other content.</summary>
    Refused,
}
