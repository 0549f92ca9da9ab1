using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PassiveDns.Capture;

namespace PassiveDns.Tool.Tests.Acceptance;

/// <summary>
/// Generated traffic with its ground truth, also under attack. The generator is a C program beside the repository (shared/tools/pdnsgen); it is compiled here.
/// </summary>
public sealed class PdnsgenTests : IDisposable
{
    private const string Hostile = "--tcp .03 --frag .02 --vlan .05 --malformed .02 --spoof .02 --poison .02 --case .3 --odd .01 --signed .1";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>
    /// The truth whole: owner, type, bailiwick and data of each record with its times and its count. The servers of arpa are in no packet that could tell of them,
    /// so they are given with the hints; without, all else is the same.
    /// </summary>
    [Theory]
    [InlineData(7, true, true)]
    [InlineData(21, true, false)]
    [InlineData(8, false, true)]
    [InlineData(8, false, false)]
    public async Task The_default_export_is_the_truth_and_nothing_else(int seed, bool isHostile, bool knowsArpa)
    {
        string world = await GenerateAsync(seed, isHostile);
        string hints = world + ".hints";
        if (knowsArpa) await File.AppendAllTextAsync(hints, await ArpaServersAsync(world), TestContext.Current.CancellationToken);
        string store = _directory.At("store");
        ToolRun import = await ToolRun.InProcessAsync("import", world + ".pcap", "--store", store, "--resolvers", world + ".resolvers", "--root-hints", hints, "--json");
        Assert.True(import.ExitCode == 0, import.Error);
        ImportAccount.AssertConserved(Assert.Single(import.Json));
        ToolRun export = await ToolRun.InProcessAsync("export", "--wire", "--store", store);
        Assert.True(export.ExitCode == 0, export.Error);

        Dictionary<string, (long First, long Last, long Count)> found = Found(export.Json);
        Dictionary<string, (long First, long Last, long Count)> truth = Truth(world + ".tuples.tsv");
        string[] missing = [.. truth.Keys.Except(found.Keys)];
        if (!knowsArpa)
        {
            Assert.All(missing, tuple => Assert.Contains(".arpa. ", tuple, StringComparison.Ordinal));
            foreach (string tuple in missing) truth.Remove(tuple);
            missing = [];
        }

        Assert.True(truth.Count > 10_000);
        Assert.Empty(missing);
        Assert.Empty(found.Keys.Except(truth.Keys));
        Assert.Equal(truth.OrderBy(t => t.Key, StringComparer.Ordinal), found.OrderBy(t => t.Key, StringComparer.Ordinal));
        string[] bad = [.. File.ReadLines(world + ".bad.tsv").Select(line => line.Split('\t')).Select(f => $"{f[1]} {f[2]} {Wire(f[2], f[3])}")];
        Assert.Equal(isHostile, bad.Length > 100);
        Assert.Empty(bad.Intersect(found.Keys.Select(WithoutBailiwick)));
    }

    private async Task<string> GenerateAsync(int seed, bool isHostile)
    {
        Assert.SkipUnless(Files.TryFindShared("tools/pdnsgen/pdnsgen.c", out string? source), "shared/tools/pdnsgen is not beside the repository");
        Assert.SkipUnless(File.Exists("/usr/bin/cc"), "needs a C compiler");
        string program = _directory.At("pdnsgen"), world = _directory.At("world");
        await RunAsync("/usr/bin/cc", "-O2", "-o", program, source!, "-lm");
        await RunAsync(program, ["--seed", $"{seed}", "--packets", "20000", "--out", world, .. isHostile ? Hostile.Split(' ') : []]);
        return world;
    }

    /// <summary>Whoever refers to zones of addresses speaks for arpa.</summary>
    private static async Task<string> ArpaServersAsync(string world)
    {
        VantageOptions vantage = new();
        foreach (System.Net.IPNetwork network in ResolverList.Load(world + ".resolvers")) vantage.Resolvers.Add(network);
        HashSet<string> servers = [];
        foreach (ICaptureSource source in CaptureFiles.Open([world + ".pcap"], vantage))
        {
            await using ICaptureSource owned = source;
            MessageBatch batch = new();
            bool isMore = true;
            while (isMore)
            {
                isMore = await source.ReadAsync(batch, TestContext.Current.CancellationToken);
                foreach (CapturedResponse response in batch)
                {
                    if (IsArpaReferral(response.Message)) servers.Add(response.Server.ToString());
                }

                batch.Clear();
            }
        }

        Assert.NotEmpty(servers);
        return string.Concat(servers.Select((server, number) =>
            $"arpa. NS s{number}.in-addr-servers.arpa.\ns{number}.in-addr-servers.arpa. {(server.Contains(':', StringComparison.Ordinal) ? "AAAA" : "A")} {server}\n"));
    }

    private static bool IsArpaReferral(ReadOnlySpan<byte> message)
    {
        DnsReader reader = new(message);
        DnsHeader header = reader.Header;
        return !header.IsAuthoritative && header.AnswerCount == 0 && reader.Read() && reader.Name.ToString().EndsWith(".arpa.", StringComparison.Ordinal);
    }

    private static Dictionary<string, (long First, long Last, long Count)> Found(IEnumerable<JsonElement> rows)
    {
        Dictionary<string, (long First, long Last, long Count)> found = [];
        foreach (JsonElement row in rows)
        {
            Assert.False(row.TryGetProperty("folded", out _));
            (long first, long last, long count) = (row.GetProperty("time_first").GetInt64(), row.GetProperty("time_last").GetInt64(), row.GetProperty("count").GetInt64());
            foreach (JsonElement wire in row.GetProperty("rdata_wire").EnumerateArray())
            {
                string key = $"{Dotted(row.GetProperty("rrname").GetString()!)} {row.GetProperty("rrtype")} {wire.GetString()} {Dotted(row.GetProperty("bailiwick").GetString()!)}";
                (long First, long Last, long Count) before = found.GetValueOrDefault(key, (long.MaxValue, 0, 0));
                found[key] = (Math.Min(before.First, first), Math.Max(before.Last, last), before.Count + count);
            }
        }

        return found;
    }

    private static Dictionary<string, (long First, long Last, long Count)> Truth(string path)
    {
        Dictionary<string, (long First, long Last, long Count)> truth = [];
        foreach (string line in File.ReadLines(path, Encoding.Latin1))
        {
            string[] f = line.Split('\t');
            Assert.True(DomainName.TryParse(f[0], out DomainName name), line);
            truth.Add($"{name} {f[1]} {Wire(f[1], f[3])} {f[2]}", (Number(f[4]), Number(f[5]), Number(f[6])));
        }

        return truth;
    }

    /// <summary>Data is compared as octets: the truth writes the times of signatures as seconds, which RFC 4034 section 3.2 allows beside dates.</summary>
    private static string Wire(string typeText, string text)
    {
        Assert.True(RecordTypeNames.TryParse(typeText, out RecordType type), typeText);
        byte[] rdata = new byte[RecordData.MaxLength];
        Assert.True(RdataText.TryParse(type, Encoding.Latin1.GetBytes(text), rdata, out int length), $"{typeText} {text}");
        return Convert.ToHexStringLower(rdata.AsSpan(0, length));
    }

    private static string WithoutBailiwick(string tuple) => tuple[..tuple.LastIndexOf(' ')];

    private static string Dotted(string name) => name.EndsWith('.') ? name : name + ".";

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, error);
    }
}
