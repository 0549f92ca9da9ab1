namespace PassiveDns.Tool.Diagnosis;

/// <summary>What a fate means, for a person.</summary>
/// <param name="Meaning">A sentence about one such thing.</param>
/// <param name="Mend">What to do if there are many, or <c>null</c> if nothing needs to be done.</param>
internal sealed record Reason(string Meaning, string? Mend = null);
