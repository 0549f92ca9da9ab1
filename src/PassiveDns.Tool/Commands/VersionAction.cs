using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace PassiveDns.Tool.Commands;

/// <summary>Shows the version of the tool (the library's own action asks for the program that started, which is another one in tests).</summary>
internal sealed class VersionAction : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        Assembly tool = typeof(VersionAction).Assembly;
        string? version = tool.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        parseResult.InvocationConfiguration.Output.WriteLine($"pdns {version ?? tool.GetName().Version?.ToString()}");
        return ExitCode.Answered;
    }
}
