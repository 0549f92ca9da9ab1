namespace PassiveDns.Storage.Conformance;

/// <summary>An expectation of a case was not met; becomes a <see cref="ConformanceException"/> that names the case.</summary>
internal sealed class UnmetException(string message) : Exception(message);
