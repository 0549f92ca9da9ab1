namespace PassiveDns.Aggregation;

/// <summary>For which zone a server speaks about a name.</summary>
internal readonly struct ZoneVerdict
{
    /// <summary>For a name that cannot be verified.</summary>
    public static ZoneVerdict None => new() { Labels = -1, Zone = -1, Node = -1, Validity = Validity.Always };

    /// <summary>The label count of the zone, or -1 if it speaks for none.</summary>
    public required int Labels { get; init; }

    /// <summary>The number of the zone, or -1.</summary>
    public required int Zone { get; init; }

    /// <summary>The number of the name itself if it was met on the walk, else -1: good until something is learnt.</summary>
    public required int Node { get; init; }

    /// <summary>The times for which the same would be found, if nothing is learnt.</summary>
    public required Validity Validity { get; init; }
}
