using System.Text.Json;
using FsCheck.Xunit;
using PassiveDns.Storage;
using PassiveDns.Storage.Conformance;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Analysis.Tests;

public class LookalikesTests(LabWorld lab)
{
    private static readonly DomainName s_bank = DomainName.Parse("examplebank.com");

    [Fact]
    public async Task What_the_brand_registered_itself_is_told_from_what_strangers_did()
    {
        IObservationReader world = await World();
        List<Lookalike> found = await ListAsync(new Lookalikes(world).Find(new([s_bank])));
        Assert.Equal(["examplbank.com.", "examplebanc.com.", "examplebank-login.com.", "examplebank.com.evil.net."], found.Select(l => l.Name.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(found.OrderByDescending(l => l.Score), found);
        Lookalike login = found.Single(l => l.Name.ToString() == "examplebank-login.com.");
        Assert.Equal(
            [LookalikeCircumstance.New, LookalikeCircumstance.TakesMail, LookalikeCircumstance.SharesWithSquat], login.Factors.Select(f => f.Circumstance));
        Assert.Equal(SmallWorld.Day(350), login.FirstSeen);
        Assert.Contains(login.Evidence, row => row.Type == RecordType.MX);

        List<Lookalike> all = await ListAsync(new Lookalikes(world, rules: new() { Threshold = 0 }).Find(new([s_bank])));
        Lookalike own = all.Single(l => l.Name.ToString() == "exampelbank.com.");
        Assert.True(own.NameScore >= 0.5 && own.Score < 0.1);
        Assert.Equal(
            [LookalikeCircumstance.SharesAddress, LookalikeCircumstance.SharesNameServers, LookalikeCircumstance.SharesContact], own.Factors.Select(f => f.Circumstance));
    }

    [Fact]
    public async Task New_ones_are_those_that_were_not_known_before_whatever_came_to_old_ones()
    {
        IObservationReader world = await World();
        List<Lookalike> found = await ListAsync(new Lookalikes(world).Find(new([s_bank]) { NewSince = SmallWorld.Day(340) }));
        Assert.Equal(["examplebank-login.com."], found.Select(l => l.Name.ToString())); // examplebanc.com has a new record, but is old
        Assert.Empty(await ListAsync(new Lookalikes(world).Find(new([s_bank]) { Window = TimeWindow.At(SmallWorld.Day(5)) })));
    }

    [Fact]
    public async Task Newly_observed_domains_are_judged_while_they_come()
    {
        IObservationReader world = await World();
        Lookalikes lookalikes = new(world);
        List<string> told = [];
        await foreach (Lookalike one in lookalikes.WatchAsync(Names("shop.example", "exampelbank.com", "examplebanc.com", "examplebank-login.com", "unknown-examplebank.com"), [s_bank], TestContext.Current.CancellationToken))
            told.Add($"{one.Name} {string.Join(' ', one.Factors.Select(f => f.Circumstance))}");
        Assert.Equal(["examplebanc.com. ", "examplebank-login.com. New TakesMail SharesWithSquat"], told);

        static async IAsyncEnumerable<DomainName> Names(params string[] names)
        {
            foreach (string name in names)
            {
                await Task.Yield();
                yield return DomainName.Parse(name);
            }
        }
    }

    /// <summary>What stands before a domain is given with it; the domain alone would blame whoever runs it.</summary>
    [Theory]
    [InlineData("www.examplebank.com.evil.net", "examplebank.com.evil.net.")]
    [InlineData("a.b.examplebank.com-verify.net", "examplebank.com-verify.net.")]
    [InlineData("mail.example.bank.com", "example.bank.com.")]
    [InlineData("login.examplebanc.com", "examplebanc.com.")]
    [InlineData("examplebank-login.shop.net", "examplebank-login.shop.net.")]
    public async Task The_name_that_imitates_is_given(string name, string expected)
    {
        IObservationReader world = await new SmallWorld().Add(name, "A", "192.0.2.1", 0, 1).Add("examplebank.com", "A", "192.0.2.2", 0, 1).BuildAsync();
        List<Lookalike> found = await ListAsync(new Lookalikes(world, rules: new() { Threshold = 0 }).Find(new([s_bank])));
        Assert.Equal([expected], found.Select(one => one.Name.ToString()));
    }

    [Fact]
    public async Task A_budget_cuts_the_walk_and_says_so()
    {
        AnswerStream<Lookalike> answer = new Lookalikes(await World(), new() { Budget = new() { MaxRows = 3 } }).Find(new([s_bank]));
        await ListAsync(answer);
        Assert.Equal(Completeness.Truncated, answer.Facts.Completeness);
    }

    [Fact]
    public async Task In_the_recorded_world_all_look_alikes_are_found_and_no_innocent()
    {
        await lab.GetAsync();
        JsonElement truth = lab.Questions.GetProperty("q6_lookalikes");
        DomainName[] brands = [.. truth.GetProperty("brands").EnumerateArray().Select(brand => DomainName.Parse(brand.GetProperty("name").GetString()!))];
        List<Lookalike> found = await ListAsync(new Lookalikes(lab.Store).Find(new(brands)));
        Dictionary<string, string> expected = [];
        foreach (JsonElement one in truth.GetProperty("lookalikes").EnumerateArray()) expected[one.GetProperty("name").GetString() + "."] = one.GetProperty("brand").GetString() + ".";
        HashSet<string> innocent = [.. truth.GetProperty("innocents").EnumerateArray().Select(one => one.GetProperty("name").GetString() + ".")];
        foreach (Lookalike one in found) TestContext.Current.SendDiagnosticMessage($"{one.Score:0.00} {one.Name} {string.Join(", ", one.Factors.Select(f => f.Circumstance))}");
        Assert.DoesNotContain(found, one => innocent.Contains(one.Name.ToString()) || innocent.Contains(one.RegistrableDomain.ToString()));
        Assert.Equal(48, expected.Count);
        Assert.Equal(
            expected.Select(pair => $"{pair.Key} {pair.Value}").Order(StringComparer.Ordinal), found.Select(one => $"{one.Name} {one.Brand}").Order(StringComparer.Ordinal));
    }

    /// <summary>Rows that have nothing to do with a brand, and the way in which rows came, change nothing; but for what is new, which depends on how long a store was fed.</summary>
    [Property(Replay = "(42,43)", MaxTest = 60)]
    public async Task Neither_unrelated_rows_nor_the_cut_of_batches_change_an_answer(byte[] seed, byte[] others, byte cut)
    {
        int at = Math.Min(cut, seed.Length / 3 * 3) / 3 * 3;
        IObservationReader plain = await StoreAsync(seed), split = await StoreAsync(seed[..at], seed[at..], others.Length > 2 ? others : null);
        LookalikeOptions rules = new() { Threshold = 0, Odds = new() { New = 1 } };
        Assert.Equal(await TellAsync(plain), await TellAsync(split));

        async Task<List<string>> TellAsync(IObservationReader reader) =>
            [.. (await ListAsync(new Lookalikes(reader, rules: rules).Find(new([s_bank])))).Select(one => $"{one.Name} {one.Score} {one.FirstSeen} {one.LastSeen} {string.Join(' ', one.Factors)}")];
    }

    // Three octets make a row; the third batch is of strangers.
    private static async Task<IObservationReader> StoreAsync(params byte[]?[] batches)
    {
        string[] names = ["examplebank.com", "examplebanc.com", "exampelbank.com", "examplebank-login.com", "www.examplebank.com.shop.com"];
        MemoryObservationStore store = new();
        for (int number = 0; number < batches.Length; number++)
        {
            BatchBuilder builder = new();
            byte[] batch = batches[number] ?? [];
            for (int i = 0; i + 3 <= batch.Length; i += 3)
            {
                bool isStranger = number == 2;
                string name = isStranger ? $"n{batch[i] % 5}.org" : names[batch[i] % 5];
                int net = isStranger ? 3 : 2;
                (string type, string rdata) = (batch[i] / 5 % 3) switch
                {
                    0 => ("A", $"192.0.{net}.{batch[i + 2] % 3}"),
                    1 => ("NS", $"ns{batch[i + 2] % 3}.host{net}.net."),
                    _ => ("MX", $"10 mx{batch[i + 2] % 3}.host{net}.net."),
                };
                builder.Add(name, type, rdata, SmallWorld.Day(batch[i + 1] % 40), SmallWorld.Day((batch[i + 1] % 40) + 2));
            }

            await store.WriteAsync(builder.Build((ulong)number + 1));
        }

        return store;
    }

    private static async Task<List<Lookalike>> ListAsync(AnswerStream<Lookalike> answer)
    {
        List<Lookalike> found = [];
        await foreach (Lookalike one in answer.WithCancellation(TestContext.Current.CancellationToken)) found.Add(one);
        return found;
    }

    private static async Task<IObservationReader> World() => await new SmallWorld()
        .Add("examplebank.com", "NS", "ns1.examplebank.com.|ns2.examplebank.com.", 0, 360)
        .Add("examplebank.com", "SOA", "ns1.examplebank.com. hostmaster.examplebank.com. 1 7200 3600 1209600 300", 0, 360)
        .Add("examplebank.com", "A", "192.0.2.10", 0, 360)
        .Add("examplebank.com", "MX", "10 mail.examplebank.com.", 0, 360)
        .Add("exampelbank.com", "NS", "ns1.examplebank.com.|ns2.examplebank.com.", 20, 360) // the brand's own
        .Add("exampelbank.com", "SOA", "ns1.examplebank.com. hostmaster.examplebank.com. 1 7200 3600 1209600 300", 20, 360)
        .Add("exampelbank.com", "A", "192.0.2.10", 20, 360)
        .Add("examplebanc.com", "A", "203.0.113.5", 10, 340)
        .Add("mail.examplebanc.com", "A", "203.0.113.6", 350, 355)
        .Add("examplebank-login.com", "A", "203.0.113.5", 350, 355)
        .Add("examplebank-login.com", "MX", "10 mail.examplebank-login.com.", 350, 355)
        .Add("www.examplebank.com.evil.net", "A", "203.0.113.90", 100, 110)
        .Add("examplbank.com", "A", "198.51.100.1", 30, 40)
        .Add("shop.example", "A", "203.0.113.5", 100, 300)
        .BuildAsync();
}
