using System.Text.Json;

namespace PassiveDns.Analysis.Tests;

public class ObservedChangesLabTests(LabWorld lab)
{
    private readonly record struct TruthChange(long Time, DomainName Zone, DomainName Name, RecordType Type, string Before, string After, bool IsTtlOnly, long? Old, long? New);

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 8)]
    [InlineData(2, 69)]
    [InlineData(3, 0)]
    public async Task In_the_recorded_world_every_change_of_a_window_is_found_with_bounds_that_hold_its_true_time(int index, int scenario)
    {
        await lab.GetAsync();
        JsonElement[] rrsets = [.. lab.Truth.GetProperty("rrsets").EnumerateArray()];
        JsonElement window = lab.Questions.GetProperty("q4_windows")[index];
        TimeWindow time = new(window.GetProperty("start").GetInt64(), window.GetProperty("end").GetInt64());
        List<ObservedChange> found = await ListAsync(new(new ChangeScope.Subtree(DomainName.Root), time) { FoldNoise = false });
        ILookup<(DomainName, RecordType), ObservedChange> byKey = found.ToLookup(change => (change.Name, change.Type));

        // Two different answers to one query: which of them was observed is open (see the truth's list).
        HashSet<DomainName> contested = [.. lab.Truth.GetProperty("exceptions").EnumerateArray().Select(e => DomainName.Parse(e.GetProperty("name").GetString()!))];
        foreach (JsonElement place in window.GetProperty("observed_first_seen").EnumerateArray())
        {
            JsonElement row = rrsets[place.GetInt32()];
            if (!TryKey(row, out DomainName name, out RecordType type) || contested.Contains(name)) continue;
            Assert.Contains(byKey[(name, type)], change => change.After is { } after && Wire(after) == Wire(row) && change.Time.By == row.GetProperty("first").GetInt64());
        }

        int known = 0, exact = 0;
        TruthChange?[] changes = Changes();
        foreach (JsonElement place in window.GetProperty("scenario").EnumerateArray())
        {
            if (changes[place.GetInt32()] is not { IsTtlOnly: false, New: { } seen } change || (change.Old is null && seen > time.To)) continue; // what nobody saw in the window
            known++;
            if (byKey[(change.Name, change.Type)].Any(one => one.Time.By == seen && (change.Old is null || one.Time.After == change.Old))) exact++;

            // Denials make bounds closer than the truth's, which knows of the records alone; what the store joins over makes them up to 48 hours wider on one side.
            Assert.Contains(byKey[(change.Name, change.Type)], one =>
                one.Time.MayBe(change.Time) && (one.After is null ? "" : Text(one.After)) == change.After && !(one.Time.Seconds > seen - change.Old + 172_800));
        }

        Assert.Equal(scenario, known);
        TestContext.Current.SendDiagnosticMessage($"{window.GetProperty("name")}: {found.Count} changes, {known} of the scenario, {exact} with the very bounds of the truth");

        // Asking the index of changes for the names finds the same, as far as a sighting that bounds the change lies in the window.
        List<ObservedChange> indexed = await ListAsync(new(new ChangeScope.Everything(), time) { FoldNoise = false }), all = await ListAsync(new(new ChangeScope.Subtree(DomainName.Root), time) { FoldNoise = false });
        HashSet<string> ofIndex = [.. indexed.Select(Identity)];
        Assert.Empty(ofIndex.Except(all.Select(Identity)));
        Assert.Empty(all.Where(IsVisible).Select(Identity).Except(ofIndex));

        string Identity(ObservedChange change) => $"{change.Kind} {change.Effect} {change.Name} {change.Type} {change.Zone} {change.Time}";
        bool IsVisible(ObservedChange change) => change.Evidence.SelectMany(row => row.History.Intervals).SelectMany(i => new[] { i.First, i.Last })
            .Any(border => border >= time.From && border <= time.To && (border == change.Time.After || border == change.Time.By));
    }

    [Fact]
    public async Task In_the_recorded_world_what_is_said_to_have_changed_did()
    {
        await lab.GetAsync();
        List<(DomainName Name, long Time)> upheavals = Upheavals();
        TruthChange[] changes = [.. Changes().Where(change => change is not null).Select(change => change!.Value)];
        List<ObservedChange> wrong = [];
        int claims = 0;
        foreach (JsonElement window in lab.Questions.GetProperty("q4_windows").EnumerateArray())
        {
            TimeWindow time = new(window.GetProperty("start").GetInt64(), window.GetProperty("end").GetInt64());
            foreach (ObservedChange change in await ListAsync(new(new ChangeScope.Subtree(DomainName.Root), time)))
            {
                if (change.Noise != ChangeNoise.None || change.Effect is ChangeEffect.Appeared or ChangeEffect.TimeToLive) continue;
                claims++;
                if (changes.Any(one => one.Name == change.Name && one.Type == change.Type && change.Time.MayBe(one.Time))) continue;
                if (upheavals.Any(one => change.Name.IsAtOrUnder(one.Name) && change.Time.MayBe(one.Time))) continue;
                wrong.Add(change);
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{claims} claims, wrong: {string.Join(", ", wrong.Select(change => $"{change.Name} {change.Type} {change.Confidence}"))}");
        Assert.True(claims > 150);

        // Only silence is ever mistaken, never a sighting or a denial, and that seldom.
        Assert.All(wrong, change => Assert.True(change.Effect == ChangeEffect.Removed && change.Time.By is null && change.Confidence < 1));
        Assert.True(wrong.Count <= claims / 20);
    }

    [Fact]
    public async Task In_the_recorded_world_the_hijack_of_a_delegation_shows_with_all_that_belongs_to_it()
    {
        await lab.GetAsync();
        JsonElement window = lab.Questions.GetProperty("q4_windows")[0];
        TimeWindow time = new(window.GetProperty("start").GetInt64(), window.GetProperty("end").GetInt64());
        List<ObservedChange> found = await ListAsync(new(new ChangeScope.Subtree(DomainName.Parse("lumenpost.test")), time));
        Assert.Contains(found, change => change is { Kind: ChangeKind.DelegationChanged, Side: UseSide.Parent, Effect: ChangeEffect.Replaced } && Text(change.After!).Contains("springwire", StringComparison.Ordinal));
        Assert.Contains(found, change => change is { Kind: ChangeKind.DelegationChanged, Side: UseSide.Parent, Effect: ChangeEffect.Reverted });
        foreach (string host in (string[])["www", "login", "mail"])
        {
            ChangeKind[] kinds = [.. found.Where(change => change.Name == DomainName.Parse($"{host}.lumenpost.test") && change.Type == RecordType.A).Select(change => change.Kind)];
            Assert.Equal([ChangeKind.Replaced, ChangeKind.Reverted], kinds.Where(kind => kind is not (ChangeKind.NewName or ChangeKind.NewType or ChangeKind.TimeToLiveShift)));
        }

        List<ObservedChange> glue = await ListAsync(new(ChangeScope.Name(DomainName.Parse("ns1.examplebank.example")), new(1783900000, 1784000000)));
        Assert.Contains(glue, change => change is { Kind: ChangeKind.GlueChanged, Effect: ChangeEffect.Replaced });
    }

    private static TruthChange? Read(JsonElement change)
    {
        if (!change.TryGetProperty("name", out JsonElement name)) return null;
        Assert.True(RecordTypeNames.TryParse(change.GetProperty("type").GetString()!, out RecordType type));
        JsonElement? observed = change.TryGetProperty("observed", out JsonElement seen) ? seen : null;
        return new(
            change.GetProperty("t").GetInt64(), DomainName.Parse(change.GetProperty("zone").GetString()!), DomainName.Parse(name.GetString()!), type,
            Values(change.GetProperty("before"), type), Values(change.GetProperty("after"), type),
            change.TryGetProperty("ttl_only", out JsonElement ttl) && ttl.GetBoolean(), At(observed, 0), At(observed, 1));
    }

    private static long? At(JsonElement? pair, int index) => pair is { } known && known[index].ValueKind == JsonValueKind.Number ? known[index].GetInt64() : null;

    private static string Values(JsonElement values, RecordType type) => values.ValueKind != JsonValueKind.Array ? "" : string.Join(' ', values.EnumerateArray()
        .Select(value => type is RecordType.NS or RecordType.CNAME ? DomainName.Parse(value.GetString()!).ToString() : value.GetString()!).Order(StringComparer.Ordinal));

    private static string Text(RrsetState state) => string.Join(' ', state.Values.Select(value => value.ToString()).Order(StringComparer.Ordinal));

    private static string Wire(RrsetState state) => string.Join(' ', state.Values.Select(value => Convert.ToHexStringLower(value.Canonical)).Order(StringComparer.Ordinal));

    private static string Wire(JsonElement row) => string.Join(' ', row.GetProperty("w").EnumerateArray().Select(value => value.GetString()!).Order(StringComparer.Ordinal));

    private static bool TryKey(JsonElement row, out DomainName name, out RecordType type)
    {
        name = DomainName.Parse(row.GetProperty("n").GetString()!);
        return RecordTypeNames.TryParse(row.GetProperty("t").GetString()!, out type) && (type == RecordType.DS || !type.IsDnssec());
    }

    private TruthChange?[] Changes() => [.. lab.Truth.GetProperty("changes").EnumerateArray().Select(Read)];

    // When something about a whole zone, or one of the names that the story tells of, changed: then more changed than the list says.
    private List<(DomainName Name, long Time)> Upheavals()
    {
        List<(DomainName Name, long Time)> upheavals = [];
        foreach (JsonElement change in lab.Truth.GetProperty("changes").EnumerateArray())
        {
            if (change.TryGetProperty("kind", out _)) upheavals.Add((DomainName.Parse(change.GetProperty("zone").GetString()!), change.GetProperty("t").GetInt64()));
            else if (change.GetProperty("type").GetString() == "NS") upheavals.Add((DomainName.Parse(change.GetProperty("name").GetString()!), change.GetProperty("t").GetInt64()));
        }

        foreach (JsonElement story in lab.Truth.GetProperty("events").EnumerateArray())
        {
            List<string> names = story.TryGetProperty("changed_names", out JsonElement listed) ? [.. listed.EnumerateArray().Select(name => name.GetString()!)] : [];
            if (names.Count == 0 && story.TryGetProperty("name", out JsonElement one)) names.Add(one.GetString()!);
            foreach (string member in (string[])["t", "t_start", "t_end", "t_dangling"])
            {
                if (story.TryGetProperty(member, out JsonElement at)) upheavals.AddRange(names.Select(name => (DomainName.Parse(name), at.GetInt64())));
            }
        }

        return upheavals;
    }

    private async Task<List<ObservedChange>> ListAsync(ChangeQuery query)
    {
        AnalysisOptions options = new() { Negatives = lab.Negatives };
        List<ObservedChange> changes = [];
        await foreach (ObservedChange change in new ObservedChanges(lab.Store, options).Find(query).WithCancellation(TestContext.Current.CancellationToken)) changes.Add(change);
        return changes;
    }
}
