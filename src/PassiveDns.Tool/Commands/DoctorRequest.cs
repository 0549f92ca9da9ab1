using PassiveDns.Capture;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Commands;

/// <summary>What <c>pdns doctor</c> was asked to explain.</summary>
internal sealed class DoctorRequest
{
    /// <summary>The capture file.</summary>
    public required string File { get; init; }

    /// <summary>Only things with a name that matches, or <c>null</c>.</summary>
    public NamePattern? Name { get; init; }

    /// <summary>Only things of this type, or <c>null</c>.</summary>
    public RecordType? Type { get; init; }

    /// <summary>Only things of this packet, or <c>null</c>.</summary>
    public long? Packet { get; init; }

    /// <summary>Only this fate, or those that begin with it and a hyphen, or <c>null</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>Also what was observed and what is of no interest.</summary>
    public bool All { get; init; }

    /// <summary>The most lines.</summary>
    public long Limit { get; init; } = long.MaxValue;

    /// <summary>Whether lines and summary are JSON objects.</summary>
    public bool Json { get; init; }

    /// <summary>A file of root hints, or <c>null</c> for the real root.</summary>
    public string? RootHints { get; init; }

    /// <summary>Whose traffic may be observed.</summary>
    public VantageOptions Vantage { get; } = new();

    /// <summary>Whether it is one of the fates that a default run explains: what was dropped, and what was kept apart.</summary>
    /// <param name="fate">The fate.</param>
    /// <param name="isDrop">Whether it is a drop.</param>
    public static bool NeedsExplanation(string fate, bool isDrop) => isDrop || fate is "observed-unverified" or "observed-estimated";

    /// <summary>Whether only some of it is asked for.</summary>
    public bool IsChoosing => Name is not null || Type is not null || Packet is not null || Reason is not null;

    /// <summary>Whether a fate is wanted.</summary>
    /// <param name="fate">The fate, with the number of its packet.</param>
    /// <param name="asked">The name asked for in the response that an RRset stood in.</param>
    public bool Wants(TracedFate fate, DomainName? asked)
    {
        if (Packet is { } packet && fate.Number != packet) return false;
        if (Type is { } type && fate.Type != type) return false;
        if (Reason is { } reason && fate.Fate != reason && !fate.Fate.StartsWith(reason + "-", StringComparison.Ordinal)) return false;
        if (Name is { } name && !(fate.Name is { } own && name.Matches(own)) && !(asked is { } question && name.Matches(question))) return false;
        return All || Packet is not null || Reason is not null || NeedsExplanation(fate.Fate, fate.IsDrop);
    }
}
