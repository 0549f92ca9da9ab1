using System.Net;

namespace PassiveDns.Aggregation.Tests;

/// <summary>Made-up but lifelike traffic: a tree of zones, cold and warm answers, lies, and damage. The same seed gives the same traffic.</summary>
internal static class TestTraffic
{
    public readonly record struct Item(long Time, HostAddress Server, byte[] Message);

    public static List<Item> Make(int seed, int count, int secondsBetween = 7, bool hostile = true)
    {
        Random random = new(seed);
        List<Item> items = [];
        long time = TestWorld.Start;
        for (int i = 0; i < count; i++)
        {
            time += random.Next(secondsBetween);
            int zone = random.Next(30);
            string name = $"z{zone}.test";
            string server = $"198.51.100.{zone}";
            (string from, TestResponse response) = random.Next(hostile ? 12 : 9) switch
            {
                0 => (TestWorld.Root, new TestResponse(name, RecordType.A).Authority("test NS ns.nic.test").Additional($"ns.nic.test A {TestWorld.Tld}")),
                1 or 2 => (TestWorld.Tld, new TestResponse($"w.{name}", RecordType.A)
                    .Authority($"{name} NS ns.{name}", $"{name} NS ns.z{(zone + 1) % 30}.test").Additional($"ns.{name} A {server}")),
                3 => (server, new TestResponse(name, RecordType.NS).Authoritative().Answer($"{name} NS ns.{name}").Additional($"ns.{name} A {server}")),
                4 => (server, new TestResponse($"no.{name}", RecordType.A).Authoritative().NxDomain().Authority($"{name} SOA ns.{name} h.{name} {random.Next(4)} 2 3 4 5")),
                5 => (server, new TestResponse($"a.{name}", RecordType.A).Authoritative().Answer($"a.{name} CNAME b.{name}", $"b.{name} A 192.0.2.{random.Next(9)}")),
                6 => (server, new TestResponse(name, RecordType.MX).Authoritative().Answer($"{name} MX 10 m.{name}").Additional($"m.{name} A 192.0.2.{random.Next(9)}")),
                7 or 8 => (server, new TestResponse($"w{random.Next(5)}.{name}", RecordType.A).Authoritative()
                    .Answer($"w{0}.{name} A 192.0.2.{random.Next(9)}").Authority($"{name} NS ns.{name}")),
                9 => (TestWorld.Evil, new TestResponse($"w.{name}", RecordType.A).Authoritative().Answer($"w.{name} A 203.0.113.{random.Next(9)}")),
                10 => ($"203.0.113.{random.Next(9)}", new TestResponse($"v{i}.{name}", RecordType.TXT).Answer($"v{i}.{name} TXT \"{new string('x', random.Next(200))}\"")),
                _ => (server, new TestResponse(name, RecordType.MX).Answer($"{name} MX 10 m.bank.test").Additional("m.bank.test A 203.0.113.1")),
            };
            byte[] message = response.Build();
            if (hostile && random.Next(10) == 0) message[random.Next(message.Length)] ^= (byte)(1 << random.Next(8));
            items.Add(new(time, HostAddress.From(IPAddress.Parse(from)), message));
        }

        return items;
    }

    public static void Feed(this ResponseAggregator aggregator, IEnumerable<Item> items)
    {
        foreach (Item item in items) aggregator.Feed(item);
    }

    public static void Feed(this ResponseAggregator aggregator, Item item) =>
        aggregator.Add(new CapturedResponse { Message = item.Message, Server = item.Server, UnixNanoseconds = item.Time * 1_000_000_000 });
}
