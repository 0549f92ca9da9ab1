namespace PassiveDns.Aggregation;

/// <summary>One of the responses that are worked on at one time. Its buffers are used again.</summary>
internal sealed class ResponseAtHand(int maxRrsetRecords, bool rejectsCompressed)
{
    public DissectedResponse Response { get; } = new(maxRrsetRecords, rejectsCompressed);

    public Scrubber Scrubber { get; } = new();

    /// <summary>Whether it may be found in the memo, or put there.</summary>
    public bool IsMemorable { get; set; }

    /// <summary>Its hash in the memo.</summary>
    public ulong Hash { get; set; }

    /// <summary>The hash of the server's address.</summary>
    public int ServerHash { get; set; }

    /// <summary>Whether it has been taken apart and scrubbed.</summary>
    public bool IsApart { get; set; }

    /// <summary>What came of that.</summary>
    public ResponseFate Fate { get; set; }
}
