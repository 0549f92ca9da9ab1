namespace PassiveDns.Storage.Conformance;

/// <summary>How one case ended.</summary>
/// <param name="Case">The case.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Detail">Why it failed or was skipped; <c>null</c> if it passed.</param>
public sealed record ConformanceResult(ConformanceCase Case, ConformanceOutcome Outcome, string? Detail = null)
{
    /// <summary>One line for a console.</summary>
    public override string ToString() => Detail is null ? $"{Outcome}: {Case.Id}" : $"{Outcome}: {Case.Id}: {Detail}";
}
