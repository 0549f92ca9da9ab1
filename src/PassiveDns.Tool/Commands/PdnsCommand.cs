using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using PassiveDns.Storage;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary>The command line as a whole, and the one boundary at which failures become a line and an exit code.</summary>
internal static class PdnsCommand
{
    private const int BrokenPipe = 32; // EPIPE
    private const int BrokenPipeWindows = unchecked((int)0x8007006D); // ERROR_BROKEN_PIPE
    private const int NoReaderWindows = unchecked((int)0x800700E8); // ERROR_NO_DATA

    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">The arguments, without the name of the program.</param>
    /// <param name="terminal">The surroundings.</param>
    /// <param name="cancellationToken">Interrupts as SIGINT does.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken = default)
    {
        int exitCode;
        try
        {
            exitCode = await InvokeAsync(arguments, terminal, cancellationToken);
            await terminal.Output.FlushAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            exitCode = Explain(exception, terminal);
        }

        return exitCode;
    }

    private static async Task<int> InvokeAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        RootCommand root = Create(terminal);
        ParseResult parsed = root.Parse(arguments, new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        bool isCompletion = root.Directives.OfType<SuggestDirective>().Any(directive => parsed.GetResult(directive) is not null);
        if (parsed.Errors.Count > 0 && !isCompletion && parsed.Action is not (ExamplesHelp or VersionAction))
        {
            string verb = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
            string problem = parsed.UnmatchedTokens is [string unknown, ..]
                ? $"{Visible.Quote(unknown)} is no command, option or argument here"
                : Problem(parsed.Errors[0]);
            throw ToolException.WrongUse($"{problem}; see pdns {verb}--help");
        }

        InvocationConfiguration invocation = new()
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(invocation, cancellationToken);
    }

    /// <summary>What is wrong, in words of ours where the library speaks of its types.</summary>
    private static string Problem(ParseError error) =>
        error.SymbolResult is OptionResult { Tokens: [.., var token] } option && IsNumber(option.Option.ValueType)
            ? $"{option.Option.Name}: {Visible.Quote(token.Value)} is no {(IsWhole(option.Option.ValueType) ? "whole number" : "number")}"
            : Visible.OneLine(error.Message).TrimEnd('.');

    private static bool IsNumber(Type type) => IsWhole(type) || (Nullable.GetUnderlyingType(type) ?? type) == typeof(double);

    private static bool IsWhole(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is { } plain && (plain == typeof(int) || plain == typeof(long));

    private static RootCommand Create(Terminal terminal)
    {
        const string Purpose =
            "Passive DNS from captures: import what resolvers were really answered, and ask what names, addresses and servers had to do with each other.";
        RootCommand root = new(Purpose)
        {
            ImportCommand.Create(terminal),
            CaptureCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            ProbeCommand.Create(terminal),
            ZoneCommand.Create(terminal),
            MergeCommand.Create(terminal),
            LookupCommand.Create(terminal),
            NamesCommand.Create(terminal),
            SharedCommand.Create(terminal),
            UsesCommand.Create(terminal),
            NewCommand.Create(terminal),
            HistoryCommand.Create(terminal),
            LookalikesCommand.Create(terminal),
            HijacksCommand.Create(terminal),
            ChangesCommand.Create(terminal),
            MailCommand.Create(terminal),
            SpfAuthorisesCommand.Create(terminal),
            DkimKeyCommand.Create(terminal),
            ExportCommand.Create(terminal),
            StatsCommand.Create(terminal),
            VerifyCommand.Create(terminal),
            BackupCommand.Create(terminal),
            RestoreCommand.Create(terminal),
            CompactCommand.Create(terminal),
            RetainCommand.Create(terminal),
            DeleteCommand.Create(terminal),
            QuarantineCommand.Create(terminal),
            PrivacyReportCommand.Create(terminal),
            CompletionCommand.Create(terminal),
        };
        foreach (Option option in root.Options.ToArray())
        {
            if (option is VersionOption) option.Action = new VersionAction();
            if (option is HelpOption { Action: HelpAction help }) option.Action = new ExamplesHelp(help);
        }

        return root;
    }

    /// <summary>Whether who read the answers went away.</summary>
    /// <param name="exception">What writing threw.</param>
    internal static bool IsBrokenPipe(Exception exception) =>
        exception is IOException { HResult: BrokenPipe or BrokenPipeWindows or NoReaderWindows } and not ObservationStoreException;

    /// <summary>One line for what went wrong. With PDNS_DEBUG=1 the whole exception.</summary>
    private static int Explain(Exception exception, Terminal terminal)
    {
        if (IsBrokenPipe(exception)) return ExitCode.Answered;
        if (terminal.Variable("PDNS_DEBUG") == "1") terminal.Error.WriteLine(exception.ToString());
        switch (exception)
        {
            case ToolException known:
                terminal.Note(known.Message);
                return known.ExitCode;
            case OperationCanceledException:
                terminal.Note("interrupted");
                return ExitCode.Interrupted;
            case IOException or UnauthorizedAccessException: // captures and stores fail with exceptions of these kinds
                terminal.Note(exception.Message);
                return ExitCode.Failed;
            default:
                terminal.Note($"internal error: {exception.Message} ({exception.GetType().Name}); set PDNS_DEBUG=1 to see where, and report it");
                return ExitCode.Failed;
        }
    }
}
