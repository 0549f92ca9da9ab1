// The pipeline, the embedded store and a question in one file of machine code, without a runtime to install:
//
//     dotnet publish samples/NativeQuery -c Release -o out
//     out/NativeQuery [name] [directory of the store]
//
// Linking needs clang or gcc, and the headers of zlib (Debian: gcc zlib1g-dev).

using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PassiveDns;
using PassiveDns.Storage;

string sample = Path.Combine(AppContext.BaseDirectory, "sample");
string name = args.Length > 0 ? args[0] : "www.example.com";
string directory = args.Length > 1 ? args[1] : Path.Combine(AppContext.BaseDirectory, "store");

HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
builder.Services
    .AddPassiveDns(options =>
    {
        options.Sensor = "native";
        options.ResolversFile = Path.Combine(sample, "resolvers");
        options.RootHintsFile = Path.Combine(sample, "root.hints");
    })
    .AddPcapFile(Path.Combine(sample, "sample.pcapng"))
    .UseEmbeddedStore(directory);

using IHost host = builder.Build();
await host.StartAsync();
PipelineReport report = await host.Services.GetRequiredService<PipelineRun>().Completion;
Console.WriteLine($"{(RuntimeFeature.IsDynamicCodeSupported ? "compiled when it runs" : "machine code")}: {report.Observed} responses, {report.BatchesApplied} batches");

IObservationReader observations = host.Services.GetRequiredService<IObservationReader>();
await foreach (Observation row in observations.FindAsync(new(new QueryAnchor.OwnerName(DomainName.Parse(name)))))
{
    Console.WriteLine($"{row.RrName} {RecordTypeNames.Format(row.Type)} {string.Join(' ', row.Rdata)} x{row.History.Count}");
}

await host.StopAsync();
