using System.CommandLine;
using PassiveDns.Analysis;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary>The options that all analyses share: the store, the time that is meant, how far to go, and what is known besides.</summary>
internal sealed class AnalysisArguments
{
    private readonly Option<string?> _store = VerbOptions.Store();
    private readonly Option<string?> _at = new("--at") { HelpName = "TIME", Description = "At this moment: an ISO date or time (UTC) or Unix seconds. A date means the whole day." };
    private readonly Option<string?> _from = new("--from") { HelpName = "TIME", Description = "Only what was there at this time or later." };
    private readonly Option<string?> _to = new("--to") { HelpName = "TIME", Description = "Only what was there at this time or before; a date counts to its last second." };
    private readonly Option<string?> _provenance = VerbOptions.Provenance($"How the bailiwick must be known, a list with commas of {ProvenanceText.Words}. Default: trusted.");
    private readonly Option<long?> _maxRows = new("--max-rows") { HelpName = "N", Description = "Read at most this many rows for the answer; then it is cut, and says so." };
    private readonly Option<string?> _suffixes = new("--suffixes")
    {
        HelpName = "FILE", Description = "A copy of the public suffix list, to tell registrable domains. Default: the copy that the tool carries.",
    };

    private readonly Option<string[]> _networks = new("--networks")
    {
        HelpName = "FILE",
        Description = "What is known of networks: lines of prefix,asn,organisation,country[,from,to] with times in Unix seconds; or MaxMind databases (.mmdb), may be repeated: "
            + "of several the youngest that had been built by the time in question answers.",
    };

    private readonly Option<bool> _json = VerbOptions.Json("One JSON object a line; the last one says how complete the answer is.");

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public void AddTo(Command verb)
    {
        foreach (Option option in (Option[])[_store, _at, _from, _to, _provenance, _maxRows, _suffixes, _networks, _json]) verb.Options.Add(option);
    }

    /// <summary>Adds the options to a verb that has its own words for time and says nothing of networks.</summary>
    /// <param name="verb">The verb.</param>
    public void AddWithoutWindowTo(Command verb)
    {
        foreach (Option option in (Option[])[_store, _provenance, _maxRows, _suffixes, _json]) verb.Options.Add(option);
    }

    /// <summary>Adds the options to a verb that asks nothing about registrable domains.</summary>
    /// <param name="verb">The verb.</param>
    public void AddWithoutSuffixesTo(Command verb)
    {
        foreach (Option option in (Option[])[_store, _at, _from, _to, _provenance, _maxRows, _networks, _json]) verb.Options.Add(option);
    }

    /// <summary>Whether programs read the answer.</summary>
    public bool WantsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Opens the store.</summary>
    public IObservationStore OpenStore(ParseResult parsed, Terminal terminal) => StoreDirectory.OpenForReading(VerbOptions.StoreOf(parsed, _store, terminal));

    /// <summary>What the analyses share.</summary>
    /// <exception cref="ToolException">An option is wrong, or a file that it names cannot be read.</exception>
    public AnalysisOptions Options(ParseResult parsed, Terminal terminal)
    {
        long? maxRows = parsed.GetValue(_maxRows);
        if (maxRows < 1) throw ToolException.WrongUse("--max-rows: give 1 or more");
        return new()
        {
            Provenance = VerbOptions.ProvenanceOf(parsed, _provenance),
            Budget = new() { MaxRows = maxRows },
            PublicSuffixes = parsed.GetValue(_suffixes) is { } list ? OptionFile.Read("--suffixes", list, PublicSuffixList.Load) : PublicSuffixSnapshot.List,
            Enrichment = EnrichmentOf(parsed.GetValue(_networks) ?? []),
            Time = terminal.Clock,
        };
    }

    private static IAddressEnrichment? EnrichmentOf(string[] files) => files switch
    {
        [] => null,
        _ when Array.TrueForAll(files, static file => file.EndsWith(NetworkDatabases.Ending, StringComparison.OrdinalIgnoreCase)) => NetworkDatabases.Load("--networks", files),
        [string table] => OptionFile.Read("--networks", table, AddressTable.Load),
        _ => throw ToolException.WrongUse("--networks: give one file of lines, or any number of MaxMind databases (.mmdb)"),
    };

    /// <summary>The time that is meant.</summary>
    /// <exception cref="ToolException">A time is none, or they exclude each other.</exception>
    public TimeWindow Window(ParseResult parsed)
    {
        if (parsed.GetValue(_at) is not null)
        {
            if (parsed.GetValue(_from) is not null || parsed.GetValue(_to) is not null) throw ToolException.WrongUse("--at and --from or --to exclude each other");
            return new(TimeOf(parsed, _at, endOfDay: false)!.Value, TimeOf(parsed, _at, endOfDay: true)!.Value);
        }

        TimeWindow window = new(TimeOf(parsed, _from, endOfDay: false) ?? long.MinValue, TimeOf(parsed, _to, endOfDay: true) ?? long.MaxValue);
        return window.From > window.To ? throw ToolException.WrongUse("--from is later than --to") : window;
    }

    /// <summary>The time as of which an answer is wanted: <c>--at</c> and <c>--to</c> both name its end, and only <c>--from</c> says since when something must have been observed.</summary>
    /// <exception cref="ToolException">A time is none, or they exclude each other.</exception>
    public TimeWindow AsOf(ParseResult parsed)
    {
        TimeWindow window = Window(parsed);
        return parsed.GetValue(_at) is null ? window : window with { From = long.MinValue };
    }

    /// <summary>The time that an option names, or <c>null</c> if it is not given.</summary>
    /// <exception cref="ToolException">It is no time.</exception>
    public static long? TimeOf(ParseResult parsed, Option<string?> option, bool endOfDay)
    {
        if (parsed.GetValue(option) is not { } text) return null;
        return TimeText.TryParse(text, endOfDay, out long time)
            ? time
            : throw ToolException.WrongUse($"{option.Name}: {Visible.Quote(text)} is no time; write 2026-01-05, 2026-01-05T09:00:03 (UTC) or Unix seconds");
    }
}
