namespace PassiveDns.Analysis;

public sealed partial class LookalikeMatcher
{
    private const int MaxVerified = 16; // brands that are remembered as measured for one label; more are measured again
    private const double HostShare = 0.4; // what a brand in a host name of others is worth
    private const int MaxSlippedLength = DomainName.MaxLabelLength + 2;

    private void MatchAscii(ReadOnlySpan<byte> label, ref SignCollector signs)
    {
        Span<int> text = stackalloc int[LabelForms.TextRoom], folded = stackalloc int[LabelForms.AsciiRoom];
        Span<byte> origins = stackalloc byte[LabelForms.AsciiRoom + 1];
        MatchForms(LabelForms.Read(label, text, folded, origins), ref signs);
    }

    private void MatchForeign(ReadOnlySpan<byte> label, ref SignCollector signs)
    {
        Span<int> text = stackalloc int[LabelForms.TextRoom], plain = stackalloc int[LabelForms.ForeignRoom], folded = stackalloc int[LabelForms.ForeignRoom];
        Span<byte> origins = stackalloc byte[LabelForms.ForeignRoom + 1];
        if (LabelForms.TryDecode(label, text, plain, folded, origins, out LabelForms forms)) MatchForms(forms, ref signs);
        else MatchAscii(label, ref signs);
    }

    private void MatchForms(in LabelForms forms, ref SignCollector signs)
    {
        MatchExact(forms.Text, ref signs);
        MatchHyphens(forms.Text, ref signs);
        MatchSkeleton(forms, ref signs);
        MatchSlips(forms.Plain, ref signs);
        MatchTokens(forms, LookalikeClass.Combosquat, 1, ref signs);
    }

    private void MatchExact(ReadOnlySpan<int> text, ref SignCollector signs)
    {
        foreach (int found in _exact.Find(TextHash.Of(text)))
        {
            if (found < _brands.Length)
            {
                Brand brand = _brands[found];
                if (!text.SequenceEqual(brand.Text)) continue;
                signs.Add(found, LookalikeClass.SuffixSwap, BrandVariants.Growth(brand.Length, none: 2), $"{brand.Written} under another suffix than {brand.Suffix}");
            }
            else
            {
                BrandVariants.Variant variant = _variants[found - _brands.Length];
                if (text.SequenceEqual(variant.Text)) signs.Add(variant.Brand, variant.Class, variant.Strength, variant.Detail);
            }
        }
    }

    private void MatchHyphens(ReadOnlySpan<int> text, ref SignCollector signs)
    {
        foreach (int found in _joined.Find(HashWithoutHyphens(text)))
        {
            Brand brand = _brands[found];
            if (text.SequenceEqual(brand.Text) || !EqualWithoutHyphens(text, brand.Text)) continue;
            signs.Add(found, LookalikeClass.Hyphenation, brand.Length switch { < 4 => 0, 4 => 0.5, 5 => 0.8, _ => 1 }, "other hyphens");
        }
    }

    private static bool EqualWithoutHyphens(ReadOnlySpan<int> one, ReadOnlySpan<int> other)
    {
        int i = 0, j = 0;
        while (true)
        {
            while (i < one.Length && one[i] == '-') i++;
            while (j < other.Length && other[j] == '-') j++;
            if (i == one.Length || j == other.Length) return i == one.Length && j == other.Length;
            if (one[i++] != other[j++]) return false;
        }
    }

    private void MatchSkeleton(in LabelForms forms, ref SignCollector signs)
    {
        foreach (int found in _skeletons.Find(TextHash.Of(forms.Folded)))
        {
            Brand brand = _brands[found];
            if (!forms.Folded.SequenceEqual(brand.Folded) || forms.Text.SequenceEqual(brand.Text)) continue;
            double cost = GlyphCost(forms, 0, forms.Folded.Length, brand);
            double known = brand.Length switch { < 3 => 0, 3 => 0.5, 4 => 0.8, _ => 1 };
            signs.Add(found, LookalikeClass.Homoglyph, known * Math.Exp(-cost), $"looks like {brand.Written} (cost {Percent(cost)})");
        }
    }

    /// <summary>What it costs to take a stretch of a skeleton for a brand's: both are cut where letters of both begin, and each pair of pieces is priced.</summary>
    private static double GlyphCost(in LabelForms forms, int start, int end, Brand brand)
    {
        double cost = 0;
        int from = start;
        for (int at = start + 1; at <= end; at++)
        {
            int other = at - start;
            if (forms.Origins[at] == forms.Origins[at - 1] || brand.Origins[other] == brand.Origins[other - 1]) continue;
            ReadOnlySpan<int> piece = forms.Text[forms.Origins[from]..forms.Origins[at]];
            cost += Glyphs.Cost(piece, brand.Text.AsSpan(brand.Origins[from - start]..brand.Origins[other]));
            from = at;
        }

        return cost;
    }

    private void MatchSlips(ReadOnlySpan<int> plain, ref SignCollector signs)
    {
        int length = plain.Length;
        if (!_slips[length]) return;
        Span<ulong> prefixes = stackalloc ulong[MaxSlippedLength + 1];
        TextHash.Prefixes(plain, prefixes);
        Verified verified = default;
        if (_deletions.MayContain(prefixes[length])) Measure(prefixes[length], plain, ref verified, ref signs);
        for (int i = 0; i < length; i++)
        {
            ulong hash = TextHash.Join(prefixes[i], prefixes, i + 1, length);
            if (_deletions.MayContain(hash)) Measure(hash, plain, ref verified, ref signs);
        }

        if (!_doubleSlips[length]) return;
        for (int i = 0; i < length; i++)
        {
            for (int j = i + 1; j < length; j++)
            {
                ulong hash = TextHash.Join(TextHash.Join(prefixes[i], prefixes, i + 1, j), prefixes, j + 1, length);
                if (_deletions.MayContain(hash)) Measure(hash, plain, ref verified, ref signs);
            }
        }
    }

    private void Measure(ulong hash, ReadOnlySpan<int> plain, ref Verified verified, ref SignCollector signs)
    {
        foreach (int found in _deletions.Find(hash))
        {
            if (!verified.Add(found)) continue;
            Brand brand = _brands[found];
            int edits = TypoDistance.Measure(plain, brand.Text, out double weight);
            if (edits == 0 || edits > brand.MaxEdits) continue;

            // The strength of a slip falls with its weight, and the slower the longer the name.
            signs.Add(found, LookalikeClass.Typo, Math.Exp(-weight / (0.12 * brand.Length)), $"{edits} {(edits == 1 ? "slip" : "slips")} from {brand.Written} (weight {Percent(weight)})");
        }
    }

    /// <summary>Finds brands among words.</summary>
    /// <param name="forms">The label.</param>
    /// <param name="kind">What such a find is.</param>
    /// <param name="share">What it is worth, 0 to 1.</param>
    /// <param name="signs">Where finds go.</param>
    private void MatchTokens(in LabelForms forms, LookalikeClass kind, double share, ref SignCollector signs)
    {
        int state = 0;
        for (int at = 0; at < forms.Folded.Length; at++)
        {
            state = _tokens.Step(state, forms.Folded[at]);
            int ending = state;
            do
            {
                int token = _tokens.TokenAt(ending, out ending);
                for (; token >= 0; token = _tokens.SameAs[token]) MatchToken(forms, at + 1, _brands[token], kind, share, ref signs);
            }
            while (ending != 0);
        }
    }

    private void MatchToken(in LabelForms forms, int end, Brand brand, LookalikeClass kind, double share, ref SignCollector signs)
    {
        int start = end - brand.Folded.Length;
        double known = brand.Length switch { < 3 => 0, 3 => 0.3, 4 => 0.6, 5 => 0.9, _ => 1 };
        bool isWhole = start == 0 && end == forms.Folded.Length;
        if (known == 0 || isWhole || (start > 0 && forms.Origins[start] == forms.Origins[start - 1]) || forms.Origins[end] == forms.Origins[end - 1]) return;
        ReadOnlySpan<int> left = forms.Text[..forms.Origins[start]], right = forms.Text[forms.Origins[end]..];
        (bool isWords, bool hasWord) = Surroundings(left);
        (bool alsoWords, bool alsoWord) = Surroundings(right);
        isWords &= alsoWords;
        hasWord |= alsoWord;
        bool isApart = (left.IsEmpty || IsBorder(left[^1])) && (right.IsEmpty || IsBorder(right[0]));

        // Inside a longer word a short name means nothing: ui stands in suite. Nor does a long one unless the rest is made of words.
        if (!isApart && (brand.Length < 6 || !isWords || !hasWord)) return;
        double strength = (isWords, hasWord, isApart) switch { (true, true, true) => 1, (true, true, false) => 0.85, (true, false, _) => 0.6, _ => 0.7 };
        double cost = GlyphCost(forms, start, end, brand);
        string detail = $"{brand.Written} with {(isWords ? hasWord ? "known words" : "digits" : "other words")}{(cost > 0 ? $" (glyph cost {Percent(cost)})" : "")}";
        signs.Add(brand.Index, kind, share * known * strength * Math.Exp(-cost), detail);
    }

    private static bool IsBorder(int letter) => letter is '-' or (>= '0' and <= '9');

    /// <summary>Whether a text is nothing but known words, digits and hyphens, and whether there is a word in it.</summary>
    private (bool IsWords, bool HasWord) Surroundings(ReadOnlySpan<int> text)
    {
        bool hasWord = false;
        for (int at = 0; at < text.Length;)
        {
            if (IsBorder(text[at]))
            {
                at++;
                continue;
            }

            int end = at + 1;
            while (end < text.Length && !IsBorder(text[end])) end++;
            if (!_words.Segments(text[at..end])) return (false, false);
            hasWord = true;
            at = end;
        }

        return (true, hasWord);
    }

    /// <summary>The labels before the registrable domain, which whoever owns it can choose at will.</summary>
    private void MatchBefore(ReadOnlySpan<byte> wire, int domainStart, ReadOnlySpan<byte> domainLabel, ref SignCollector signs)
    {
        ReadOnlySpan<byte> label = default;
        Span<int> text = stackalloc int[LabelForms.TextRoom], folded = stackalloc int[LabelForms.AsciiRoom];
        Span<byte> origins = stackalloc byte[LabelForms.AsciiRoom + 1];
        for (int at = 0; at < domainStart; at += wire[at] + 1)
        {
            label = wire.Slice(at + 1, wire[at]);
            MatchTokens(LabelForms.Read(label, text, folded, origins), LookalikeClass.LevelSquat, HostShare, ref signs);
            foreach (int found in _before.Find(TextHash.Of(label)))
            {
                Brand brand = _brands[found / 2];
                if (found % 2 == 0) MatchLevels(wire, at, domainStart, label, brand, ref signs);
                else if (label.SequenceEqual(HyphenatedName(brand))) signs.Add(brand.Index, LookalikeClass.LevelSquat, 0.9, $"{brand.Name} with hyphens, before a domain of others");
            }
        }

        MatchSplit(label, domainLabel, ref signs);
    }

    private static void MatchLevels(ReadOnlySpan<byte> wire, int at, int domainStart, ReadOnlySpan<byte> label, Brand brand, ref SignCollector signs)
    {
        if (!label.SequenceEqual(LabelOf(brand))) return;
        ReadOnlySpan<byte> whole = brand.Domain.Wire[..^1];
        if (at + whole.Length <= domainStart && wire.Slice(at, whole.Length).SequenceEqual(whole))
        {
            signs.Add(brand.Index, LookalikeClass.LevelSquat, 1, $"{brand.Name} before a domain of others");
            return;
        }

        // examplebank.com-verify.example: the next label goes on where the brand's name does.
        int next = at + label.Length + 1;
        ReadOnlySpan<byte> following = wire.Slice(next + 1, wire[next]), suffix = whole[(label.Length + 1)..];
        ReadOnlySpan<byte> first = suffix.Slice(1, suffix[0]);
        bool isGlued = following.Length > first.Length && following.StartsWith(first) && following[first.Length] == '-';

        // Whole companies are customers of others, so the label alone is little.
        double strength = isGlued ? 0.9 : brand.Length < 4 ? 0 : brand.Length < 6 ? 0.2 : HostShare;
        signs.Add(brand.Index, LookalikeClass.LevelSquat, strength, isGlued ? $"{brand.Name} with a hyphen behind it, in a domain of others" : $"{brand.Written} before a domain of others");
    }

    /// <summary>A dot inside the brand: <c>example.bank.com</c>.</summary>
    private void MatchSplit(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, ref SignCollector signs)
    {
        if (left.Length + right.Length > DomainName.MaxLabelLength) return;
        ulong hash = TextHash.Of(left);
        foreach (byte letter in right) hash = TextHash.Append(hash, letter);
        foreach (int found in _exact.Find(hash))
        {
            if (found >= _brands.Length || _brands[found].Length < 6) continue;
            ReadOnlySpan<byte> label = LabelOf(_brands[found]);
            if (label.StartsWith(left) && label[left.Length..].SequenceEqual(right)) signs.Add(found, LookalikeClass.Doppelganger, 0.5, $"a dot inside {_brands[found].Written}");
        }
    }

    /// <summary>The brands that a label was measured against.</summary>
    [System.Runtime.CompilerServices.InlineArray(MaxVerified)]
    private struct Numbers
    {
        private int _first;
    }

    private struct Verified
    {
        private Numbers _numbers;
        private int _count;

        /// <summary>Whether a brand is to be measured: it was not before, as far as is remembered.</summary>
        public bool Add(int brand)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_numbers[i] == brand) return false;
            }

            if (_count < MaxVerified) _numbers[_count++] = brand;
            return true;
        }
    }
}
