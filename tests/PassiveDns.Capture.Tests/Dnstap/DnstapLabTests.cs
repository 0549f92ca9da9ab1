using System.IO.Compression;
using System.Text.Json;

namespace PassiveDns.Capture.Tests;

/// <summary>The recorded world again: what two real resolvers logged themselves, beside the packets of the same moments.</summary>
public class DnstapLabTests
{
    [Theory]
    [InlineData("r1", 15_956, 10_971, 0, 0, 3)]
    [InlineData("r2", 16_639, 9_024, 156, 72, 4)]
    public void Each_kind_of_message_is_counted_as_what_it_is(string sensor, int observed, int clients, int servers, int forwarded, int forged)
    {
        DnstapRun run = DnstapRun.Read(Corpus.RequireShared($"lab-months/{sensor}.dnstap.gz"), Vantage());
        Assert.Equal(observed, run.Count("messages", "observed"));
        Assert.Equal(observed, run.Count("queries", "answered"));
        Assert.Equal(clients, run.Count("messages", "refused-client-side"));
        Assert.Equal(servers, run.Count("messages", "refused-undeclared-server")); // a resolver's own clients without RD
        Assert.Equal(forwarded, run.Count("messages", "refused-recursion-desired"));
        Assert.Equal(forged, run.Count("messages", "unsolicited")); // other question, other type, other letter case
        Assert.Empty(run.Report.Notes);
        Assert.Null(run.Report.Damage);
    }

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    public void The_resolvers_addresses_need_not_be_known(string sensor)
    {
        string path = Corpus.RequireShared($"lab-months/{sensor}.dnstap.gz");
        Assert.Equal(DnstapRun.Read(path, Vantage()).Report.Account, DnstapRun.Read(path).Report.Account);
    }

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    public void Packets_and_dnstap_agree_but_for_what_the_truth_names(string sensor)
    {
        List<string> taps = [.. DnstapRun.Read(Corpus.RequireShared($"lab-months/{sensor}.dnstap.gz"), Vantage()).Observed.Select(o => Key(o.Server, o.Octets))];
        List<string> packets = [.. CaptureRun.Read(Corpus.RequireShared($"lab-months/{sensor}.pcap.gz"), Vantage()).Observed.Select(o => Key(o.Server, o.Octets))];
        JsonElement truth = Truth();
        HashSet<string> unlogged = [.. Names(truth.GetProperty("not_in_dnstap")), .. Malformed(truth)];
        Assert.All(Without(packets, taps), key => Assert.Contains(NameOf(key), unlogged));

        // Where a forger answered too, packets show two different answers and nothing is taken; dnstap shows the one that won, or the one that came in time.
        HashSet<string> raced = [.. Names(truth.GetProperty("poison"), "spoof-race"), .. Names(truth.GetProperty("poison"), "spoof-late")];
        List<string> tapsOnly = Without(taps, packets);
        Assert.Equal(2, tapsOnly.Count);
        Assert.All(tapsOnly, key => Assert.Contains(NameOf(key), raced));
    }

    [Theory]
    [InlineData("lab/unbound.dnstap", 507, 0)]
    [InlineData("lab/knot-auth-1.dnstap", 0, 198)]
    [InlineData("lab/knot-auth-2.dnstap", 0, 218)]
    [InlineData("lab/knot-auth-4.dnstap", 0, 330)]
    public void Authoritative_servers_are_taken_at_their_word_only_when_declared(string file, int resolver, int server)
    {
        string path = Corpus.RequireShared(file);
        DnstapRun run = DnstapRun.Read(path);
        Assert.Equal(resolver, run.Observed.Count);
        Assert.Equal(server, run.Count("messages", "refused-undeclared-server"));
        if (server == 0) return;
        Assert.Contains(run.Report.Notes, note => note.Contains("AuthoritativeServers", StringComparison.Ordinal));
        VantageOptions declared = new();
        declared.Dnstap.AuthoritativeServers.Add("*");
        run = DnstapRun.Read(path, declared);
        Assert.Equal(server / 2, run.Observed.Count + run.Count("messages", "refused-recursion-desired"));
        Assert.NotEmpty(run.Observed);
    }

    private static VantageOptions Vantage() => Decoding.Vantage(File.ReadAllLines(Corpus.RequireShared("lab-months/resolvers")));

    private static string Key(HostAddress server, byte[] octets) => $"{server} {Convert.ToHexString(octets)}";

    private static string NameOf(string key)
    {
        Assert.Equal(DnsError.None, WireName.Read(Convert.FromHexString(key.Split(' ')[1]), DnsHeader.Length, out WireName name, out _));
        return name.ToDomainName().ToString().TrimEnd('.');
    }

    private static List<string> Without(List<string> all, List<string> others)
    {
        Dictionary<string, int> left = others.GroupBy(key => key).ToDictionary(group => group.Key, group => group.Count());
        return [.. all.Where(key => (left[key] = left.GetValueOrDefault(key) - 1) < 0)];
    }

    private static IEnumerable<string> Names(JsonElement rows, string? category = null) => rows.EnumerateArray()
        .Where(row => category is null || row.GetProperty("category").GetString() == category)
        .Select(row => row.GetProperty("name").GetString()!);

    // BIND does not log a response that it cannot read.
    private static IEnumerable<string> Malformed(JsonElement truth) => truth.GetProperty("poison").EnumerateArray()
        .Where(row => row.GetProperty("category").GetString()!.StartsWith("solicited-malformed", StringComparison.Ordinal))
        .Select(row => row.GetProperty("name").GetString()!);

    private static JsonElement Truth()
    {
        using GZipStream content = new(File.OpenRead(Corpus.RequireShared("lab-months/truth.json.gz")), CompressionMode.Decompress);
        return JsonDocument.Parse(content).RootElement;
    }
}
