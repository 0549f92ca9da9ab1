namespace PassiveDns.Analysis;

/// <summary>Whether an ordinary reason for unstable hosting holds.</summary>
/// <param name="Kind">The reason.</param>
/// <param name="Value">Its measure, as <see cref="InstabilityGuardKind"/> says.</param>
/// <param name="Threshold">The bound that the measure is held against.</param>
/// <param name="Holds">Whether it holds.</param>
public readonly record struct InstabilityGuard(InstabilityGuardKind Kind, double Value, double Threshold, bool Holds);
