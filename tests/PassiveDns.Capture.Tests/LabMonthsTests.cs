using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace PassiveDns.Capture.Tests;

/// <summary>A recorded world with ground truth: real resolvers and servers, clients in the same capture, and an attacker beside them.</summary>
public class LabMonthsTests
{
    // Responses to one query that differ: the forger before, and the forger after the genuine one; two of each kind with their genuine twins.
    private const int Contested = 4;

    private static readonly string[] s_besideTheResolver = ["spoof", "unsolicited", "injected"];

    [Theory]
    [InlineData("r1", 15_957, 5)]
    [InlineData("r2", 16_678, 4)]
    public void Only_what_servers_told_the_resolver_comes_out(string sensor, int leastObserved, int badChecksums)
    {
        CaptureRun run = CaptureRun.Read(Corpus.RequireShared($"lab-months/{sensor}.pcap.gz"), Vantage());
        JsonElement truth = Truth();
        HashSet<string> servers = [.. truth.GetProperty("infrastructure").GetProperty("instances").EnumerateObject()
            .SelectMany(i => i.Value.GetProperty("v4").EnumerateArray().Concat(i.Value.GetProperty("v6").EnumerateArray()))
            .Select(a => IPAddress.Parse(a.GetString()!).ToString())];
        Assert.All(run.Observed, o => Assert.Contains(o.Server.ToString(), servers));
        Assert.True(run.Observed.Count >= leastObserved, $"{run.Observed.Count} observed");
        Assert.Equal(badChecksums, run.Count("packets", "checksum-incorrect"));
        Assert.Equal(Contested, run.Count("messages", "contested"));
    }

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    public void Nothing_that_only_clients_were_told_comes_out(string sensor)
    {
        CaptureRun run = CaptureRun.Read(Corpus.RequireShared($"lab-months/{sensor}.pcap.gz"), Vantage());
        JsonElement clientSide = Truth().GetProperty("client_side_only");
        HashSet<DomainName> local = [.. clientSide.GetProperty("local_data").EnumerateArray().Select(row => DomainName.Parse(row[0].GetString()!))];
        DomainName forwarded = DomainName.Parse(clientSide.GetProperty("forwarded_zone").GetString()!);
        foreach (ObservedResponse observed in run.Observed)
        {
            DnsReader reader = new(observed.Octets);
            Assert.False(reader.Header.RecursionDesired);
            Assert.False(reader.Header.RecursionAvailable);
            while (reader.Read())
            {
                // A resolver asks the servers above about local names too, but nobody there has data for them.
                DomainName owner = reader.Name.ToDomainName();
                if (reader.Section != DnsSection.Question) Assert.DoesNotContain(owner, local);
                if (sensor == "r2" && reader.Section == DnsSection.Answer) Assert.False(owner.IsAtOrUnder(forwarded), "the forwarder's zone");
            }
        }
    }

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    public void Nothing_that_was_injected_comes_out(string sensor)
    {
        CaptureRun run = CaptureRun.Read(Corpus.RequireShared($"lab-months/{sensor}.pcap.gz"), Vantage());
        HashSet<string> injected = [];
        foreach (JsonElement poison in Truth().GetProperty("poison").EnumerateArray())
        {
            string category = poison.GetProperty("category").GetString()!;
            if (!s_besideTheResolver.Any(kind => category.StartsWith(kind, StringComparison.Ordinal))) continue; // a server's own lies
            foreach (JsonElement rdata in poison.GetProperty("rdata").EnumerateArray())
            {
                if (IPAddress.TryParse(rdata.GetString(), out IPAddress? address)) injected.Add(Convert.ToHexString(address.GetAddressBytes()));
            }
        }

        Assert.NotEmpty(injected);
        foreach (ObservedResponse observed in run.Observed)
        {
            DnsReader reader = new(observed.Octets);
            while (reader.Read())
            {
                if (reader.Type is RecordType.A or RecordType.AAAA) Assert.DoesNotContain(Convert.ToHexString(reader.Data), injected);
            }
        }
    }

    private static VantageOptions Vantage() => Decoding.Vantage(File.ReadAllLines(Corpus.RequireShared("lab-months/resolvers")));

    private static JsonElement Truth()
    {
        using GZipStream content = new(File.OpenRead(Corpus.RequireShared("lab-months/truth.json.gz")), CompressionMode.Decompress);
        using StreamReader text = new(content, Encoding.UTF8);
        return JsonDocument.Parse(text.ReadToEnd()).RootElement;
    }
}
