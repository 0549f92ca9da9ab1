using System.Globalization;

namespace PassiveDns.Benchmarks.Analysis;

/// <summary>Names as a resolver asks for them, made up: domains of words and syllables under real suffixes, hosts before most of them, one in a hundred in Punycode.</summary>
internal sealed class GeneratedNames
{
    private static readonly string[] s_words =
    [
        "north", "river", "stone", "maple", "cloud", "pixel", "green", "market", "travel", "media", "design", "studio", "garden", "kitchen", "photo", "music", "sport", "craft", "energy",
        "health", "dental", "legal", "auto", "parts", "power", "smart", "prime", "urban", "ocean", "mountain", "bright", "silver", "golden", "digital", "data", "soft", "labs", "house",
        "works", "trade", "food", "wine", "coffee", "paper", "print", "light", "wood", "steel", "water", "fire", "bank", "pay", "shop", "news", "game", "play", "love", "life", "world", "star",
    ];

    private static readonly string[] s_syllables = ["ba", "ko", "li", "mu", "ne", "ra", "si", "to", "va", "ze", "dor", "fin", "gar", "hel", "jan", "mar", "nor", "pel", "sun", "tek", "vin", "wol"];
    private static readonly string[] s_suffixes = ["com", "com", "com", "com", "net", "org", "de", "co.uk", "info", "io", "fr", "com.br", "nl", "pl", "ru", "github.io"];
    private static readonly string[] s_hosts = ["www.", "www.", "www.", "mail.", "api.", "cdn.", "ns1.", "img.static.", "", ""];

    private readonly Random _random = new(20_261_126);

    /// <summary>Brands: two words each, all different.</summary>
    public DomainName[] Brands(int count)
    {
        HashSet<string> labels = [];
        while (labels.Count < count) labels.Add(Pick(s_words) + Pick(s_words));
        return [.. labels.Select(static label => DomainName.Parse(label + ".com"))];
    }

    /// <summary>Packs names one behind the other in wire form, and tells where each ends.</summary>
    public byte[] Next(int count, int[] ends)
    {
        using MemoryStream packed = new();
        for (int i = 0; i < count; i++)
        {
            packed.Write(DomainName.Parse($"{Host()}{Label(i)}.{Pick(s_suffixes)}").Wire);
            ends[i] = (int)packed.Length;
        }

        return packed.ToArray();
    }

    private string Host() => _random.Next(10) == 0 ? string.Create(CultureInfo.InvariantCulture, $"{_random.NextInt64():x}.") : Pick(s_hosts);

    private string Label(int i) => (i % 100) switch
    {
        0 => Pick(s_words) + "ü" + Pick(s_syllables) + Pick(s_words),
        < 30 => Pick(s_words) + Pick(s_words) + Pick(s_words),
        < 45 => Pick(s_words) + "-" + Pick(s_words) + Pick(s_syllables),
        < 60 => Pick(s_words) + Pick(s_syllables) + _random.Next(100).ToString(CultureInfo.InvariantCulture),
        < 80 => Pick(s_syllables) + Pick(s_syllables) + Pick(s_syllables) + Pick(s_words),
        _ => Pick(s_syllables) + Pick(s_syllables) + Pick(s_syllables) + Pick(s_syllables),
    };

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
