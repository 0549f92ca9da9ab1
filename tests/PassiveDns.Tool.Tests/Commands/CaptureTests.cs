using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace PassiveDns.Tool.Tests.Commands;

/// <summary>The tool as a process of its own, with senders of dnstap and of PowerDNS messages: what it counts is what an import of the same octets counts, and it is in the store.</summary>
public class CaptureTests
{
    private const int Interrupted = 130;

    private static readonly byte[] s_ready = [0, 0, 0, 0, 0, 0, 0, 34, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 22, .. "protobuf:dnstap.Dnstap"u8];
    private static readonly byte[] s_finish = [0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 5];

    [Fact]
    public async Task Dnstap_over_a_socket_of_the_file_system()
    {
        using TemporaryDirectory directory = new();
        string socket = directory.At("tap.sock");
        await CompareAsync(directory, "dnstap", "resolver.dnstap", ["--dnstap-socket", socket], new UnixDomainSocketEndPoint(socket));
    }

    [Fact]
    public async Task Dnstap_over_TCP()
    {
        using TemporaryDirectory directory = new();
        IPEndPoint endPoint = FreeEndPoint();
        await CompareAsync(directory, "dnstap", "resolver.dnstap", ["--dnstap-listen", endPoint.ToString()], endPoint);
    }

    [Fact]
    public async Task Messages_of_a_PowerDNS_Recursor()
    {
        using TemporaryDirectory directory = new();
        IPEndPoint endPoint = FreeEndPoint();
        await CompareAsync(directory, "powerdns", "recursor-outgoing", ["--pdns-protobuf", endPoint.ToString()], endPoint);
    }

    [Theory]
    [InlineData("--pdns-protobuf", "localhost")]
    [InlineData("--dnstap-listen", "127.0.0.1")]
    public async Task An_address_without_a_port_is_wrong_use(string option, string value)
    {
        using TemporaryDirectory directory = new();
        ToolRun run = await ToolRun.InProcessAsync("capture", option, value, "--store", directory.At("store"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(option, run.Error, StringComparison.Ordinal);
    }

    private static async Task CompareAsync(TemporaryDirectory directory, string kind, string name, string[] listen, EndPoint endPoint)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs UNIX sockets and signals");
        string file = Path.Combine(Files.Repository, "tests", "PassiveDns.Fuzz", "Corpus", kind, name);
        ToolRun import = await ToolRun.InProcessAsync("import", file, "--store", directory.At("import"), "--json");
        Assert.True(import.ExitCode == 0, import.Error);

        using Process tool = ToolRun.Start(["capture", .. listen, "--store", directory.At("store"), "--json"]);
        Task<string> output = tool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = tool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await SendAsync(tool, endPoint, File.ReadAllBytes(file), hasHandshake: kind == "dnstap");
        using (Process kill = Process.Start("kill", ["-TERM", tool.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(tool.ExitCode == Interrupted, await error);

        JsonElement captured = JsonDocument.Parse(await output).RootElement;
        Assert.Equal(Account(import.Json[0]), Account(captured));
        Assert.Contains(Account(captured), line => line is { Stage: "messages", Fate: "observed", Count: > 0 });
        string[] rows = (await ToolRun.InProcessAsync("export", "--store", directory.At("store"), "--provenance", "all")).Lines;
        Assert.Equal((await ToolRun.InProcessAsync("export", "--store", directory.At("import"), "--provenance", "all")).Lines, rows);
    }

    /// <summary>Sends all of it and waits until the tool has read all of it.</summary>
    private static async Task SendAsync(Process tool, EndPoint endPoint, byte[] octets, bool hasHandshake)
    {
        using Socket socket = await ConnectAsync(tool, endPoint);
        if (hasHandshake)
        {
            await socket.SendAsync(s_ready, TestContext.Current.CancellationToken);
            byte[] accept = new byte[s_ready.Length];
            await ReceiveAsync(socket, accept);
            await SendAllAsync(socket, octets);
            byte[] finish = new byte[s_finish.Length];
            Assert.Equal(finish.Length, await ReceiveAsync(socket, finish));
            Assert.Equal(s_finish, finish);
            return;
        }

        await SendAllAsync(socket, octets);
        socket.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await ReceiveAsync(socket, new byte[1])); // it has met the end and closed
    }

    private static async Task<Socket> ConnectAsync(Process tool, EndPoint endPoint)
    {
        while (true)
        {
            Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
                return socket;
            }
            catch (SocketException) when (!tool.HasExited)
            {
                socket.Dispose(); // it does not listen yet
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> octets)
    {
        while (!octets.IsEmpty) octets = octets[await socket.SendAsync(octets, TestContext.Current.CancellationToken)..];
    }

    private static async Task<int> ReceiveAsync(Socket socket, byte[] octets)
    {
        int received = 0;
        while (received < octets.Length && await socket.ReceiveAsync(octets.AsMemory(received), TestContext.Current.CancellationToken) is > 0 and int more) received += more;
        return received;
    }

    private static List<(string? Stage, string? Fate, long Count)> Account(JsonElement run) => [.. run.GetProperty("account").EnumerateArray()
        .Select(line => (line.GetProperty("stage").GetString(), line.GetProperty("fate").GetString(), line.GetProperty("count").GetInt64()))
        .Where(line => line.Item1 is "packets" or "messages" or "queries" or "responses" or "rrsets" or "records").Order()];

    private static IPEndPoint FreeEndPoint()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
