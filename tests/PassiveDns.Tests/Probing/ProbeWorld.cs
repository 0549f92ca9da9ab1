using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests.Probing;

/// <summary>A root, two top-level domains and some zones on three knotd of Debian at addresses of the loopback network, until it is disposed of.</summary>
public sealed class ProbeWorld : IAsyncLifetime
{
    public const string Root = "127.0.71.1", Tld = "127.0.71.2", Leaf = "127.0.71.3", Silent = "127.0.71.4", Spoofed = "127.0.71.5", Lower = "127.0.71.6";

    private const string Soa = "@ 3600 SOA ns host 1 7200 3600 86400 300\n";
    private const string Program = "/usr/sbin/knotd";

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _servers = [];

    public static bool IsPossible => OperatingSystem.IsLinux() && File.Exists(Program);

    public int Port { get; } = FreePort();

    public RootHints Hints { get; } = RootHints.Parse(new StringReader($". 3600 NS a.root.\na.root. 3600 A {Root}\n"));

    public async ValueTask InitializeAsync()
    {
        if (!IsPossible) return;
        string big = string.Join(' ', Enumerable.Range(0, 8).Select(i => $"\"{new string((char)('a' + i), 240)}\""));
        Start(Root, (".", $"{Soa}@ 3600 NS a.root.\na.root. 3600 A {Root}\ntest. 3600 NS ns.nic.test.\nns.nic.test. 3600 A {Tld}\nother. 3600 NS ns.nic.other.\nns.nic.other. 3600 A {Tld}\n"));
        Start(
            Tld,
            ("test", $"""
                {Soa}@ 3600 NS ns.nic
                ns.nic 3600 A {Tld}
                shop 3600 NS ns1.shop
                ns1.shop 3600 A {Leaf}
                far 3600 NS ns.far.other.
                loop1 3600 NS ns.loop2.other.
                lame 3600 NS ns.nic
                silent 3600 NS ns.silent
                ns.silent 3600 A {Silent}
                spoof 3600 NS ns.spoof
                ns.spoof 3600 A {Spoofed}
                lower 3600 NS ns.lower
                ns.lower 3600 A {Lower}

                """),
            ("other", $"{Soa}@ 3600 NS ns.nic\nns.nic 3600 A {Tld}\nns.far 3600 A {Leaf}\nloop2 3600 NS ns.loop1.test.\n"));
        Start(
            Leaf,
            ("shop.test", $"{Soa}@ 3600 NS ns1\nns1 3600 A {Leaf}\nwww 300 A 192.0.2.80\nbig 300 TXT {big}\nalias 300 CNAME www\nabroad 300 CNAME www.far.test.\n"),
            ("far.test", $"{Soa}@ 3600 NS ns.far.other.\nwww 300 A 192.0.2.81\n"));
        foreach (string address in (string[])[Root, Tld, Leaf]) await ListensAsync(address);
    }

    /// <summary>Asks each name once.</summary>
    public async Task<(PipelineReport Report, List<Observation> Rows)> ProbeAsync(params string[] names)
    {
        Assert.SkipUnless(IsPossible, "knotd of Debian's package knot is not here");
        ProbeOptions options = new() { Port = Port, Duration = TimeSpan.Zero, ServerQuestionsPerSecond = 1000, TotalQuestionsPerSecond = 10_000, Timeout = TimeSpan.FromSeconds(2) };
        foreach (HostAddress server in Hints.RootServers) options.RootServers.Add(server);
        foreach (string name in names) options.Names.Add(name);
        await using ProbeSource source = new(options);
        await using MemoryObservationStore store = new();
        AggregationOptions aggregation = new() { Sensor = new("probe"), Epoch = 1, RootHints = Hints };
        PipelineReport report = await new PassiveDnsPipeline(source, new ResponseAggregator(aggregation), store).RunAsync(stop: TestContext.Current.CancellationToken);
        Assert.Empty(report.FindImbalances());
        return (report, await RowsAsync(store));
    }

    /// <summary>All rows, of whatever provenance.</summary>
    public static async Task<List<Observation>> RowsAsync(IObservationReader store)
    {
        List<Observation> rows = [];
        ObservationQuery everything = new(new QueryAnchor.Everything()) { Provenance = ProvenanceSelection.All };
        await foreach (Observation row in store.FindAsync(everything, TestContext.Current.CancellationToken)) rows.Add(row);
        return rows;
    }

    public ValueTask DisposeAsync()
    {
        foreach (Process server in _servers)
        {
            if (!server.HasExited) server.Kill();
            server.WaitForExit();
            server.Dispose();
        }

        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Start(string address, params (string Zone, string Text)[] zones)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder.FullPath, address)).FullName;
        StringBuilder configuration = new($"""
            server:
                rundir: {folder}
                listen: {address}@{Port}
                udp-workers: 1
                tcp-workers: 1
                background-workers: 1
            database:
                storage: {folder}
            template:
              - id: default
                storage: {folder}
                semantic-checks: off
                journal-content: none
                zonefile-sync: -1
            zone:

            """);
        foreach ((string zone, string text) in zones)
        {
            string file = Path.Combine(folder, zone == "." ? "root.zone" : zone + ".zone");
            File.WriteAllText(file, $"$ORIGIN {(zone == "." ? "." : zone + ".")}\n{text}");
            configuration.Append(System.Globalization.CultureInfo.InvariantCulture, $"  - domain: {(zone == "." ? "." : zone + ".")}\n    file: {file}\n");
        }

        string path = Path.Combine(folder, "knot.conf");
        File.WriteAllText(path, configuration.ToString());
        ProcessStartInfo start = new(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(path);
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _servers.Add(process);
    }

    private async Task ListensAsync(string address)
    {
        for (int attempt = 0; attempt < 600; attempt++)
        {
            using TcpClient client = new();
            try
            {
                await client.ConnectAsync(address, Port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }

        throw new InvalidOperationException($"knotd does not listen on {address}, port {Port}.");
    }

    private static int FreePort()
    {
        using UdpClient socket = new(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }
}
