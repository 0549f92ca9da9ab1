namespace PassiveDns.Tool;

/// <summary>Ends a verb with one line for the person and an exit code.</summary>
/// <param name="message">One line: what is wrong and what to do.</param>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
internal sealed class ToolException(string message, int exitCode) : Exception(message)
{
    /// <summary>The exit code of the process.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The command line is wrong.</summary>
    public static ToolException WrongUse(string message) => new(message, Tool.ExitCode.WrongUse);

    /// <summary>A file, a store or the medium failed.</summary>
    public static ToolException Failed(string message) => new(message, Tool.ExitCode.Failed);
}
