namespace PassiveDns.Capture;

/// <summary>What became of a data frame of a dnstap stream; every one has exactly one fate.</summary>
internal enum FrameFate : byte
{
    /// <summary>It holds a message, which is counted by what became of it.</summary>
    Message,

    /// <summary>No Protocol Buffers message, or lengths that lead out of it.</summary>
    MalformedProtobuf,

    /// <summary>Its type is not MESSAGE, or it holds none.</summary>
    NotAMessage,

    /// <summary>A message of no type, or of one that came later than this code.</summary>
    UnknownMessageType,

    /// <summary>Longer than the limit: the stream ended there.</summary>
    TooLong,

    /// <summary>The stream ended inside it.</summary>
    Cut,
}
