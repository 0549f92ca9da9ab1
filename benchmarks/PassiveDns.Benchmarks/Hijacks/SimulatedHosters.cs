using System.Globalization;
using System.Text;

namespace PassiveDns.Benchmarks.Hijacks;

/// <summary>The infrastructure of a simulated world: hosters with networks and shared addresses, operators of name servers, content networks, parking, scrubbing.</summary>
internal sealed class SimulatedHosters
{
    public const int Hosters = 300;
    public const int NameOperators = 120;
    public const int ContentNetworks = 8;
    public const int Parkings = 4;
    public const int Scrubbers = 3;

    private const int Rented = Hosters + ContentNetworks + Parkings + Scrubbers; // networks where anybody rents a machine by the hour
    private const int RentedNetworks = 40;

    private readonly Random _random;
    private readonly int[] _next = new int[4096];
    private readonly double[] _hosterWeights = Zipf(Hosters);
    private readonly double[] _operatorWeights = Zipf(NameOperators);

    public SimulatedHosters(Random random) => _random = random;

    /// <summary>What an address table would know of the networks.</summary>
    public static string Networks
    {
        get
        {
            StringBuilder lines = new();
            for (int network = 0; network < 4 * (Rented + RentedNetworks); network++)
            {
                int owner = network / 4;
                string name = owner < Hosters ? "hoster" : owner < Hosters + ContentNetworks ? "cdn" : owner < Hosters + ContentNetworks + Parkings ? "parking" : owner < Rented ? "scrubbing" : "rented";
                lines.AppendLine(CultureInfo.InvariantCulture, $"10.{network >> 8}.{network & 255}.0/24,{100_000 + owner},{name}{owner},XX");
            }

            return lines.ToString();
        }
    }

    public int AnyHoster() => Pick(_hosterWeights);

    public int AnyOperator() => Pick(_operatorWeights);

    /// <summary>One of a hoster's addresses that many customers share.</summary>
    public string Shared(int hoster) => Address((4 * hoster) + _random.Next(2), 1 + _random.Next(3));

    /// <summary>An address of a hoster for one customer; those of the largest are given again.</summary>
    public string Dedicated(int hoster)
    {
        int network = (4 * hoster) + 2 + _random.Next(2);
        return Address(network, 10 + (_next[network]++ % 240));
    }

    /// <summary>Some of a content network's addresses: those of an answer.</summary>
    public string Content(int network) => string.Join('|', Enumerable.Range(0, 2).Select(_ => Address((4 * (Hosters + network)) + _random.Next(4), 1 + _random.Next(60))).Distinct());

    public string Parking(int parking) => Address(4 * (Hosters + ContentNetworks + parking), 1 + _random.Next(2));

    public string Scrubbing(int scrubber) => Address(4 * (Hosters + ContentNetworks + Parkings + scrubber), 1 + _random.Next(8));

    /// <summary>One of a mail filter's hosts.</summary>
    public string Filter(int scrubber) => Address((4 * (Hosters + ContentNetworks + Parkings + scrubber)) + 1, 1 + _random.Next(8));

    /// <summary>A machine rented where many strangers rent theirs.</summary>
    public string Rental()
    {
        int network = (4 * Rented) + _random.Next(4 * RentedNetworks);
        return Address(network, 1 + (_next[network]++ % 250));
    }

    /// <summary>A TTL of something that will not stay: often low, whoever meant it.</summary>
    public uint AnyTtl() => (uint)(_random.Next(3) switch { 0 => 60, 1 => 300, _ => 3600 });

    /// <summary>Name servers of a hoster.</summary>
    public static string HosterServers(int hoster) => $"ns1.hoster{hoster}.net.|ns2.hoster{hoster}.net.";

    /// <summary>Name servers of an operator; the large ones give customers different pairs.</summary>
    public string OperatorServers(int provider) => provider < 10 ? $"{(char)('a' + _random.Next(20))}.ns.dns{provider}.net.|{(char)('a' + _random.Next(20))}.ns2.dns{provider}.net." : $"ns1.dns{provider}.net.|ns2.dns{provider}.net.";

    public static string ParkingServers(int parking) => $"ns1.parking{parking}.net.|ns2.parking{parking}.net.";

    private static string Address(int network, int host) => string.Create(CultureInfo.InvariantCulture, $"10.{network >> 8}.{network & 255}.{host}");

    private static double[] Zipf(int count)
    {
        double[] sums = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) sums[i] = sum += 1.0 / (i + 1);
        return sums;
    }

    private int Pick(double[] sums)
    {
        int at = Array.BinarySearch(sums, _random.NextDouble() * sums[^1]);
        return Math.Min(at < 0 ? ~at : at, sums.Length - 1);
    }
}
