namespace PassiveDns.Storage.Conformance;

/// <summary>A store does not do what the contract requires.</summary>
public sealed class ConformanceException : Exception
{
    internal ConformanceException(ConformanceCase failed, string detail, Exception? innerException)
        : base($"{failed.Id}: {detail}", innerException)
    {
        Case = failed;
        Detail = detail;
    }

    /// <summary>The case that failed.</summary>
    public ConformanceCase Case { get; }

    /// <summary>What was expected, what came, and where.</summary>
    public string Detail { get; }
}
