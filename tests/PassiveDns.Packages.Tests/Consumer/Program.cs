// The program of somebody who embeds PassiveDns: an import in a host, into a store of their own.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PassiveDns;
using PassiveDns.Storage;

HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Services
    .AddPassiveDns(options =>
    {
        options.ResolversFile = Path.Combine(args[0], "resolvers");
        options.RootHintsFile = Path.Combine(args[0], "root.hints");
    })
    .AddPcapFile(Path.Combine(args[0], "sample.pcapng"))
    .UseStore<ListStore>();

using IHost host = builder.Build();
await host.StartAsync();
PipelineReport report = await host.Services.GetRequiredService<PipelineRun>().Completion;
Console.WriteLine($"{report.Observed} responses, {report.RowsApplied} rows, {report.FindImbalances().Count} imbalances");

ObservationQuery query = new(new QueryAnchor.OwnerName(DomainName.Parse("www.example.com")));
await foreach (Observation row in host.Services.GetRequiredService<IObservationReader>().FindAsync(query))
{
    Console.WriteLine($"{row.RrName} {row.Type} {row.Rdata[0]}");
}

await host.StopAsync();
