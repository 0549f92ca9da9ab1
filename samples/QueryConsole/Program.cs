// Asks a store, without a host: one line of input is one question.
//
//     dotnet run --project samples/QueryConsole STORE
//
//     www.example.com        what a name pointed to, and when
//     *.example.com          the name and everything under it
//     192.0.2.80             which names had an address; 192.0.2.0/24 for a network
//     @ns1.example.net       which names point to a name

using System.Net;
using PassiveDns;
using PassiveDns.Storage;
using PassiveDns.Storage.Embedded;

if (args is not [string directory])
{
    Console.Error.WriteLine("usage: QueryConsole STORE");
    return 2;
}

await using EmbeddedObservationStore store = EmbeddedObservationStore.OpenReadOnly(directory);
while (Console.ReadLine() is { } line)
{
    try
    {
        int rows = 0;
        await foreach (Observation row in Ask(line.Trim()))
        {
            rows++;
            string first = Time(row.History.FirstSeen), last = Time(row.History.LastSeen);
            Console.WriteLine($"{row.RrName} {row.Type} {string.Join(", ", row.Rdata)}  {first} .. {last}  {row.History.Count} times, {row.Provenance}");
        }

        if (rows == 0) Console.WriteLine("nothing known");
    }
    catch (FormatException e)
    {
        Console.WriteLine(e.Message);
    }
}

return 0;

IAsyncEnumerable<Observation> Ask(string text) => text switch
{
    ['@', .. string target] => store.FindTargetAsync(target),
    ['*', '.', .. string apex] => store.FindSubtreeAsync(apex),
    _ when IPAddress.TryParse(text, out IPAddress? address) => store.FindAddressAsync(address),
    _ when IPNetwork.TryParse(text, out IPNetwork network) => store.FindNetworkAsync(network),
    _ => store.FindNameAsync(text),
};

static string Time(long unixSeconds) => DateTimeOffset.FromUnixTimeSeconds(unixSeconds).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
