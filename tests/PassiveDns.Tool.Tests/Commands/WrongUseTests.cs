namespace PassiveDns.Tool.Tests.Commands;

public class WrongUseTests
{
    private const string Store = "no-such-store";

    public static TheoryData<string[], string> WrongCommandLines() => new()
    {
        { [], "--help" },
        { ["frobnicate"], "'frobnicate'" },
        { ["lookup", "www.example.com", "--frobnicate"], "'--frobnicate'" },
        { ["lookup"], "lookup" },
        { ["lookup", "www.example.com"], "PDNS_STORE" },
        { ["stats"], "PDNS_STORE" },
        { ["export"], "PDNS_STORE" },
        { ["import", "some.pcap"], "PDNS_STORE" },
        { ["import", "--store", Store], "import" },
        { ["lookup", "a..b", "--store", Store], "'a..b'" },
        { ["lookup", "www.*.example", "--store", Store], "'www.*.example'" },
        { ["lookup", "*.www.*", "--store", Store], "'*.www.*'" },
        { ["lookup", new string('a', 64) + ".example", "--store", Store], "63 octets" },
        { ["lookup", "www.example.com", "--type", "FROB", "--store", Store], "'FROB'" },
        { ["lookup", "www.example.com", "--type", "TYPE65536", "--store", Store], "'TYPE65536'" },
        { ["lookup", "www.example.com", "--type", "A", "--type", "", "--store", Store], "--type" },
        { ["lookup", "www.example.com", "--type", "A", "--all-types", "--store", Store], "--all-types" },
        { ["lookup", "www.example.com", "--limit", "abc", "--store", Store], "--limit: 'abc' is no whole number" },
        { ["lookup", "www.example.com", "--type", "RRSIG,ANY", "--store", Store], "'RRSIG,ANY'" },
        { ["names", "--ip", "192.0.2.1", "--all-types", "--store", Store], "'--all-types' is no command, option or argument here" },
        { ["lookup", "www.example.com", "--limit", "-1", "--store", Store], "--limit" },
        { ["lookup", "www.example.com", "--limit", "many", "--store", Store], "--limit" },
        { ["lookup", "www.example.com", "--from", "yesterday", "--store", Store], "'yesterday'" },
        { ["lookup", "www.example.com", "--to", "2026-02-30", "--store", Store], "'2026-02-30'" },
        { ["lookup", "www.example.com", "--from", "2026-02-02", "--to", "2026-02-01", "--store", Store], "--from" },
        { ["lookup", "www.example.com", "--provenance", "trusted,guessed", "--store", Store], "'guessed'" },
        { ["export", "--provenance", "", "--store", Store], "--provenance" },
        { ["names", "--store", Store], "--ip" },
        { ["names", "--ip", "192.0.2.1", "--ns", "ns1.example", "--store", Store], "exactly one" },
        { ["names", "--ip", "192.0.2.256", "--store", Store], "'192.0.2.256'" },
        { ["names", "--ip", "192.0.2.0/33", "--store", Store], "'192.0.2.0/33'" },
        { ["names", "--ip", "192.0.2.9-192.0.2.1", "--store", Store], "ends before" },
        { ["names", "--ip", "192.0.2.9-2001:db8::1", "--store", Store], "family" },
        { ["names", "--mx", "mx..example", "--store", Store], "'mx..example'" },
        { ["names", "--cname", "www.example.*", "--store", Store], "*.NAME" },
        { ["import", "some.pcap", "--resolver", "192.0.2.53/99", "--store", Store], "'192.0.2.53/99'" },
        { ["import", "some.pcap", "--sensor", "two words", "--store", Store], "'two words'" },
        { ["import", "some.pcap", "./some.pcap", "--store", Store], "twice" },
        { ["capture", "--interface", "eth0", "--store", Store], "no resolver" },
        { ["capture", "--resolver", "192.0.2.53", "--store", Store], "--interface" },
        { ["capture", "--interface", "eth0", "--interface", "eth0", "--resolver", "192.0.2.53", "--store", Store], "eth0 twice" },
        { ["capture", "--dnstap-listen", "somewhere", "--store", Store], "'somewhere' is no address with a port" },
        { ["capture", "--interface", "eth0", "--resolver", "192.0.2.53"], "PDNS_STORE" },
        { ["capture", "--interface", "eth0", "--resolver", "192.0.2.53", "--for", "soon", "--store", Store], "'soon'" },
        { ["capture", "--interface", "eth0", "--resolver", "192.0.2.53", "--window", "0s", "--store", Store], "'0s'" },
    };

    [Theory]
    [MemberData(nameof(WrongCommandLines))]
    public async Task A_wrong_command_line_is_told_in_one_line_that_names_the_fault(string[] arguments, string named)
    {
        ToolRun run = await ToolRun.InProcessAsync(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        string line = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("pdns: ", line);
        Assert.Contains(named, line);
        Assert.False(Path.Exists(Store));
    }

    [Theory]
    [InlineData("192.0.2.53\n# comment\n\n2001:db8::53/128 # behind\nresolver.example\n", ":5:", "'resolver.example'")]
    [InlineData("192.0.2.53/40\n", ":1:", "'192.0.2.53/40'")]
    [InlineData("192.0.2.53 192.0.2.54\n", ":1:", "'192.0.2.53 192.0.2.54'")]
    [InlineData("\u001b[2Jevil\n", ":1:", "'?[2Jevil'")]
    [InlineData("# nothing\n", "", "lists no resolver")]
    public async Task A_bad_line_of_a_resolver_file_is_named(string content, string place, string named)
    {
        using TemporaryDirectory directory = new();
        string file = directory.Write("resolvers", content);
        ToolRun run = await ToolRun.InProcessAsync("import", Files.Sample("sample.pcapng"), "--resolvers", file, "--store", directory.At("store"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(file + place, Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains(named, run.Error);
        Assert.False(Path.Exists(directory.At("store")));
    }

    [Fact]
    public async Task A_bad_line_of_root_hints_is_named()
    {
        using TemporaryDirectory directory = new();
        string file = directory.Write("hints", ". 3600000 NS a.root.example.\na.root.example. 3600000 A 192.0.2.999\n");
        ToolRun run = await ToolRun.InProcessAsync("import", Files.Sample("sample.pcapng"), "--root-hints", file, "--store", directory.At("store"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(file, Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.False(Path.Exists(directory.At("store")));
    }

    [Fact]
    public async Task Every_verb_explains_itself_with_examples_and_answers_machines()
    {
        string help = (await ToolRun.InProcessAsync("--help")).Output;
        string[] verbs = [.. help[help.IndexOf("Commands:", StringComparison.Ordinal)..help.IndexOf("Examples:", StringComparison.Ordinal)].Split('\n')
            .Skip(1).Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0])];
        Assert.True(verbs.Length > 20, string.Join(' ', verbs));
        foreach (string verb in verbs)
        {
            ToolRun run = await ToolRun.InProcessAsync(verb, "--help");
            Assert.Equal(0, run.ExitCode);
            Assert.Contains("Exit codes:", run.Output);
            Assert.True(run.Output.Contains($"  pdns {verb} ", StringComparison.Ordinal), $"{verb} has no example");
            if (verb is not ("export" or "completion" or "quarantine")) Assert.Contains("--json", run.Output); // these write what machines read, and nothing else
        }

        foreach (string verb in (string[])["list", "release"]) Assert.Contains("--json", (await ToolRun.InProcessAsync("quarantine", verb, "--help")).Output);
    }

    [Fact]
    public async Task The_version_is_told()
    {
        ToolRun run = await ToolRun.ChildAsync("--version");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^pdns \d+\.\d+\.\d+", run.Output);
    }
}
