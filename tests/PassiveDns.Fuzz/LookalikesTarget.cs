using PassiveDns.Analysis;

namespace PassiveDns.Fuzz;

/// <summary>A name as labels with dots between them: it is compared with brands of several scripts, every score is 0 to 1, and the same when asked again.</summary>
internal static class LookalikesTarget
{
    private static readonly LookalikeMatcher s_matcher = new(((string[])["examplebank.com", "ui.com", "lumen-post.co.uk", "bücherei.de", "почта.рф", "例え.jp"]).Select(DomainName.Parse));

    public static void Run(ReadOnlySpan<byte> input)
    {
        List<byte> wire = [];
        foreach (Range range in input.Split((byte)'.'))
        {
            ReadOnlySpan<byte> label = input[range];
            if (label.IsEmpty || label.Length > DomainName.MaxLabelLength || wire.Count + label.Length + 2 > DomainName.MaxWireLength) continue;
            wire.Add((byte)label.Length);
            wire.AddRange(label);
        }

        wire.Add(0);
        Promise.Holds(DomainName.TryFromWire([.. wire], out DomainName name), "labels make a name");
        IReadOnlyList<LookalikeMatch> matches = s_matcher.Match(name);
        foreach (LookalikeMatch match in matches)
        {
            Promise.Holds(match.Score is >= 0 and <= 1, $"{match.Score} is no score");
            Promise.Holds(match.Name == name && name.IsAtOrUnder(match.RegistrableDomain) && !match.Signs.IsEmpty, "a match without a sign");
            Promise.Holds(!name.IsAtOrUnder(match.Brand), "a brand imitates itself");
        }

        Promise.Holds(matches.Select(match => (match.Brand, match.Score)).SequenceEqual(s_matcher.Match(name).Select(match => (match.Brand, match.Score))), "another answer");
    }
}
