using System.CommandLine;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary>The options of the verbs that ask the store: which rows, how many, and in which form.</summary>
/// <param name="offersAllTypes">Whether the verb asks for types at all, so that <c>--all-types</c> means something.</param>
internal sealed class QueryOptions(bool offersAllTypes = true)
{
    private readonly Option<string?> _store = VerbOptions.Store();
    private readonly Option<long> _limit = new("--limit")
    {
        HelpName = "N",
        Description = "The most rows to show; 0 for all.",
        DefaultValueFactory = _ => 10_000,
    };

    private readonly Option<string?> _from = new("--from")
    {
        HelpName = "TIME",
        Description = "Only what was seen at this time or later: an ISO date or time (UTC) or Unix seconds.",
    };

    private readonly Option<string?> _to = new("--to")
    {
        HelpName = "TIME",
        Description = "Only what was seen at this time or before; a date counts to its last second.",
    };

    private readonly Option<string?> _provenance = VerbOptions.Provenance(
        $"How the bailiwick must be known, a list with commas of {ProvenanceText.Words}. Default: trusted.");
    private readonly Option<bool> _allTypes = new("--all-types") { Description = "All types, those of DNSSEC included." };
    private readonly Option<bool> _intervals = new("--intervals")
    {
        Description = "When exactly: each stretch of time in which a row was seen without a long silence, instead of the first and the last sight.",
    };

    private readonly PublicationArguments _publication = new();
    private readonly Option<bool> _json = VerbOptions.Json("Passive DNS Common Output Format: one JSON object a line.");

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public void AddTo(Command verb)
    {
        foreach (Option option in (Option[])[_store, _limit, _from, _to, _provenance, _intervals, _json]) verb.Options.Add(option);
        if (offersAllTypes) verb.Options.Add(_allTypes);
        _publication.AddTo(verb);
    }

    /// <summary>Whether all types are asked for.</summary>
    /// <param name="parsed">The command line.</param>
    public bool WantsAllTypes(ParseResult parsed) => offersAllTypes && parsed.GetValue(_allTypes);

    /// <summary>Asks the store and writes the answer.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">The surroundings.</param>
    /// <param name="anchor">Where to look.</param>
    /// <param name="types">The types that the question means, or <c>null</c> to let <c>--all-types</c> decide.</param>
    /// <param name="asked">The question in a few words, for the message that nothing is known.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> AnswerAsync(
        ParseResult parsed, Terminal terminal, QueryAnchor anchor, TypeSelection? types, string asked, CancellationToken cancellationToken)
    {
        long limit = parsed.GetValue(_limit);
        if (limit < 0) throw ToolException.WrongUse("--limit: give a number of rows, or 0 for all");
        ProvenanceSelection provenance = VerbOptions.ProvenanceOf(parsed, _provenance);
        ObservationQuery query = new(anchor)
        {
            Types = types ?? (WantsAllTypes(parsed) ? TypeSelection.All : TypeSelection.Any),
            Provenance = provenance,
            Time = TimeOf(parsed),
            Limit = limit == 0 ? null : limit,
        };

        await using IObservationStore opened = StoreDirectory.OpenForReading(VerbOptions.StoreOf(parsed, _store, terminal));
        IObservationReader store = _publication.View(parsed, opened);
        bool showProvenance = provenance != ProvenanceSelection.Trusted;
        bool showIntervals = parsed.GetValue(_intervals);
        using IRowOutput rows = parsed.GetValue(_json)
            ? new CofRows(terminal.OutputStream, new() { EmitProvenance = showProvenance, EmitIntervals = showIntervals })
            : new TableRows(terminal, showProvenance, showIntervals);
        Completeness completeness = Completeness.Exact;
        long count = 0;
        await foreach (RecordPage page in store.ReadAsync(query, cancellationToken))
        {
            rows.Write(page.Rows);
            count += page.Rows.Count;
            completeness = page.Completeness ?? completeness;
        }

        rows.End();
        if (count == 0)
        {
            string hint = provenance == ProvenanceSelection.Trusted && await HasUntrustedAsync(store, query, cancellationToken)
                ? "; there are rows whose bailiwick is not verified: see them with --provenance all"
                : "";
            terminal.Note($"nothing known about {asked}{hint}");
            return ExitCode.NothingKnown;
        }

        if (completeness == Completeness.Truncated)
            terminal.Note($"stopped after {Quantity.Of(count, "row", "rows")}, there are more; see them with a higher --limit, or --limit 0 for all");
        if (completeness == Completeness.Estimated)
            terminal.Note("some rows are summaries: histories were coarsened, or names or sets were folded; times and counts are right, what lies between is an estimate");
        return ExitCode.Answered;
    }

    // Without it, a store whose verification never started (wrong root hints, a warm cache) looks empty.
    private static async Task<bool> HasUntrustedAsync(IObservationReader store, ObservationQuery query, CancellationToken cancellationToken)
    {
        await foreach (RecordPage page in store.ReadAsync(query with { Provenance = ProvenanceSelection.All, Limit = 1 }, cancellationToken))
        {
            if (page.Rows.Count > 0) return true;
        }

        return false;
    }

    private TimeFilter TimeOf(ParseResult parsed)
    {
        long? from = VerbOptions.TimeOf(_from.Name, parsed.GetValue(_from), endOfDay: false);
        long? to = VerbOptions.TimeOf(_to.Name, parsed.GetValue(_to), endOfDay: true);
        return from > to ? throw ToolException.WrongUse("--from is later than --to") : new() { LastAfter = from, FirstBefore = to };
    }
}
