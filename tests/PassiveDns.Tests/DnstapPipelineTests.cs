using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Storage.Memory;

namespace PassiveDns.Tests;

/// <summary>DNS servers that send dnstap to a pipeline.</summary>
public sealed class DnstapPipelineTests
{
    private const int Responses = 6000;

    [Fact]
    public async Task A_slow_store_holds_the_sender_back_and_nothing_is_lost()
    {
        await using DnstapSocketSource source = DnstapSocketSource.ListenTcp(new(IPAddress.Loopback, 0), options: new() { QueueOctets = 1 << 20 });
        await using MemoryObservationStore inner = new();
        int writes = 0;
        TappedStore slow = new(inner, _ =>
        {
            writes++;
            Thread.Sleep(5);
        });
        PassiveDnsPipeline pipeline = new(source, new ResponseAggregator(new() { Sensor = new("tap"), MemoryBudget = 1 << 20, MaxRowsPerBatch = 50 }), slow);
        using CancellationTokenSource stop = new();
        Task<PipelineReport> run = pipeline.RunAsync(stop: stop.Token);
        await SendAsync((IPEndPoint)source.LocalEndPoint, Responses);
        await stop.CancelAsync();
        PipelineReport report = await run.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Empty(report.FindImbalances());
        Assert.Equal(Responses, report.Observed);
        Assert.Equal(Responses, report.Aggregation.Responses);
        Assert.True(writes > 20, $"{writes} writes");
        Assert.DoesNotContain(report.Account, line => line.Fate is "held" or "dropped-queue-full");
    }

    [Fact]
    public async Task A_host_listens_without_configured_resolvers_and_drains_when_it_is_stopped()
    {
        string path = Path.Combine(Path.GetTempPath(), $"pdns-{Guid.NewGuid():N}.sock");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddPassiveDns().AddDnstapSocket(path).AddDnstapListener(new(IPAddress.Loopback, 0)).AddPowerDnsListener(new(IPAddress.Loopback, 0)).UseMemoryStore();
        using IHost host = builder.Build();
        await host.StartAsync();
        for (int i = 0; !File.Exists(path) && i < 500; i++) await Task.Delay(20);
        await SendAsync(new UnixDomainSocketEndPoint(path), 100);
        await host.StopAsync();
        PipelineReport report = await host.Services.GetRequiredService<PipelineRun>().Completion;
        Assert.Equal(100, report.Observed);
        Assert.Empty(report.FindImbalances());
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Options_bind_from_configuration()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["PassiveDns:DnstapListener:MaxConnections"] = "7",
            ["PassiveDns:DnstapListener:WhenFull"] = "DropNewest",
            ["PassiveDns:DnstapListener:SocketMode"] = "UserRead, UserWrite",
            ["PassiveDns:Vantage:Dnstap:Pairing"] = "Always",
            ["PassiveDns:Vantage:Dnstap:AuthoritativeServers:0"] = "ns1.example.net",
            ["PassiveDns:Vantage:Dnstap:AuthoritativeZones:0"] = "example.net",
        });
        builder.Services.AddPassiveDns().UseMemoryStore();
        builder.Services.Configure<PassiveDnsOptions>(builder.Configuration.GetSection("PassiveDns"));
        using IHost host = builder.Build();
        PassiveDnsOptions options = host.Services.GetRequiredService<IOptions<PassiveDnsOptions>>().Value;
        Assert.Equal((7, DnstapQueuePolicy.DropNewest), (options.DnstapListener.MaxConnections, options.DnstapListener.WhenFull));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, options.DnstapListener.SocketMode);
        Assert.Equal(DnstapPairing.Always, options.Vantage.Dnstap.Pairing);
        Assert.Equal(["ns1.example.net"], options.Vantage.Dnstap.AuthoritativeServers);
        Assert.Equal(["example.net"], options.Vantage.Dnstap.AuthoritativeZones);
    }

    private static async Task SendAsync(EndPoint endPoint, int responses)
    {
        using Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(endPoint);
        await WriteAsync(socket, Control(2));
        for (int i = 0; i < responses; i++) await WriteAsync(socket, Response(i));
        await WriteAsync(socket, Control(3));
        socket.Shutdown(SocketShutdown.Send);
        byte[] rest = new byte[1];
        await socket.ReceiveAsync(rest); // the listener closes when it has read the STOP
    }

    private static async Task WriteAsync(Socket socket, byte[] octets)
    {
        for (int sent = 0; sent < octets.Length;) sent += await socket.SendAsync(octets.AsMemory(sent));
    }

    private static byte[] Control(byte type) => [0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, type];

    // RESOLVER_RESPONSE: an A record at a name of its own below example.
    private static byte[] Response(int number)
    {
        string label = $"n{number:D5}";
        byte[] dns = [(byte)(number >> 8), (byte)number, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0, 6, .. label.Select(c => (byte)c), 7, .. "example"u8, 0, 0, 1, 0, 1,
            0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 1];
        byte[] message = [0x08, 4, 0x2A, 4, 198, 51, 100, 1, 0x5A, 9, 7, .. "example"u8, 0, 0x60, 0x80, 0xE2, 0xCF, 0xAA, 6, 0x72, (byte)dns.Length, .. dns];
        byte[] frame = [0x72, (byte)message.Length, .. message, 0x78, 1];
        byte[] octets = [0, 0, 0, 0, .. frame];
        BinaryPrimitives.WriteInt32BigEndian(octets, frame.Length);
        return octets;
    }
}
