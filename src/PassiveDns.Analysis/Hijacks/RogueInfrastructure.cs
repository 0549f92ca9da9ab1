namespace PassiveDns.Analysis;

/// <summary>A piece of infrastructure that a deviation led to, and what the store knows of it besides.</summary>
public sealed record RogueInfrastructure
{
    /// <summary>The type of the records that led there.</summary>
    public required RecordType Type { get; init; }

    /// <summary>The address, if it is one.</summary>
    public HostAddress? Address { get; init; }

    /// <summary>The server or target, if it is a name.</summary>
    public DomainName? Name { get; init; }

    /// <summary>How widely it was used for longer than a deviation lasts, by others than the victim.</summary>
    public required Degree Degree { get; init; }

    /// <summary>When it was first seen in this use anywhere in the store, in Unix seconds; <c>null</c> if never.</summary>
    public required long? FirstSeen { get; init; }

    /// <summary>What is known of the address at the time, or <c>null</c>.</summary>
    public AddressFacts? Facts { get; init; }
}
