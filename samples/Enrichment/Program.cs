// Tells in which networks a name was hosted, by MaxMind databases as of the time of each sighting.
//
//     dotnet run --project samples/Enrichment STORE NAME DATABASE.mmdb...
//
// Give databases of several dates: the youngest that had been built by a sighting's time answers. Two small ones lie in samples/Enrichment/networks.

using Enrichment;
using PassiveDns;
using PassiveDns.Analysis;
using PassiveDns.Storage;
using PassiveDns.Storage.Embedded;

if (args is not [string directory, string name, .. { Length: > 0 } databases])
{
    Console.Error.WriteLine("usage: Enrichment STORE NAME DATABASE.mmdb...");
    return 2;
}

await using EmbeddedObservationStore store = EmbeddedObservationStore.OpenReadOnly(directory);
using MaxMindDatabases networks = new(databases);
ObservationQuery addresses = new(new QueryAnchor.OwnerName(DomainName.Parse(name))) { Types = TypeSelection.Of(RecordType.A, RecordType.AAAA) };
await foreach (Observation row in store.FindAsync(addresses))
{
    foreach (Rdata data in row.Rdata)
    {
        if (!RecordData.TryGetAddress(row.Type, data.Canonical, out HostAddress address)) continue;
        Print(address, row.History.FirstSeen);
        if (row.History.LastSeen != row.History.FirstSeen) Print(address, row.History.LastSeen);
    }
}

// The same object serves every analysis: here, whose address the name shared at last.
SharedAddresses shared = new(store, new() { Enrichment = networks });
await foreach (Observation row in store.FindAsync(addresses with { Limit = 1 }))
{
    if (!RecordData.TryGetAddress(row.Type, row.Rdata[0].Canonical, out HostAddress address)) continue;
    await foreach (AddressShare share in shared.Find(new(address, address)))
        Console.WriteLine($"{share.Address} of {share.Facts?.Organisation ?? "nobody known"} had {share.Degree.Names} names of {share.Degree.RegistrableDomains} domains");
}

return 0;

void Print(HostAddress address, long time)
{
    AddressFacts? facts = networks.Find(address, time);
    string when = DateTimeOffset.FromUnixTimeSeconds(time).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    Console.WriteLine(facts is null ? $"{when}  {address}  not known" : $"{when}  {address}  {facts.Prefix}  AS{facts.AutonomousSystem} {facts.Organisation}, {facts.Country}");
}
