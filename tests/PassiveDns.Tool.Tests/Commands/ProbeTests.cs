using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

/// <summary><c>pdns probe</c> against knotd of Debian, which serves a root and a zone below it on two addresses of the loopback network.</summary>
public sealed class ProbeTests : IAsyncLifetime
{
    private const string Program = "/usr/sbin/knotd", Root = "127.0.72.1", Leaf = "127.0.72.2";

    private readonly TemporaryDirectory _directory = new();
    private readonly int _port = FreePort();
    private Process? _server;

    private static bool IsPossible => OperatingSystem.IsLinux() && File.Exists(Program);

    public async ValueTask InitializeAsync()
    {
        if (!IsPossible) return;
        string folder = Directory.CreateDirectory(_directory.At("knot")).FullName;
        const string Soa = "@ 3600 SOA ns host 1 7200 3600 86400 300\n";
        File.WriteAllText(Path.Combine(folder, "root.zone"), $"$ORIGIN .\n{Soa}@ 3600 NS a.root.\na.root. 3600 A {Root}\nshop. 3600 NS ns1.shop.\nns1.shop. 3600 A {Leaf}\n");
        File.WriteAllText(Path.Combine(folder, "shop.zone"), $"$ORIGIN shop.\n{Soa}@ 3600 NS ns1\nns1 3600 A {Leaf}\nwww 300 A 192.0.2.80\n@ 300 MX 10 www\n");
        File.WriteAllText(_directory.At("hints"), $". 3600 NS a.root.\na.root. 3600 A {Root}\n");
        File.WriteAllText(Path.Combine(folder, "knot.conf"), $"""
            server:
                rundir: {folder}
                listen: [{Root}@{_port}, {Leaf}@{_port}]
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
              - domain: .
                file: {folder}/root.zone
              - domain: shop.
                file: {folder}/shop.zone
            """);
        _server = Process.Start(new ProcessStartInfo(Program, ["-c", Path.Combine(folder, "knot.conf")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        foreach (string address in (string[])[Root, Leaf])
        {
            while (true)
            {
                Assert.False(_server.HasExited, "knotd has ended");
                using TcpClient client = new();
                try
                {
                    await client.ConnectAsync(IPAddress.Parse(address), _port, TestContext.Current.CancellationToken);
                    break;
                }
                catch (SocketException)
                {
                    await Task.Delay(50, TestContext.Current.CancellationToken); // not up yet
                }
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false }) _server.Kill();
        _server?.WaitForExit();
        _server?.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_it_asks_for_is_in_the_store_as_a_probe_and_nowhere_else()
    {
        Assert.SkipUnless(IsPossible, "knotd of Debian's package knot is not here");
        string store = _directory.At("store"), list = _directory.At("list");
        File.WriteAllText(list, "# watched\nshop MX\n");
        ToolRun probe = await ToolRun.ChildAsync(
            "probe", "www.shop", "--watchlist", list, "--store", store, "--root-hints", _directory.At("hints"), "--port", $"{_port}", "--rate", "100", "--json");
        Assert.True(probe.ExitCode == 0, probe.Error + probe.Output);
        JsonElement account = probe.Json[0];
        Assert.True(account.GetProperty("complete").GetBoolean());
        Assert.True(account.GetProperty("observed").GetInt64() >= 2);

        ToolRun seen = await ToolRun.InProcessAsync("lookup", "*.shop", "--store", store, "--provenance", "probe", "--json");
        string[] rows = [.. seen.Json.Select(row => $"{row.GetProperty("rrname").GetString()} {row.GetProperty("rrtype").GetString()} {row.GetProperty("rdata")[0].GetString()}")];
        foreach (string row in (string[])["www.shop A 192.0.2.80", "shop MX 10 www.shop."]) Assert.Contains(row, rows);
        Assert.Equal(1, (await ToolRun.InProcessAsync("lookup", "*.shop", "--store", store)).ExitCode);
    }

    [Fact]
    public async Task Without_a_name_it_is_wrong_use()
    {
        ToolRun nothing = await ToolRun.InProcessAsync("probe", "--store", _directory.At("store"));
        Assert.Equal(2, nothing.ExitCode);
        Assert.Contains("no name", nothing.Error, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
