namespace PassiveDns.Analysis;

/// <summary>What a table or database knows of an address at a time. What it does not know is <c>null</c>: left out, not guessed.</summary>
public sealed record AddressFacts
{
    /// <summary>The network that the facts hold for, such as <c>192.0.2.0/24</c>.</summary>
    public string? Prefix { get; init; }

    /// <summary>The number of the autonomous system that announced it.</summary>
    public uint? AutonomousSystem { get; init; }

    /// <summary>Who runs the autonomous system.</summary>
    public string? Organisation { get; init; }

    /// <summary>The country as ISO 3166-1 alpha-2, upper case.</summary>
    public string? Country { get; init; }
}
