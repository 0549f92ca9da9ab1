using System.Text.Json;
using System.Text.RegularExpressions;
using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Tool.Diagnosis;

namespace PassiveDns.Tool.Tests.Commands;

/// <summary>Why something was not observed: the sums are the import's, the packet is the right one, and no client is shown.</summary>
public partial class DoctorTests
{
    private static readonly string[] s_sample =
        ["doctor", Files.Sample("sample.pcapng"), "--resolvers", Files.Sample("resolvers"), "--root-hints", Files.Sample("root.hints")];

    public static TheoryData<string> Captures()
    {
        string corpus = Path.Combine(Files.Repository, "tests", "Corpus", "pcap");
        return [.. Directory.EnumerateFiles(corpus, "*.*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(corpus, file)).Where(file => !file.StartsWith("oracle", StringComparison.Ordinal) && !file.StartsWith("frames", StringComparison.Ordinal))
            .Where(file => Path.GetDirectoryName(file) is { Length: > 0 }).Order(StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public async Task Line_by_line_it_says_what_the_import_counts(string name) => await CompareAsync(Path.Combine(Files.Repository, "tests", "Corpus", "pcap", name));

    /// <summary>Frames of dnstap, items of C-DNS and PowerDNS messages, whole and damaged; what surrounds the frames is not told one by one.</summary>
    [Theory]
    [InlineData("dnstap")]
    [InlineData("cdns")]
    [InlineData("powerdns")]
    public async Task So_it_does_of_other_kinds_of_files(string kind)
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Files.Repository, "tests", "PassiveDns.Fuzz", "Corpus", kind))) await CompareAsync(file);
    }

    private static async Task CompareAsync(string file)
    {
        using TemporaryDirectory directory = new();
        ToolRun import = await ToolRun.InProcessAsync("import", file, "--store", directory.At("store"), "--json");
        ToolRun doctor = await ToolRun.InProcessAsync("doctor", file, "--all", "--json");
        Assert.Equal(import.ExitCode, doctor.ExitCode);
        if (import.Output.Length == 0) return; // both refuse the file
        AssertSame(import.Json[0], doctor.Json);
    }

    [Fact]
    public async Task The_sample_is_explained_line_by_line_too()
    {
        using TemporaryDirectory directory = new();
        ToolRun import = await ToolRun.InProcessAsync([.. ToolRun.ImportSample(directory.At("store")), "--json"]);
        ToolRun doctor = await ToolRun.InProcessAsync([.. s_sample, "--all", "--json"]);
        Assert.Equal(0, doctor.ExitCode);
        AssertSame(import.Json[0], doctor.Json);
        long[] packets = [.. doctor.Json[..^1].Select(line => line.GetProperty("packet").GetInt64())];
        Assert.Equal(packets.Order(), packets);
    }

    [Fact]
    public async Task No_address_of_a_client_or_of_the_resolver_is_shown()
    {
        foreach (string[] vantage in (string[][])[s_sample, s_sample[..2]])
        {
            string text = (await ToolRun.InProcessAsync([.. vantage, "--all", "--limit", "100000"])).Output + (await ToolRun.InProcessAsync([.. vantage, "--all", "--json"])).Output;
            foreach (string address in (string[])["203.0.113.53", "2001:db8:53::53", "10.53.0.11", "10.53.0.12", "10.53.0.14", "10.53.0.53", "fd53::13", "fd53::53"])
            {
                Assert.DoesNotContain(address, text, StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Fact]
    public async Task By_default_people_get_what_was_dropped_with_its_reason_then_the_table_and_the_mend()
    {
        ToolRun run = await ToolRun.InProcessAsync([.. s_sample]);
        Assert.Equal(0, run.ExitCode);
        string[] lines = [.. run.Lines.Where(line => line.StartsWith("packet ", StringComparison.Ordinal))];
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Matches(FindingLine(), line));
        Assert.Contains(lines, line => line.Contains("messages/refused-client-side", StringComparison.Ordinal) && line.EndsWith("between a client and a resolver: never observed", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("messages/observed", StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.StartsWith("stage", StringComparison.Ordinal) && line.Contains("meaning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_resolvers_below_one_the_advice_is_to_capture_above_it()
    {
        ToolRun run = await ToolRun.InProcessAsync("doctor", Path.Combine(Files.Repository, "tests", "Corpus", "pcap", "linktype", "zeek__dns-svcb.pcap"));
        Assert.Contains(run.Lines, line => line.StartsWith("Most messages", StringComparison.Ordinal) && line.Contains("capture between the resolver and the Internet", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_packet_a_name_a_type_and_a_reason_choose()
    {
        JsonElement[] all = (await ToolRun.InProcessAsync([.. s_sample, "--all", "--json"])).Json[..^1];
        JsonElement observed = all.First(line => line.GetProperty("fate").GetString() == "observed" && line.GetProperty("type").GetString() == "MX");
        string packet = observed.GetProperty("packet").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture), name = observed.GetProperty("name").GetString()!;

        JsonElement[] ofPacket = (await ToolRun.InProcessAsync([.. s_sample, "--packet", packet, "--json"])).Json[..^1];
        Assert.Equal(all.Count(line => line.GetProperty("packet").GetInt64() == observed.GetProperty("packet").GetInt64()), ofPacket.Length);
        JsonElement[] ofName = (await ToolRun.InProcessAsync([.. s_sample, "--name", name, "--type", "MX", "--all", "--json"])).Json[..^1];
        Assert.NotEmpty(ofName);
        Assert.All(ofName, line => Assert.Equal("MX", line.GetProperty("type").GetString()));
        JsonElement[] refused = (await ToolRun.InProcessAsync([.. s_sample, "--reason", "refused", "--json"])).Json[..^1];
        Assert.NotEmpty(refused);
        Assert.All(refused, line => Assert.StartsWith("refused-", line.GetProperty("fate").GetString(), StringComparison.Ordinal));

        ToolRun nothing = await ToolRun.InProcessAsync([.. s_sample, "--name", "no.such.name"]);
        Assert.Equal(1, nothing.ExitCode);
        Assert.Contains("--all", nothing.Error, StringComparison.Ordinal);
        ToolRun limited = await ToolRun.InProcessAsync([.. s_sample, "--limit", "2"]);
        Assert.Equal(2, limited.Lines.Count(line => line.StartsWith("packet ", StringComparison.Ordinal)));
        Assert.Contains("more lines", limited.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--reason", "nonsense")]
    [InlineData("--name", "a*b")]
    [InlineData("--type", "NOTYPE1")]
    [InlineData("--packet", "0")]
    [InlineData("--limit", "-1")]
    public async Task What_cannot_be_meant_is_wrong_use(string option, string value)
    {
        ToolRun run = await ToolRun.InProcessAsync([.. s_sample, option, value]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(option, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fate_has_a_sentence()
    {
        IEnumerable<(string, string)> fates = Words("packets", typeof(PacketFate)).Concat(Words("messages", typeof(MessageFate))).Concat(Words("queries", typeof(QueryFate)))
            .Concat(Words("packets", Captured("FrameFate"))).Concat(Words("packets", Captured("CdnsItemFate"))).Concat(Words("messages", Captured("DnstapFate")))
            .Concat(Words("responses", Internal("ResponseFate"))).Concat(Words("rrsets", Internal("RrsetFate"))).Append(("rrsets", "waiting"));
        Assert.Equal(fates.Distinct().Order(), Reasons.All.Order());
    }

    private static Type Captured(string name) => typeof(PacketDecoder).Assembly.GetType("PassiveDns.Capture." + name, throwOnError: true)!;

    private static Type Internal(string name) => typeof(ResponseAggregator).Assembly.GetType("PassiveDns.Aggregation." + name, throwOnError: true)!;

    private static IEnumerable<(string, string)> Words(string stage, Type fates) =>
        Enum.GetNames(fates).Select(name => (stage, Hump().Replace(name, "-$0").ToLowerInvariant().TrimStart('-')));

    private static void AssertSame(JsonElement import, JsonElement[] doctor)
    {
        List<(string?, string?, long)> expected = [.. import.GetProperty("account").EnumerateArray()
            .Select(line => (line.GetProperty("stage").GetString(), line.GetProperty("fate").GetString(), line.GetProperty("count").GetInt64()))
            .Where(line => line.Item1 is not ("batches" or "written-rows" or "control-frames" or "records")).Order()];
        Assert.Equal(expected, doctor[^1].GetProperty("account").EnumerateArray()
            .Select(line => (line.GetProperty("stage").GetString(), line.GetProperty("fate").GetString(), line.GetProperty("count").GetInt64())).Order());
        Assert.Equal(expected, doctor[..^1].GroupBy(line => (line.GetProperty("stage").GetString(), line.GetProperty("fate").GetString()))
            .Select(lines => (lines.Key.Item1, lines.Key.Item2, lines.LongCount())).Order());
    }

    [GeneratedRegex("^packet [0-9]+  [0-9-]+ [0-9:.]+  [a-z]+/[a-z0-9-]+.*: .+$")]
    private static partial Regex FindingLine();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Hump();
}
