// A sensor: listens, keeps what authoritative servers answered in a store on disk, and tells what is new.
//
//     dotnet run --project samples/SensorToStore STORE RESOLVERS eth0                      listens to an interface (as root)
//     dotnet run --project samples/SensorToStore STORE RESOLVERS unix:/run/dnstap.sock     listens for a resolver's dnstap
//     dotnet run --project samples/SensorToStore STORE RESOLVERS capture.pcapng            reads a capture once
//
// RESOLVERS is a file with one address or network a line: only their traffic is observed, never their clients'. Ctrl-C ends it in order.

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PassiveDns;
using PassiveDns.Events;

if (args is not [string store, string resolvers, string source, .. string[] rest])
{
    Console.Error.WriteLine("usage: SensorToStore STORE RESOLVERS (INTERFACE | unix:SOCKET | FILE) [ROOT-HINTS]");
    return 2;
}

HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
PassiveDnsBuilder sensor = builder.Services
    .AddPassiveDns(options =>
    {
        options.Sensor = "sample-sensor";
        options.ResolversFile = resolvers;
        options.RootHintsFile = rest.FirstOrDefault();
        options.Window = TimeSpan.FromMinutes(1);
    })
    .AddEvents()
    .UseEmbeddedStore(store);
builder.Services.AddHealthChecks().AddPassiveDns();
if (source.StartsWith("unix:", StringComparison.Ordinal)) sensor.AddDnstapSocket(source["unix:".Length..]);
else if (File.Exists(source)) sensor.AddCaptureFile(source);
else sensor.AddLiveCapture(source);

using IHost host = builder.Build();
FeedSubscription news = host.Services.GetRequiredService<ObservationFeed>().Subscribe(new() { Kinds = ObservationEventKinds.NewDomain | ObservationEventKinds.DelegationChanged });
Task telling = TellAsync();
await host.StartAsync();
PipelineRun run = host.Services.GetRequiredService<PipelineRun>();
await Task.WhenAny(run.Completion, host.WaitForShutdownAsync());
await host.StopAsync();
PipelineReport report = await run.Completion;
news.Dispose();
await telling;
Console.WriteLine($"{report.Observed} responses observed, {report.RowsApplied} rows written, {news.Dropped} events lost; the account {(report.FindImbalances().Count == 0 ? "is balanced" : "is NOT balanced")}.");
return 0;

async Task TellAsync()
{
    await foreach (ObservationEvent happened in news.Reader.ReadAllAsync())
    {
        Console.WriteLine(happened.Previous is { } before
            ? $"{happened.Observation.RrName} is delegated to {happened.Observation.Rdata[0]}, no longer to {before.Rdata[0]}"
            : $"{happened.Domain} is new");
    }
}
