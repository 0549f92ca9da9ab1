namespace PassiveDns.Benchmarks;

/// <summary>Seeded answers of authoritative servers in the usual mix: referrals with glue and DS, addresses behind aliases, mail, text, negatives.</summary>
internal static class GeneratedMessages
{
    private static readonly string[] s_zones = ["com", "net", "org", "example", "se", "co.uk"];
    private static readonly string[] s_words = ["alpha", "bakery", "cloud", "delta", "edge", "flowers", "garage", "harbour", "mail", "ns", "shop", "vault", "www"];

    public static List<byte[]> Make(int seed, int count)
    {
        Random random = new(seed);
        List<byte[]> messages = new(count);
        for (int i = 0; i < count; i++) messages.Add(Make(random));
        return messages;
    }

    public static byte[] Make(Random random)
    {
        string tld = s_zones[random.Next(s_zones.Length)];
        string zone = Word(random) + random.Next(1000) + "." + tld;
        string host = Word(random) + "." + zone;
        string asked = random.Next(10) == 0 ? MixCase(host, random) : host;
        int kind = random.Next(10);
        bool negative = kind == 9;
        MessageWriter message = new((ushort)random.Next(65_536), (ushort)(negative ? 0x8403 : kind < 3 ? 0x8000 : 0x8400));
        switch (kind)
        {
            case < 3:
                message.Question(asked, 1);
                Referral(message, zone, random);
                break;
            case < 6:
                message.Question(asked, 1);
                string at = Aliases(message, host, zone, random);
                for (int i = random.Next(1, 4); i > 0; i--) message.Record(1, at, 1, 300, w => w.Octets(Address(random, 4)));
                break;
            case 6:
                message.Question(asked, 28);
                message.Record(1, host, 28, 3600, w => w.Octets(Address(random, 16)));
                break;
            case 7:
                message.Question(zone, 15);
                for (int i = 0; i < 2; i++) message.Record(1, zone, 15, 3600, w => { w.U16(10 * i); w.Name($"mx{i}.{zone}"); });
                break;
            case 8:
                message.Question(zone, 16);
                message.Record(1, zone, 16, 3600, w => { w.U8(20); w.Octets("v=spf1 mx a:a.b -all"u8); });
                break;
            default:
                message.Question(asked, 1);
                message.Record(2, zone, 6, 900, w => { w.Name("ns1." + zone); w.Name("hostmaster." + zone); w.Octets(Address(random, 20)); });
                break;
        }

        message.Record(3, "", 41, 0, _ => { }, recordClass: 1232);
        return message.ToArray();
    }

    private static void Referral(MessageWriter message, string zone, Random random)
    {
        int servers = random.Next(2, 5);
        for (int i = 0; i < servers; i++) message.Record(2, zone, 2, 172_800, w => w.Name($"ns{i}.{zone}"));
        if (random.Next(2) == 0) message.Record(2, zone, 43, 86_400, w => { w.Octets([1, 2, 13, 2]); w.Octets(Address(random, 32)); });
        for (int i = 0; i < servers; i++) message.Record(3, $"ns{i}.{zone}", 1, 172_800, w => w.Octets(Address(random, 4)));
    }

    private static string Aliases(MessageWriter message, string host, string zone, Random random)
    {
        string at = host;
        for (int i = random.Next(3); i > 0; i--)
        {
            string target = $"{Word(random)}{i}.cdn.{zone}";
            message.Record(1, at, 5, 60, w => w.Name(target));
            at = target;
        }

        return at;
    }

    private static string Word(Random random) => s_words[random.Next(s_words.Length)];

    private static string MixCase(string name, Random random) =>
        string.Create(name.Length, (name, random), static (span, s) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = s.random.Next(2) == 0 ? char.ToUpperInvariant(s.name[i]) : s.name[i];
        });

    private static byte[] Address(Random random, int octets)
    {
        byte[] address = new byte[octets];
        random.NextBytes(address);
        return address;
    }
}
