// Observes traffic that reaches the program in a way of its own: mirrored frames in VXLAN. The source is VxlanSource.cs; this program makes a
// host around it, plays the mirror itself, and prints what was observed and what became of the rest.
//
//     dotnet run --project samples/CustomSource

using System.Net;
using System.Net.Sockets;
using CustomSource;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PassiveDns;
using PassiveDns.Capture;
using PassiveDns.Storage;

UdpClient mirror = new(new IPEndPoint(IPAddress.Loopback, 0)); // in earnest: IPAddress.Any and port 4789
IPEndPoint here = (IPEndPoint)mirror.Client.LocalEndPoint!;

HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services
    .AddPassiveDns(options => options.Resolvers.Add("203.0.113.53"))
    .AddCaptureSource(services => new VxlanSource(mirror, services.GetRequiredService<VantageOptions>()))
    .UseMemoryStore();

using IHost host = builder.Build();
await host.StartAsync();
PipelineRun run = host.Services.GetRequiredService<PipelineRun>();

const string Resolver = "203.0.113.53", Client = "10.0.0.7", Root = "198.41.0.4", Example = "192.0.2.1";
byte[][] frames =
[
    // the root refers the resolver to the servers of example.
    Frames.Mirrored(Resolver, 40001, Root, 53, Frames.Question(1, "www.example", RecordType.A)),
    Frames.Mirrored(Root, 53, Resolver, 40001, Frames.Answer(1, "www.example", RecordType.A, authoritative: false)
        .Record(DnsSection.Authority, DomainName.Parse("example"), RecordType.NS, 172800, "ns1.example.")
        .Record(DnsSection.Additional, DomainName.Parse("ns1.example"), RecordType.A, 172800, Example)),

    // one of them answers
    Frames.Mirrored(Resolver, 40002, Example, 53, Frames.Question(2, "www.example", RecordType.A)),
    Frames.Mirrored(Example, 53, Resolver, 40002, Frames.Answer(2, "www.example", RecordType.A, authoritative: true)
        .Record(DnsSection.Answer, DomainName.Parse("www.example"), RecordType.A, 300, "192.0.2.80")),

    // somebody asks the resolver: none of our business, and never stored
    Frames.Mirrored(Client, 40003, Resolver, 53, Frames.Question(3, "private.example", RecordType.A, recursionDesired: true)),
];
using UdpClient sender = new();
foreach (byte[] frame in frames) await sender.SendAsync(frame, here);
while (run.GetReport() is not { } report || report.Sources[0].Capture.Packets < frames.Length) await Task.Delay(10);

await host.StopAsync(); // what is held back is observed, what is summed is written
PipelineReport account = await run.Completion;
await foreach (Observation row in host.Services.GetRequiredService<IObservationReader>().FindAsync(new ObservationQuery(new QueryAnchor.Everything())))
{
    Console.WriteLine($"{row.RrName} {row.Type} {string.Join(", ", row.Rdata)} in the zone {row.Bailiwick}, {row.Provenance}");
}

foreach (StageCount line in account.Account.Where(line => line.Stage is "packets" or "messages")) Console.WriteLine($"{line.Count} {line.Stage}: {line.Fate}");
