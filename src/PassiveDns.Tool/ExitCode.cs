namespace PassiveDns.Tool;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>There is an answer, or the work is done.</summary>
    public const int Answered = 0;

    /// <summary>The store was asked and knows nothing.</summary>
    public const int NothingKnown = 1;

    /// <summary>The command line is wrong.</summary>
    public const int WrongUse = 2;

    /// <summary>A file, a store or the medium failed.</summary>
    public const int Failed = 3;

    /// <summary>Interrupted by SIGINT or SIGTERM: 128 and the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
