namespace PassiveDns.Fuzz;

/// <summary>A finding.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
