using System.Globalization;

namespace PassiveDns.Analysis;

public sealed partial class LookalikeMatcher
{
    private readonly BrandVariants.Variant[] _variants;
    private readonly HashIndex _exact; // whole labels: the brands' own (the brand), and their variants (behind the brands)
    private readonly HashIndex _joined; // labels without hyphens
    private readonly HashIndex _skeletons;
    private readonly HashIndex _before; // labels before the registrable domain: 2 * brand for its label, 1 more for its whole name with hyphens for dots
    private readonly HashIndex _deletions; // what is left of a label when as many letters are deleted as slips count
    private readonly TokenAutomaton _tokens;
    private readonly KnownWords _words;
    private readonly bool[] _slips = new bool[TextHash.MaxLength + 4]; // lengths of labels at which one slip can lead to a brand
    private readonly bool[] _doubleSlips = new bool[TextHash.MaxLength + 4];

    private void Compile(
        out BrandVariants.Variant[] variants, out HashIndex exact, out HashIndex joined, out HashIndex skeletons, out HashIndex before, out HashIndex deletions, out TokenAutomaton tokens)
    {
        variants = [.. _brands.SelectMany(BrandVariants.Of)];
        exact = new(_brands.Select(static brand => (TextHash.Of(brand.Text), brand.Index))
            .Concat(variants.Select((variant, i) => (TextHash.Of(variant.Text), _brands.Length + i))));
        joined = new(_brands.Select(static brand => (HashWithoutHyphens(brand.Text), brand.Index)));
        skeletons = new(_brands.Select(static brand => (TextHash.Of(brand.Folded), brand.Index)));
        before = new(_brands.SelectMany(static brand => (IEnumerable<(ulong, int)>)
            [(TextHash.Of(LabelOf(brand)), 2 * brand.Index), (TextHash.Of(HyphenatedName(brand)), (2 * brand.Index) + 1)]));
        List<(ulong, int)> deleted = [];
        foreach (Brand brand in _brands)
        {
            if (brand.MaxEdits == 0) continue;
            AddDeletions(brand, deleted);
            for (int length = brand.Length - brand.MaxEdits; length <= brand.Length + brand.MaxEdits; length++)
            {
                _slips[length] = true;
                if (brand.MaxEdits > 1) _doubleSlips[length] = true;
            }
        }

        deletions = new(deleted);
        tokens = new([.. _brands.Select(static brand => brand.Folded)]);
    }

    private static ReadOnlySpan<byte> LabelOf(Brand brand) => brand.Domain.Wire.Slice(1, brand.Domain.Wire[0]);

    private static byte[] HyphenatedName(Brand brand) => [.. brand.Domain.ToString()[..^1].Replace('.', '-').Select(static letter => (byte)letter)];

    private static void AddDeletions(Brand brand, List<(ulong, int)> deleted)
    {
        int length = brand.Length;
        Span<ulong> prefixes = stackalloc ulong[LabelForms.TextRoom + 1];
        TextHash.Prefixes(brand.Text, prefixes);
        deleted.Add((prefixes[length], brand.Index));
        for (int i = 0; i < length; i++)
        {
            deleted.Add((TextHash.Join(prefixes[i], prefixes, i + 1, length), brand.Index));
            for (int j = i + 1; j < length && brand.MaxEdits > 1; j++)
                deleted.Add((TextHash.Join(TextHash.Join(prefixes[i], prefixes, i + 1, j), prefixes, j + 1, length), brand.Index));
        }
    }

    private static ulong HashWithoutHyphens(ReadOnlySpan<int> text)
    {
        ulong hash = TextHash.Start;
        foreach (int letter in text)
        {
            if (letter != '-') hash = TextHash.Append(hash, letter);
        }

        return hash;
    }

    private static string Percent(double part) => part.ToString("0.00", CultureInfo.InvariantCulture);
}
