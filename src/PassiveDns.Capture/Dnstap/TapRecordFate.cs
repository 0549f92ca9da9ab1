namespace PassiveDns.Capture;

/// <summary>What became of records of observed responses that are not in the response as it was handed on.</summary>
internal enum TapRecordFate : byte
{
    /// <summary>The log does not hold all of it, or of another record of its type in the response.</summary>
    LeftOut,
}
