using System.Globalization;
using PassiveDns.Analysis;
using PassiveDns.Tool.Input;

namespace PassiveDns.Tool.Output;

/// <summary>A history for people: the drawing, the runs, the networks, and the components of instability.</summary>
internal static class HistoryTables
{
    private const int MaxRuns = 12;

    /// <summary>Writes a history.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="history">The history.</param>
    /// <param name="all">Whether to show every run.</param>
    public static void Write(Terminal terminal, NameHistory history, bool all)
    {
        terminal.Output.WriteLine($"{NameDisplay.Format(history.Name)}: {TimeText.Format(history.First)} to {TimeText.Format(history.Last)}");
        terminal.Output.WriteLine();
        TimelineDrawing.Write(terminal, HistoryChart.Of(history));
        terminal.Output.WriteLine();
        WriteRuns(terminal, history, all);
        if (history.Addresses.Length > 0)
        {
            terminal.Output.WriteLine();
            WriteAddresses(terminal, history, all);
        }

        terminal.Output.WriteLine();
        WriteInstability(terminal, history.Instability);
    }

    private static void WriteRuns(Terminal terminal, NameHistory history, bool all)
    {
        ColumnTable table = new(["owner", "type", "zone", "data", "last seen before", "first seen", "last seen", "first seen behind", "TTL"]);
        int left = 0;
        foreach (RrsetTrack track in history.Tracks)
        {
            int shown = all || track.Runs.Length <= MaxRuns ? track.Runs.Length : MaxRuns;
            left += track.Runs.Length - shown;
            foreach (RrsetRun run in track.Runs.Take(shown))
            {
                table.Add(
                    NameDisplay.Format(track.Owner), RecordTypeNames.Format(track.Type), NameDisplay.Format(track.Zone), AnalysisText.Data(run.State),
                    AnalysisText.Time(run.Begin.After), AnalysisText.Time(run.Begin.By) + (run.IsBeside ? " (beside another)" : ""), AnalysisText.Time(run.End.After), AnalysisText.Time(run.End.By), TimesToLive(run.State));
            }
        }

        table.WriteTo(terminal);
        if (left > 0) terminal.Note($"{Quantity.Of(left, "run is", "runs are")} not shown; --all shows every one");
    }

    private static void WriteAddresses(Terminal terminal, NameHistory history, bool all)
    {
        ColumnTable table = new(["address", "prefix", "first seen", "last seen", "network"]);
        int shown = all ? history.Addresses.Length : Math.Min(history.Addresses.Length, 2 * MaxRuns);
        foreach (HostedAddress address in history.Addresses.Take(shown))
        {
            string network = string.Join('\n', address.Facts.Select(static dated => Network(dated.Facts)));
            table.Add(address.Address.ToString(), address.Prefix.ToString(), AnalysisText.Time(address.Presence.First), AnalysisText.Time(address.Presence.Last), network);
        }

        table.WriteTo(terminal);
        if (shown < history.Addresses.Length) terminal.Note($"{Quantity.Of(history.Addresses.Length - shown, "address is", "addresses are")} not shown; --all shows every one");
    }

    private static void WriteInstability(Terminal terminal, Instability measured)
    {
        ColumnTable table = new(["instability", "value", "what it is"], numeric: 1);
        table.Add("addresses", Number(measured.Addresses), "distinct addresses");
        table.Add("prefixes", Number(measured.Prefixes), "distinct /24 and /48");
        if (measured.AutonomousSystems is { } systems) table.Add("autonomous systems", Number(systems), "distinct, as of the time");
        if (measured.Countries is { } countries) table.Add("countries", Number(countries), "distinct, as of the time");
        table.Add("name servers", Number(measured.NameServers), "distinct name servers");
        table.Add("sets", Number(measured.AddressSets), "distinct sets of addresses");
        table.Add("active days", Number(measured.ActiveDays), "days with a sighting or between two");
        table.Add("addresses a day", Number(measured.AddressesPerDay), "mean");
        table.Add("growth", Number(measured.Growth), "new addresses a day");
        table.Add("changes", Number(measured.Changes), "of addresses and aliases");
        table.Add("server changes", Number(measured.NameServerChanges), "of name servers");
        table.Add("churn", Number(measured.Churn), "changes for each active day");
        table.Add("dwell", Number(measured.MedianDwellDays), "days that a run lasted, median");
        table.Add("longest share", Number(measured.LongestShare), "of the days, of one network");
        table.Add("entropy", Number(measured.Entropy), string.Create(CultureInfo.InvariantCulture, $"bits over the networks' days; normalised {measured.NormalisedEntropy:0.00}"));
        table.Add("recent changes", Number(measured.RecentChanges), "of addresses and aliases, weighted by age");
        table.Add("recent server changes", Number(measured.RecentNameServerChanges), "of name servers, weighted by age");
        table.Add("fluxiness", Number(measured.Fluxiness), "addresses for each of one answer");
        if (measured.Flux is { } flux) table.Add("flux score", flux.Score is { } score ? Number(score) : "", Flux(flux));
        if (measured.TimesToLive is { } ttl) table.Add("TTL", Number(ttl.Median), string.Create(CultureInfo.InvariantCulture, $"seconds, median; {ttl.Min} to {ttl.Max}, deviation {ttl.StandardDeviation:0.#}"));
        foreach (InstabilityGuard guard in measured.Guards) table.Add(Word(guard.Kind), Number(guard.Value), $"{(guard.Holds ? "holds" : "does not hold")}; bound {Number(guard.Threshold)}");
        table.WriteTo(terminal);
    }

    private static string Flux(FluxScore flux)
    {
        string window = string.Create(CultureInfo.InvariantCulture, $"{Quantity.Of(flux.Addresses, "address", "addresses")} in {flux.Seconds} s from {TimeText.Format(flux.From)}");
        return flux.AutonomousSystems is { } systems
            ? string.Create(CultureInfo.InvariantCulture, $"{window}, of {Quantity.Of(systems, "autonomous system", "autonomous systems")}; {(flux.IsAbove ? "above" : "not above")} {flux.Threshold}")
            : $"{window}; no score without autonomous systems (--networks)";
    }

    /// <summary>What a guard is called.</summary>
    public static string Word(InstabilityGuardKind kind) => kind switch
    {
        InstabilityGuardKind.SharedNetwork => "shared network",
        InstabilityGuardKind.SameOperator => "same operator",
        InstabilityGuardKind.RecurringPool => "recurring pool",
        _ => "dynamic address",
    };

    private static string Network(AddressFacts facts) =>
        string.Join("  ", new[] { facts.AutonomousSystem is { } asn ? $"AS{asn}" : null, facts.Organisation, facts.Country }.Where(static part => part is not null));

    private static string TimesToLive(RrsetState state) => state is { MinTimeToLive: { } min, MaxTimeToLive: { } max }
        ? min == max ? min.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{min}-{max}")
        : "";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
