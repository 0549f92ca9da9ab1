namespace PassiveDns.Capture;

/// <summary>What became of a resolver's query; every one has exactly one fate at every moment.</summary>
public enum QueryFate : byte
{
    /// <summary>It still waits for its response.</summary>
    Waiting,

    /// <summary>A response came.</summary>
    Answered,

    /// <summary>It repeats a query that still stood.</summary>
    Repeated,

    /// <summary>No response came in time or before the end of the input.</summary>
    Unanswered,

    /// <summary>It had to leave because too many queries were waiting.</summary>
    Evicted,
}
