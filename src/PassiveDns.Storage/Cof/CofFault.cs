namespace PassiveDns.Storage.Cof;

/// <summary>A line that gave no row, and why.</summary>
/// <param name="Error">What is wrong.</param>
/// <param name="Line">The line, from 1.</param>
public readonly record struct CofFault(CofError Error, long Line)
{
    /// <summary>The fault as <c>line 12: MalformedName</c>.</summary>
    public override string ToString() => $"line {Line}: {Error}";
}
