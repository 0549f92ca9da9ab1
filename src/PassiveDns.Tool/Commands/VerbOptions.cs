using System.CommandLine;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary>Options that several verbs share, made anew for each verb.</summary>
internal static class VerbOptions
{
    /// <summary>The environment variable that names the store's directory if <c>--store</c> does not.</summary>
    public const string StoreVariable = "PDNS_STORE";

    /// <summary><c>--store DIR</c>.</summary>
    public static Option<string?> Store() => new("--store")
    {
        HelpName = "DIR",
        Description = $"The store's directory. Default: the environment variable {StoreVariable}.",
    };

    /// <summary><c>--engine embedded | rocksdb</c>.</summary>
    public static Option<StoreEngine> Engine() => new("--engine")
    {
        HelpName = "embedded|rocksdb",
        Description = "The kind of store to make in a new directory; one that exists stays what it is. Default: embedded.",
    };

    /// <summary><c>--json</c>.</summary>
    /// <param name="description">What the verb writes with it.</param>
    public static Option<bool> Json(string description) => new("--json") { Description = description };

    /// <summary><c>--sensor NAME</c>.</summary>
    public static Option<string> Sensor() => new("--sensor")
    {
        HelpName = "NAME",
        Description = "The place where the traffic was seen; never a person or an address.",
        DefaultValueFactory = _ => "local",
    };

    /// <summary><c>--root-hints FILE</c>.</summary>
    public static Option<string?> RootHints() => new("--root-hints")
    {
        HelpName = "FILE",
        Description = "Where verification starts, in zone-file form. Default: the real root.",
    };

    /// <summary>The root hints that <c>--root-hints</c> names, or the real root.</summary>
    /// <param name="file">The file, or <c>null</c>.</param>
    /// <exception cref="ToolException">The file cannot be read.</exception>
    public static Aggregation.RootHints RootHintsOf(string? file) =>
        file is null ? Aggregation.RootHints.Default : OptionFile.Read("--root-hints", file, Aggregation.RootHints.Load);

    /// <summary><c>--delegations FILE</c>.</summary>
    public static Option<string?> Delegations() => new("--delegations")
    {
        HelpName = "FILE",
        Description = "What an earlier import has learnt of zones and their servers (import --save-delegations): verifies from the start.",
    };

    /// <summary>What the file that <c>--delegations</c> names holds, or nothing.</summary>
    /// <param name="file">The file, or <c>null</c>.</param>
    /// <exception cref="ToolException">The file cannot be read.</exception>
    public static Aggregation.DelegationSnapshot DelegationsOf(string? file) => file is null
        ? Aggregation.DelegationSnapshot.Empty
        : OptionFile.Read("--delegations", file, static path =>
        {
            using FileStream stream = File.OpenRead(path);
            return Aggregation.DelegationSnapshot.Load(stream);
        });

    /// <summary><c>--negatives FILE</c> of the verbs that ask for what is not there.</summary>
    public static Option<string?> Negatives() => new("--negatives")
    {
        HelpName = "FILE",
        Description = "What servers said is not there, as import --negatives wrote it: bounds when names and sets came and went.",
    };

    /// <summary>What the file that <c>--negatives</c> names holds, or <c>null</c>.</summary>
    /// <param name="file">The file, or <c>null</c>.</param>
    /// <param name="wanted">Which names are wanted; all if <c>null</c>.</param>
    /// <exception cref="ToolException">The file cannot be read.</exception>
    public static Analysis.NegativeTable? NegativesOf(string? file, Func<DomainName, bool>? wanted) =>
        file is null ? null : OptionFile.Read("--negatives", file, path => Analysis.NegativeTable.Load(path, wanted));

    /// <summary><c>--provenance LIST</c>.</summary>
    /// <param name="description">What it selects.</param>
    public static Option<string?> Provenance(string description) => new("--provenance") { HelpName = "LIST", Description = description };

    /// <summary>The directory that a verb works on.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The verb's <c>--store</c>.</param>
    /// <param name="terminal">The surroundings.</param>
    /// <exception cref="ToolException">Nobody named a directory.</exception>
    public static string StoreOf(ParseResult parsed, Option<string?> option, Terminal terminal)
    {
        string? directory = parsed.GetValue(option) ?? terminal.Variable(StoreVariable);
        return string.IsNullOrWhiteSpace(directory)
            ? throw ToolException.WrongUse($"no store named; give --store DIR or set {StoreVariable}")
            : directory;
    }

    /// <summary>The sensor that <c>--sensor</c> names.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The verb's <c>--sensor</c>.</param>
    /// <exception cref="ToolException">It is no sensor name.</exception>
    public static SensorId SensorOf(ParseResult parsed, Option<string> option)
    {
        string text = parsed.GetRequiredValue(option);
        return SensorId.IsValid(text)
            ? new(text)
            : throw ToolException.WrongUse(
                $"--sensor: {Visible.Quote(text)} is no sensor name; give 1 to {SensorId.MaxLength} letters, digits, dots, underscores or hyphens");
    }

    /// <summary>A name.</summary>
    /// <param name="text">What was given; no wildcard is possible.</param>
    /// <param name="option">The option that gave it, or <c>null</c> if an argument did.</param>
    /// <exception cref="ToolException">It is no name.</exception>
    public static DomainName NameOf(string text, string? option = null) => NamePattern.TryParseName(text, out DomainName name, out string problem)
        ? name
        : throw ToolException.WrongUse($"{(option is null ? "" : $"{option}: ")}{Visible.Quote(text)} is no name to look for: {problem}");

    /// <summary>A time, or <c>null</c> if none was given.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="text">What was given.</param>
    /// <param name="endOfDay">Whether a date means its last second.</param>
    /// <exception cref="ToolException">It is no time.</exception>
    public static long? TimeOf(string option, string? text, bool endOfDay)
    {
        if (text is null) return null;
        return TimeText.TryParse(text, endOfDay, out long time)
            ? time
            : throw ToolException.WrongUse($"{option}: {Visible.Quote(text)} is no time; write 2026-01-05, 2026-01-05T09:00:03 (UTC) or Unix seconds");
    }

    /// <summary>A time, or now if none was given.</summary>
    /// <param name="option">The option, for the message.</param>
    /// <param name="text">What was given.</param>
    /// <param name="terminal">The surroundings.</param>
    /// <exception cref="ToolException">It is no time.</exception>
    public static DateTimeOffset TimeOf(string option, string? text, Terminal terminal) =>
        TimeOf(option, text, endOfDay: false) is { } time ? DateTimeOffset.FromUnixTimeSeconds(Math.Min(time, 253_402_300_799)) : terminal.Clock.GetUtcNow();

    /// <summary>The kinds of provenance that <c>--provenance</c> selects.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The verb's <c>--provenance</c>.</param>
    /// <exception cref="ToolException">A word is unknown.</exception>
    public static Storage.ProvenanceSelection ProvenanceOf(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } text) return Storage.ProvenanceSelection.Trusted;
        return ProvenanceText.TryParse(text, out Storage.ProvenanceSelection selection, out string bad)
            ? selection
            : throw ToolException.WrongUse($"--provenance: {Visible.Quote(bad)} is unknown; it is one or more of {ProvenanceText.Words}, with commas");
    }
}
