// Imports a capture into a store on disk and asks it three questions that no live DNS query can answer.
//
//     dotnet run --project samples/QuickStart [directory of the store]
//
// Run it twice: the second import finds that everything had been counted before.

using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PassiveDns;
using PassiveDns.Storage;

string sample = Path.Combine(AppContext.BaseDirectory, "sample");
string directory = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "store");

HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services
    .AddPassiveDns(options =>
    {
        options.Sensor = "quickstart";
        options.ResolversFile = Path.Combine(sample, "resolvers");      // only their traffic is observed, never their clients'
        options.RootHintsFile = Path.Combine(sample, "root.hints");     // this capture is of a small world with a root of its own
    })
    .AddPcapFile(Path.Combine(sample, "sample.pcapng"))
    .UseEmbeddedStore(directory);

using IHost host = builder.Build();
await host.StartAsync();
PipelineReport report = await host.Services.GetRequiredService<PipelineRun>().Completion;
Console.WriteLine($"Store: {directory}");
Console.WriteLine($"{report.Observed} responses observed; {report.BatchesApplied} batches written, {report.BatchesAlreadyApplied} had been written before.");

IObservationReader observations = host.Services.GetRequiredService<IObservationReader>();

await PrintAsync(
    "Who shares the address 192.0.2.80?",
    new ObservationQuery(QueryAnchor.Address(HostAddress.From(IPAddress.Parse("192.0.2.80")))),
    row => row.RrName.ToString());

await PrintAsync(
    "Which zones use the name server ns1.harbourhost.example?",
    new ObservationQuery(new QueryAnchor.Target(DomainName.Parse("ns1.harbourhost.example"))) { Types = TypeSelection.Of(RecordType.NS) },
    row => row.RrName.ToString());

await PrintAsync(
    "Where was www.example.com hosted?",
    new ObservationQuery(new QueryAnchor.OwnerName(DomainName.Parse("www.example.com"))) { Types = TypeSelection.Of(RecordType.A, RecordType.AAAA) },
    row => string.Join(", ", row.Rdata));

await host.StopAsync();

// One line for each answer. The same fact seen in two bailiwicks (at the parent and at the zone itself) is two rows; here they are added up.
async Task PrintAsync(string question, ObservationQuery query, Func<Observation, string> answer)
{
    List<Observation> rows = [];
    await foreach (Observation row in observations.FindAsync(query)) rows.Add(row);

    Console.WriteLine();
    Console.WriteLine(question);
    Console.WriteLine($"  {"",-42}{"first seen",-21}{"last seen",-21}count");
    foreach (IGrouping<string, SightingHistory> seen in rows.GroupBy(answer, row => row.History).OrderBy(group => group.Min(history => history.FirstSeen)))
    {
        string first = Time(seen.Min(history => history.FirstSeen)), last = Time(seen.Max(history => history.LastSeen));
        Console.WriteLine($"  {seen.Key,-42}{first,-21}{last,-21}{seen.Sum(history => history.Count),5}");
    }
}

static string Time(long unixSeconds) => DateTimeOffset.FromUnixTimeSeconds(unixSeconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
