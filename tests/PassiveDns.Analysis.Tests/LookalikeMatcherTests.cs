using FsCheck.Xunit;

namespace PassiveDns.Analysis.Tests;

public class LookalikeMatcherTests
{
    private static readonly LookalikeMatcher s_bank = new([DomainName.Parse("examplebank.com")]);

    [Theory]
    [InlineData("examp1ebank.com", LookalikeClass.Homoglyph)]
    [InlineData("exarnplebank.com", LookalikeClass.Homoglyph)]
    [InlineData("examplebаnk.com", LookalikeClass.Homoglyph)] // Cyrillic
    [InlineData("éxamplebank.net", LookalikeClass.Homoglyph)]
    [InlineData("еxamрlеbаnk-login.com", LookalikeClass.Combosquat)] // Cyrillic, and a word
    [InlineData("examplbank.com", LookalikeClass.Typo)]
    [InlineData("examplebnak.com", LookalikeClass.Typo)]
    [InlineData("exaamplebank.com", LookalikeClass.Typo)]
    [InlineData("examplevank.com", LookalikeClass.Typo)]
    [InlineData("examplebanc.com", LookalikeClass.BitFlip)]
    [InlineData("examplebank-login.com", LookalikeClass.Combosquat)]
    [InlineData("secureexamplebank.com", LookalikeClass.Combosquat)]
    [InlineData("examplebank24.com", LookalikeClass.Combosquat)]
    [InlineData("my-examplebank-account.com", LookalikeClass.Combosquat)]
    [InlineData("www.examplebank.com.evil.net", LookalikeClass.LevelSquat)]
    [InlineData("examplebank-com.evil.net", LookalikeClass.LevelSquat)]
    [InlineData("www.examplebank.com-verify.net", LookalikeClass.LevelSquat)]
    [InlineData("examplebank.co.uk", LookalikeClass.SuffixSwap)]
    [InlineData("example-bank.com", LookalikeClass.Hyphenation)]
    [InlineData("examplebanks.com", LookalikeClass.Plural)]
    [InlineData("wwwexamplebank.com", LookalikeClass.Doppelganger)]
    [InlineData("examplebankcom.com", LookalikeClass.Doppelganger)]
    [InlineData("example.bank.com", LookalikeClass.Doppelganger)]
    public void Each_way_of_imitating_is_recognised(string name, LookalikeClass kind)
    {
        LookalikeMatch match = Assert.Single(s_bank.Match(DomainName.Parse(name)));
        Assert.Equal("examplebank.com.", match.Brand.ToString());
        Assert.Contains(match.Signs, sign => sign.Class == kind && sign.Strength > 0);
        Assert.InRange(match.Score, kind == LookalikeClass.Doppelganger ? 0.3 : 0.5, 1);
    }

    [Theory]
    [InlineData("fourseasons.com", "forseasons.com")]
    [InlineData("peacegate.com", "piecegate.com")]
    [InlineData("web2go.com", "webtogo.com")]
    public void Homophones_are_recognised(string brand, string name)
    {
        LookalikeMatch match = Assert.Single(new LookalikeMatcher([DomainName.Parse(brand)]).Match(DomainName.Parse(name)));
        Assert.Contains(match.Signs, sign => sign.Class == LookalikeClass.Homophone);
    }

    /// <summary>Names that a list of real typosquats blocked although they are nobody's imitation, and short brands inside other words.</summary>
    [Theory]
    [InlineData("tuya.com", "tuta.com")]
    [InlineData("cnbc.com", "cibc.com")]
    [InlineData("bumble.com", "humble.com", "cdn.humble.com")]
    [InlineData("usa.gov", "tsa.gov")]
    [InlineData("mlb.com", "mtb.com")]
    [InlineData("uol.com", "ual.com")]
    [InlineData("cbs.com", "cbsimg.net", "cbsi.com")]
    [InlineData("ui.com", "intuit.com", "suite.com", "officesuite.com", "quickbooks.intuit.com")]
    public void Short_names_do_not_drown_in_noise(string brand, params string[] names)
    {
        LookalikeMatcher forth = new([DomainName.Parse(brand)]);
        foreach (string name in names)
        {
            LookalikeMatcher back = new([DomainName.Parse(name)]);
            foreach (LookalikeMatch match in forth.Match(DomainName.Parse(name)).Concat(back.Match(DomainName.Parse(brand)))) Assert.True(match.Score < new LookalikeOptions().Threshold, $"{match.Name} as {match.Brand}: {match.Score}");
        }
    }

    /// <summary>By the name alone, and each among the most asked names of the world: what is left are names of the brands themselves and combinations that are established.</summary>
    [Fact]
    public void Popular_names_make_little_noise()
    {
        string? list = Checkout.FindShared(Path.Combine("data", "names", "opendns-top-domains.txt"));
        Assert.SkipWhen(list is null, "the list of popular names (../shared/data/names) is not here");
        DomainName[] names = [.. File.ReadLines(list).Where(line => line.Length > 0).Select(DomainName.Parse)];
        LookalikeMatcher matcher = new(names.Where(name => PublicSuffixSnapshot.List.RegistrableLabels(name, includePrivate: true) > 0).Take(200));
        LookalikeMatch[] alerts = [.. names.SelectMany(matcher.Match).Where(match => match.Score >= new LookalikeOptions().Threshold)];
        int suffixes = alerts.Count(match => match.Signs.Any(sign => sign.Class == LookalikeClass.SuffixSwap));
        TestContext.Current.SendDiagnosticMessage($"{names.Length} names, {matcher.Brands.Count} brands, {alerts.Length} at the threshold, {suffixes} of them under another suffix");
        Assert.True(alerts.Length - suffixes < names.Length / 200, $"{alerts.Length - suffixes} of {names.Length}");
    }

    /// <summary>Every algorithm of dnstwist, at every length of brands: what is in the rules is found.</summary>
    [Fact]
    public void Variants_of_an_independent_generator_are_found()
    {
        Dictionary<string, (int Found, int Alerts, int All, List<string> Missed)> classes = [];
        Dictionary<string, LookalikeMatcher> matchers = [];
        foreach (string[] fields in Corpus.Lines("lookalikes/dnstwist.tsv").Select(line => line.Split('\t')))
        {
            (string brand, string algorithm, string variant) = (fields[0], fields[1], fields[2]);
            if (!IsInRules(brand.Split('.')[0].Length, algorithm, variant)) continue;
            if (!matchers.TryGetValue(brand, out LookalikeMatcher? matcher)) matchers.Add(brand, matcher = new([DomainName.Parse(brand)]));
            LookalikeMatch? match = matcher.Match(DomainName.Parse(variant)) is [LookalikeMatch only, ..] ? only : null;
            (int found, int alerts, int all, List<string> missed) = classes.GetValueOrDefault(algorithm, (0, 0, 0, []));
            if (match is null) missed.Add(variant);
            classes[algorithm] = (found + (match is null ? 0 : 1), alerts + (match?.Score >= 0.5 ? 1 : 0), all + 1, missed);
        }

        foreach ((string algorithm, (int found, int alerts, int all, List<string> missed)) in classes)
        {
            TestContext.Current.SendDiagnosticMessage($"{algorithm}: {found} of {all} found, {alerts} at the default threshold by name alone");
            Assert.True(found >= 0.99 * all, $"{algorithm}: {found} of {all}, not {string.Join(' ', missed.Take(20))}");
        }

        Assert.True(classes.Count >= 12);
    }

    [Fact]
    public void The_names_of_brands_and_what_is_under_them_are_no_look_alikes()
    {
        LookalikeMatcher matcher = new([DomainName.Parse("www.examplebank.com"), DomainName.Parse("examplebank.com"), DomainName.Parse("examplebanks.com")]);
        Assert.Equal(["examplebank.com.", "examplebanks.com."], matcher.Brands.Select(brand => brand.ToString()));
        Assert.Empty(matcher.Match(DomainName.Parse("login.examplebank.com")));
        Assert.Empty(matcher.Match(DomainName.Parse("examplebanks.com")));
        Assert.Empty(matcher.Match(DomainName.Root));
        Assert.Empty(matcher.Match(DomainName.Parse("com")));
        Assert.Equal(2, matcher.Match(DomainName.Parse("examplebank5.com")).Count); // a digit for an s, and behind the other
        Assert.Throws<ArgumentException>(() => new LookalikeMatcher([DomainName.Parse("co.uk")]));
        Assert.Throws<ArgumentException>(() => new LookalikeMatcher([]));
    }

    [Fact]
    public void A_brand_in_letters_of_its_own_is_compared_by_what_they_look_like()
    {
        LookalikeMatcher matcher = new([DomainName.Parse("bücherei.de"), DomainName.Parse("почта.рф")]);
        Assert.Contains(Assert.Single(matcher.Match(DomainName.Parse("bucherei.de"))).Signs, sign => sign.Class == LookalikeClass.Homoglyph);
        Assert.Contains(Assert.Single(matcher.Match(DomainName.Parse("почта-login.com"))).Signs, sign => sign.Class == LookalikeClass.Combosquat);
        Assert.Contains(Assert.Single(matcher.Match(DomainName.Parse("почтa.рф"))).Signs, sign => sign.Class == LookalikeClass.Homoglyph); // the last letter is Latin
    }

    [Fact]
    public void Every_part_of_a_score_is_shown()
    {
        LookalikeMatch match = Assert.Single(s_bank.Match(DomainName.Parse("examplebanc.com")));
        Assert.Equal([LookalikeClass.Typo, LookalikeClass.BitFlip], match.Signs.Select(sign => sign.Class));
        Assert.Equal(1 - match.Signs.Aggregate(1.0, (none, sign) => none * (1 - (sign.Weight * sign.Strength))), match.Score, 12);
        LookalikeMatcher quiet = new([DomainName.Parse("examplebank.com")], new() { Weights = new() { BitFlip = 0 } });
        Assert.Equal(match.Signs[0].Weight * match.Signs[0].Strength, Assert.Single(quiet.Match(DomainName.Parse("examplebanc.com"))).Score, 12);
    }

    /// <summary>Any octets as a name: nothing is thrown, and who resembles none allocates nothing.</summary>
    [Property(Replay = "(42,43)", MaxTest = 300)]
    public void Names_of_any_octets_are_taken(byte[] octets, byte cut, bool encoded)
    {
        byte[] label = [.. encoded ? "xn--"u8.ToArray() : [], .. octets.Take(50)];
        if (label.Length == 0) return;
        byte[] rest = [.. octets.Take(cut % 20)];
        byte[] wire = [(byte)label.Length, .. label, .. rest.Length > 0 ? [(byte)rest.Length, .. rest] : Array.Empty<byte>(), 3, .. "com"u8, 0];
        Assert.True(DomainName.TryFromWire(wire, out DomainName name));
        foreach (LookalikeMatch match in s_bank.Match(name)) Assert.InRange(match.Score, 0, 1);
    }

    /// <summary>The deletion neighbourhood against the plain definition: whoever is within reach is measured, nobody else is.</summary>
    [Property(Replay = "(42,43)", MaxTest = 500)]
    public void Slips_are_found_where_the_distance_says(byte[] edits)
    {
        const string Brand = "examplebank";
        List<char> text = [.. Brand];
        for (int i = 0; i + 2 < edits.Length && i < 9; i += 3)
        {
            int at = edits[i + 1] % (text.Count + 1);
            char letter = (char)('a' + (edits[i + 2] % 26));
            switch (edits[i] % 4)
            {
                case 0: text.Insert(at, letter); break;
                case 1 when at < text.Count && text.Count > 2: text.RemoveAt(at); break;
                case 2 when at < text.Count: text[at] = letter; break;
                case 3 when at + 1 < text.Count: (text[at], text[at + 1]) = (text[at + 1], text[at]); break;
            }
        }

        string name = new([.. text]);
        int distance = Distance(name, Brand);
        bool isTypo = s_bank.Match(DomainName.Parse($"{name}.com")).Any(match => match.Signs.Any(sign => sign.Class == LookalikeClass.Typo));
        Assert.Equal(distance is 1 or 2, isTypo);
    }

    [Fact]
    public void Names_that_resemble_nobody_allocate_nothing()
    {
        byte[][] names = [.. new[] { "www.wikipedia.org", "mail.some-company.co.uk", "xn--bckerei-maple-bfb.test", "a.b.c.d.example.net", "0123456789abcdef.cdn.example" }.Select(name => DomainName.Parse(name).Wire.ToArray())];
        List<LookalikeMatch> matches = [];
        Run(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(2000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Empty(matches);

        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                foreach (byte[] name in names) s_bank.Match(name, matches);
            }
        }
    }

    private static bool IsInRules(int length, string algorithm, string variant) => algorithm switch
    {
        "addition" or "insertion" or "omission" or "repetition" or "replacement" or "transposition" or "vowel-swap" => length >= 5,
        "dictionary" => length >= 6 || variant.Contains('-', StringComparison.Ordinal), // inside a longer word short brands mean nothing
        "subdomain" => length >= 6,
        "homoglyph" => length >= 8, // some exchange letters of like shape (b for d), twice: those are slips, which count from this length on
        _ => true,
    };

    // Optimal string alignment as the books have it, with a whole table.
    private static int Distance(string one, string other)
    {
        int[,] table = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++)
        {
            for (int j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                table[i, j] = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1]) table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[one.Length, other.Length];
    }
}
