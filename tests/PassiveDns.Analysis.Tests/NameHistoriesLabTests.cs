using System.Text.Json;

namespace PassiveDns.Analysis.Tests;

public class NameHistoriesLabTests(LabWorld lab)
{
    private readonly record struct TruthRun(string Zone, string Value, long First, long Last, long Count);

    [Fact]
    public async Task In_the_recorded_world_each_history_has_the_values_times_counts_and_runs_of_the_truth()
    {
        await lab.GetAsync();
        int names = 0, states = 0, runs = 0;

        // Where one server holds parent and child, nobody on the wire can tell the sides apart: they add up.
        HashSet<string> twoSided = [.. lab.Truth.GetProperty("rrsets").EnumerateArray()
            .Where(r => r.GetProperty("t").GetString() == "NS" && r.TryGetProperty("za", out JsonElement _)).Select(r => DomainName.Parse(r.GetProperty("n").GetString()!).ToString())];
        foreach (JsonProperty question in lab.Questions.GetProperty("q3_hosting").EnumerateObject())
        {
            DomainName name = DomainName.Parse(question.Name);
            NameHistory history = await HistoryAsync(name, new());
            names++;
            foreach (string type in (string[])["A", "NS", "CNAME"])
            {
                if (!question.Value.TryGetProperty(type, out JsonElement listed) || question.Value.TryGetProperty(type + "_cut", out JsonElement _)) continue;
                Assert.True(RecordTypeNames.TryParse(type, out RecordType recordType));
                RrsetTrack[] tracks = [.. history.Tracks.Where(track => track.Owner == name && track.Type == recordType)];
                bool isTwoSided = type == "NS" && twoSided.Contains(name.ToString());
                TruthRun[] truth = [.. listed.EnumerateArray().Where(run => run.GetProperty("value").ValueKind == JsonValueKind.Array).Select(run => Read(run, recordType, isTwoSided))];

                // Each value with its zone, times and count.
                Assert.Equal(
                    truth.GroupBy(run => (run.Zone, run.Value)).Select(group => (group.Key.Zone, group.Key.Value, group.Min(run => run.First), group.Max(run => run.Last), group.Sum(run => run.Count))).Order(),
                    tracks.SelectMany(track => track.States.Select(state => (Zone: Zone(track, isTwoSided), Value: Text(state), state)))
                        .GroupBy(item => (item.Zone, item.Value))
                        .Select(group => (group.Key.Zone, group.Key.Value, group.Min(item => item.state.Presence.First), group.Max(item => item.state.Presence.Last), group.Sum(item => item.state.Count))).Order());
                states += truth.Select(run => (run.Zone, run.Value)).Distinct().Count();

                // Each run in its order, and within its bounds.
                if (isTwoSided) continue;
                foreach (RrsetTrack track in tracks)
                {
                    TruthRun[] expected = [.. truth.Where(run => run.Zone == track.Zone.ToString())];
                    Assert.Equal(expected.Select(run => run.Value), track.Runs.Select(run => Text(run.State)));
                    foreach ((TruthRun run, RrsetRun found) in expected.Zip(track.Runs))
                    {
                        Assert.True(found.Begin.MayBe(run.First), $"{name} {run} begins in {found.Begin}");
                        Assert.True(found.End.MayBe(run.Last), $"{name} {run} ends in {found.End}");
                        runs++;
                    }
                }
            }

            Assert.Equal(question.Value.GetProperty("distinct_a").GetInt32(), history.Addresses.Count(address => address.Address.IsIPv4 && IsOwn(history, address)));
            Assert.Equal(question.Value.GetProperty("distinct_24").GetInt32(), history.Addresses.Where(address => address.Address.IsIPv4 && IsOwn(history, address)).Select(address => address.Prefix).Distinct().Count());
            int absent = question.Value.TryGetProperty("A", out JsonElement all) ? all.EnumerateArray().Count(run => run.GetProperty("value").ValueKind != JsonValueKind.Array) : 0;
            Assert.Equal(question.Value.GetProperty("runs_a").GetInt32() - absent, history.Tracks.Where(track => track.Owner == name && track.Type == RecordType.A).Sum(track => track.Runs.Length));
        }

        TestContext.Current.SendDiagnosticMessage($"{names} names, {states} values and {runs} runs agree with the truth");
        Assert.True(names == 47 && states > 100 && runs > 100);
    }

    [Fact]
    public async Task In_the_recorded_world_what_is_unstable_for_an_ordinary_reason_is_told_from_flux()
    {
        await lab.GetAsync();
        AnalysisOptions options = new() { Enrichment = AddressTable.Load(Path.Combine(LabWorld.Folder!, "asmap.csv")) };
        foreach (JsonProperty question in lab.Questions.GetProperty("q3_hosting").EnumerateObject())
        {
            Instability measured = (await HistoryAsync(DomainName.Parse(question.Name), options)).Instability;
            InstabilityGuardKind[] holding = [.. measured.Guards.Where(guard => guard.Holds).Select(guard => guard.Kind)];
            string label = question.Value.GetProperty("label").GetString()!;
            if (!label.StartsWith("static", StringComparison.Ordinal)) TestContext.Current.SendDiagnosticMessage($"{question.Name} {label}: flux {measured.Flux?.Addresses} addresses, {measured.Flux?.AutonomousSystems} AS, {measured.Flux?.Score:0.0}; entropy {measured.Entropy:0.00}, churn {measured.Churn:0.00}, growth {measured.Growth:0.00}; {string.Join(' ', holding)}");
            switch (label)
            {
                case "static":
                    Assert.Equal((0, 0), (measured.Changes, measured.NameServerChanges));
                    Assert.Equal(0, measured.Entropy);
                    break;
                case "moved":
                    Assert.Equal((1, 1), (measured.Changes, measured.NameServerChanges));
                    break;
                case "hijacked" or "benign-failover":
                    Assert.Equal(2, measured.Changes);
                    break;
                case "benign-scrubbing": // behind the aliases stand pools that change all the time
                    Assert.True(measured.Changes > 2);
                    break;
                case "dynamic-dns":
                    Assert.Contains(InstabilityGuardKind.DynamicAddress, holding);
                    break;
                case "cdn-pool":
                    Assert.Contains(InstabilityGuardKind.SameOperator, holding);
                    break;
                case "benign-pool":
                    Assert.Contains(InstabilityGuardKind.RecurringPool, holding);
                    break;
                case "fast-flux":
                    Assert.Empty(holding);
                    Assert.Equal((124, 55, 55), (measured.Addresses, measured.Prefixes, measured.AutonomousSystems));
                    Assert.True(measured.Entropy > 5 && measured.Changes == 34);
                    break;
            }
        }
    }

    private static TruthRun Read(JsonElement run, RecordType type, bool isTwoSided) => new(
        isTwoSided ? "either" : DomainName.Parse(run.GetProperty("zone").GetString()!).ToString(),
        string.Join(' ', run.GetProperty("value").EnumerateArray().Select(value => type is RecordType.NS or RecordType.CNAME ? DomainName.Parse(value.GetString()!).ToString() : value.GetString()!).Order(StringComparer.Ordinal)),
        run.GetProperty("first").GetInt64(), run.GetProperty("last").GetInt64(), run.GetProperty("n").GetInt64());

    private static string Zone(RrsetTrack track, bool isTwoSided) => isTwoSided ? "either" : track.Zone.ToString();

    private static string Text(RrsetState state) => string.Join(' ', state.Values.Select(value => value.ToString()).Order(StringComparer.Ordinal));

    // The truth counts addresses of the name itself, not those behind its aliases.
    private static bool IsOwn(NameHistory history, HostedAddress address) =>
        history.Tracks.Any(track => track.Owner == history.Name && track.States.Any(state => state.Values.Any(value => value.ToString() == address.Address.ToString())));

    private async Task<NameHistory> HistoryAsync(DomainName name, AnalysisOptions options)
    {
        List<NameHistory> found = [];
        await foreach (NameHistory history in new NameHistories(lab.Store, options).Find(new(name)).WithCancellation(TestContext.Current.CancellationToken)) found.Add(history);
        return Assert.Single(found);
    }
}
