using System.Collections.Immutable;

namespace PassiveDns.Analysis;

/// <summary>A question for hijacks.</summary>
public sealed record HijackQuery
{
    /// <summary>When the deviation was there. What was before and after it is read as well, whatever the window. Default: always.</summary>
    public TimeWindow Window { get; init; } = TimeWindow.Always;

    /// <summary>Only names at or under this one, or <c>null</c> for all.</summary>
    public DomainName? Under { get; init; }

    /// <summary>What is asked for; empty for all kinds.</summary>
    public ImmutableHashSet<HijackKind> Kinds { get; init; } = [];

    /// <summary>The most suspects of the answer, 1 or more. Default 100.</summary>
    public int Most { get; init; } = 100;

    internal bool Wants(HijackKind kind) => Kinds.IsEmpty || Kinds.Contains(kind);

    /// <exception cref="ArgumentException">The window is none, or the number of suspects under 1.</exception>
    internal void Validate()
    {
        Window.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(Most, 1);
    }
}
