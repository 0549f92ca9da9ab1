using System.Text;
using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

/// <summary>The import's account and its rows against what tshark and dnspython find in the same capture (samples/capture/expected.json).</summary>
public class SampleAccountTests(SampleStore sample) : IClassFixture<SampleStore>
{
    private static readonly JsonElement s_expected = JsonDocument.Parse(File.ReadAllBytes(Files.Sample("expected.json"))).RootElement;

    [Fact]
    public void The_account_agrees_with_tshark_and_is_conserved()
    {
        JsonElement account = Assert.Single(sample.Import.Json);
        ImportAccount.AssertConserved(account);
        JsonElement messages = s_expected.GetProperty("messages");
        JsonElement responses = s_expected.GetProperty("upstream_responses");
        Assert.Equal(s_expected.GetProperty("packets").GetProperty("total").GetInt64(), account.GetProperty("packets").GetInt64());
        Assert.Equal(responses.GetProperty("total").GetInt64(), ImportAccount.Line(account, "messages", "observed"));
        Assert.Equal(Sum(messages.GetProperty("upstream").GetProperty("queries")), ImportAccount.Line(account, "messages", "query"));
        Assert.Equal(responses.GetProperty("truncated").GetInt64(), ImportAccount.Line(account, "responses", "truncated"));
        Assert.Equal(responses.GetProperty("by_rcode").GetProperty("REFUSED").GetInt64(), ImportAccount.Line(account, "responses", "rcode-refused"));
        long refused = account.GetProperty("account").EnumerateArray().Where(line => line.GetProperty("fate").GetString()!.StartsWith("refused-", StringComparison.Ordinal))
            .Sum(line => line.GetProperty("count").GetInt64());
        Assert.Equal(Sum(messages.GetProperty("client_side").GetProperty("queries")) + Sum(messages.GetProperty("client_side").GetProperty("responses")), refused);
    }

    [Fact]
    public async Task The_summary_for_people_says_the_same_and_adds_up()
    {
        using TemporaryDirectory directory = new();
        ToolRun run = await ToolRun.InProcessAsync(ToolRun.ImportSample(directory.At("store")));
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        string[] equations = [.. run.Lines.Where(line => line.Contains(" = "))];
        Assert.Contains(equations, line => line.StartsWith("1,439 packets = ", StringComparison.Ordinal));
        Assert.True(equations.Length >= 6);
        foreach (string equation in equations)
        {
            string[] sides = equation.Split(" = ");
            Assert.Equal(Number(sides[0]), sides[1].Split(" + ").Sum(Number));
        }

        Assert.Contains("balanced", run.Output);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task Every_exported_record_was_found_by_dnspython_too_and_no_answer_is_missing()
    {
        ToolRun run = await sample.AskAsync("export", "--wire");
        HashSet<(string, string, string)> exported = [.. run.Json.SelectMany(Records)];
        HashSet<(string, string, string)> answers = [.. Expected("answer")];
        HashSet<(string, string, string)> all = [.. answers, .. Expected("authority"), .. Expected("additional")];
        Assert.Empty(exported.Except(all));
        Assert.Empty(answers.Except(exported));
        Assert.True(run.Json.Length > 200);
    }

    [Fact]
    public async Task No_address_of_a_client_or_of_the_resolver_is_in_any_output_or_in_the_store()
    {
        StringBuilder everything = new(sample.Import.Output + sample.Import.Error);
        foreach (string question in (string[])["export --provenance all --wire", "stats --json", "stats", "lookup *.", "lookup *.. --all-types --provenance all"])
        {
            ToolRun run = await sample.AskAsync(question.Split(' '));
            everything.Append(run.Output).Append(run.Error);
        }

        using TemporaryDirectory directory = new();
        everything.Append((await ToolRun.InProcessAsync(ToolRun.ImportSample(directory.At("store")))).Output);
        string text = everything.ToString();
        string[] addresses = ["203.0.113.53", "2001:db8:53::53", "10.53.0.11", "10.53.0.12", "10.53.0.14", "10.53.0.53", "fd53::13", "fd53::53"];
        foreach (string address in addresses)
        {
            Assert.DoesNotContain(address, text, StringComparison.OrdinalIgnoreCase);
            byte[] octets = System.Net.IPAddress.Parse(address).GetAddressBytes();
            Assert.DoesNotContain(Convert.ToHexStringLower(octets), text);
            foreach (string file in Directory.EnumerateFiles(sample.Store))
            {
                using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                byte[] content = new byte[stream.Length];
                stream.ReadExactly(content);
                Assert.True(content.AsSpan().IndexOf(octets) < 0, $"{address} stands in {file}");
                Assert.True(content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(address)) < 0, $"{address} stands in {file} as text");
            }
        }
    }

    private static long Sum(JsonElement transports) => transports.EnumerateObject().Sum(transport => transport.Value.GetInt64());

    private static long Number(string text) => long.Parse(text.Trim().Split(' ')[0].Replace(",", ""));

    private static IEnumerable<(string, string, string)> Records(JsonElement row)
    {
        string type = row.GetProperty("rrtype").ValueKind == JsonValueKind.Number ? "TYPE" + row.GetProperty("rrtype") : row.GetProperty("rrtype").ToString();
        Assert.Equal(row.GetProperty("rdata").GetArrayLength(), row.GetProperty("rdata_wire").GetArrayLength());
        string name = row.GetProperty("rrname").GetString()!;
        foreach (JsonElement wire in row.GetProperty("rdata_wire").EnumerateArray()) yield return (DomainName.Parse(name).ToString(), type, wire.GetString()!);
    }

    private static IEnumerable<(string, string, string)> Expected(string section) => s_expected.GetProperty(section).EnumerateArray()
        .Select(row => (DomainName.Parse(row.GetProperty("name").GetString()!).ToString(), row.GetProperty("type").GetString()!, row.GetProperty("wire").GetString()!));
}
