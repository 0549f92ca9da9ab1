using System.CommandLine;
using PassiveDns.Aggregation;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary>The options of verbs that fold what is hostile or made by machines.</summary>
internal sealed class FoldingArguments
{
    private readonly Option<int> _foldAfter = new("--fold-after")
    {
        HelpName = "N",
        Description = "So many names below one parent with the same data, or denied, within an hour are a flood and share one wildcard row that says so; ten times as many "
            + "whatever their data. 16 or more, 0 for never.",
        DefaultValueFactory = _ => new FloodGuardOptions().NamesWithSameData,
    };

    private readonly Option<string[]> _neverFold = new("--never-fold")
    {
        HelpName = "NAME",
        Description = "A subtree where names are never folded, such as that of a content network; may be repeated. Always among them: in-addr.arpa and ip6.arpa.",
    };

    private readonly Option<int> _maxSets = new("--max-sets")
    {
        HelpName = "N",
        Description = "So many sets of one name and type are kept a day, the others as their union with each record counted exactly. 16 or more, 0 for all.",
        DefaultValueFactory = _ => new AggregationOptions().MaxSetsPerDay,
    };

    /// <summary>Adds the options to a verb.</summary>
    /// <param name="verb">The verb.</param>
    public void AddTo(Command verb)
    {
        foreach (Option option in (Option[])[_foldAfter, _neverFold, _maxSets]) verb.Options.Add(option);
    }

    /// <summary>When names are folded, or <c>null</c> for never.</summary>
    /// <param name="parsed">The command line.</param>
    public FloodGuardOptions? FloodsOf(ParseResult parsed)
    {
        int names = parsed.GetValue(_foldAfter);
        if (names is < 0 or (> 0 and < 16) or > 100_000_000) throw ToolException.WrongUse("--fold-after: give 16 to 100000000 names, or 0 for never");
        FloodGuardOptions floods = new();
        List<DomainName> exempt = [.. floods.Exempt];
        foreach (string text in parsed.GetValue(_neverFold) ?? [])
        {
            if (!NamePattern.TryParseSubtree(text, out DomainName apex, out string problem)) throw ToolException.WrongUse($"--never-fold: {Visible.Quote(text)} is no name: {problem}");
            exempt.Add(apex);
        }

        return names == 0 ? null : floods with { NamesWithSameData = names, Names = 10 * names, Exempt = exempt };
    }

    /// <summary>Sets of one owner and day that are kept; 0 for all.</summary>
    /// <param name="parsed">The command line.</param>
    public int MaxSetsOf(ParseResult parsed)
    {
        int sets = parsed.GetValue(_maxSets);
        return sets is < 0 or (> 0 and < 16) ? throw ToolException.WrongUse("--max-sets: give 16 sets or more, or 0 for all") : sets;
    }
}
