using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PassiveDns.Capture.Live.Tests;

/// <summary>A real authority asked by a real client, heard by the tool as its users start it.</summary>
[Collection("network")]
public sealed class AuthorityTests
{
    private const int Names = 40;

    [Fact]
    public async Task Pdns_capture_stores_what_nsd_answered()
    {
        string? nsd = new[] { "/usr/sbin/nsd" }.FirstOrDefault(File.Exists);
        string? dig = new[] { "/usr/bin/dig" }.FirstOrDefault(File.Exists);
        Assert.SkipUnless(nsd is not null && dig is not null, "nsd or dig is not installed");
        using NetworkPair hosts = NetworkPair.MakeOrSkip();
        string folder = Directory.CreateTempSubdirectory("pdns-live-").FullName;
        using Process server = StartServer(hosts, nsd, folder);
        try
        {
            using Process pdns = NetworkPair.Start(hosts.ResolverHost, "dotnet", Path.Combine(AppContext.BaseDirectory, "pdns.dll"), "capture",
                "--interface", NetworkPair.ResolverInterface, "--resolver", NetworkPair.Resolver.ToString(), "--no-checksums", "--root-hints", Path.Combine(folder, "hints"),
                "--store", Path.Combine(folder, "store"), "--sensor", "live", "--json");
            await Task.WhenAny(WaitForAnswerAsync(hosts, dig), Task.Delay(TimeSpan.FromSeconds(30)));
            await WaitForStoreAsync(pdns, Path.Combine(folder, "store"));
            int asked = 0;
            for (int i = 0; i < Names; i++) asked += await DigAsync(hosts, dig, $"n{i}.example", i % 4 == 3 ? "+tcp" : "+notcp");
            Assert.Equal(Names, asked);

            NetworkPair.Interrupt(pdns);
            string output = await pdns.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            string error = await pdns.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await pdns.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(pdns.ExitCode == 130, error);
            JsonElement account = JsonDocument.Parse(output).RootElement;
            Assert.Empty(account.GetProperty("imbalances").EnumerateArray());
            Assert.InRange(account.GetProperty("responses").GetInt64(), Names, Names + 40); // and those from while the server started

            using Process export = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pdns.dll"), "export", "--provenance", "all", "--store", Path.Combine(folder, "store")]) { RedirectStandardOutput = true })!;
            string rows = await export.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            for (int i = 0; i < Names; i++) Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"203.0.113.{i}"), rows, StringComparison.Ordinal);
            Assert.DoesNotContain(NetworkPair.Resolver.ToString(), rows + output + error, StringComparison.Ordinal);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    // The root and the zone on one server, which the hints name, so that what it says can be verified.
    private static Process StartServer(NetworkPair hosts, string nsd, string folder)
    {
        File.WriteAllText(Path.Combine(folder, "root.zone"), $"""
            . 3600 SOA a.root. admin.root. 1 3600 600 86400 60
            . 3600 NS a.root.
            a.root. 3600 A {NetworkPair.Server}
            example. 3600 NS ns.example.
            ns.example. 3600 A {NetworkPair.Server}

            """);
        File.WriteAllText(Path.Combine(folder, "hints"), $"""
            . 3600 NS a.root.
            a.root. 3600 A {NetworkPair.Server}

            """);
        File.WriteAllText(Path.Combine(folder, "example.zone"), $"""
            example. 3600 SOA ns.example. admin.example. 1 3600 600 86400 60
            example. 3600 NS ns.example.
            ns.example. 3600 A {NetworkPair.Server}
            {string.Join('\n', Enumerable.Range(0, Names).Select(i => $"n{i}.example. 3600 A 203.0.113.{i}"))}

            """);
        File.WriteAllText(Path.Combine(folder, "nsd.conf"), $"""
            server:
              ip-address: {NetworkPair.Server}
              username: ""
              chroot: ""
              zonesdir: "{folder}"
              database: ""
              pidfile: ""
              zonelistfile: "{folder}/zone.list"
              xfrdfile: "{folder}/xfrd.state"
              server-count: 1
            remote-control:
              control-enable: no
            zone:
              name: "."
              zonefile: "root.zone"
            zone:
              name: "example"
              zonefile: "example.zone"

            """);
        return NetworkPair.Start(hosts.ServerHost, nsd, "-d", "-c", Path.Combine(folder, "nsd.conf"));
    }

    private static async Task WaitForAnswerAsync(NetworkPair hosts, string dig)
    {
        for (int i = 0; i < 40 && await DigAsync(hosts, dig, "n0.example", "+notcp") == 0; i++) await Task.Delay(250);
    }

    private static async Task WaitForStoreAsync(Process pdns, string store)
    {
        for (int i = 0; i < 240 && !pdns.HasExited && !File.Exists(Path.Combine(store, "MANIFEST")); i++) await Task.Delay(250);
        Assert.False(pdns.HasExited);
    }

    private static async Task<int> DigAsync(NetworkPair hosts, string dig, string name, string transport)
    {
        using Process process = NetworkPair.Start(hosts.ResolverHost, dig, "+norecurse", "+nocookie", "+time=2", "+tries=1", transport, "-b", NetworkPair.Resolver.ToString(), "@" + NetworkPair.Server, name, "A");
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 && output.Contains("status: NOERROR", StringComparison.Ordinal) ? 1 : 0;
    }
}
