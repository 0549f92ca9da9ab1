namespace PassiveDns.Analysis;

/// <summary>
/// ASCII letters and digits that look alike. Folding expands, never joins (m becomes rn, not rn m), so it needs no look-ahead and two labels that look alike
/// fold to the same text. What was exchanged is priced afterwards, where the two are laid side by side.
/// </summary>
internal static class Glyphs
{
    /// <summary>The most letters that one ASCII letter folds to.</summary>
    public const int MaxFold = 2;

    // UTS 39 knows 0 1 m (in its first column) and leaves the others to who knows his letters: w d are two strokes joined, i is l in capitals, digits stand for letters.
    private static readonly byte[] s_first = Table(first: true);
    private static readonly byte[] s_second = Table(first: false);

    /// <summary>Folds one letter.</summary>
    /// <param name="letter">A code point.</param>
    /// <param name="second">The second letter, or 0.</param>
    /// <returns>The first letter.</returns>
    public static int Fold(int letter, out int second)
    {
        if ((uint)letter >= 128)
        {
            second = 0;
            return letter;
        }

        second = s_second[letter];
        return s_first[letter];
    }

    /// <summary>
    /// What it costs a reader to take one for the other, 0 (they are the same) upwards: the strength of a homoglyph is exp(-sum). Both fold to the same text.
    /// </summary>
    public static double Cost(ReadOnlySpan<int> one, ReadOnlySpan<int> other)
    {
        if (one.SequenceEqual(other)) return 0;
        if (one.ContainsAnyExceptInRange(0, 127) || other.ContainsAnyExceptInRange(0, 127)) return Math.Max(ForeignCost(one), ForeignCost(other));
        bool hasI = one.Contains('i') || other.Contains('i');
        Fold(one[0], out int second);
        return (Fold(one[0], out _), second != 0 || one.Length > 1) switch
        {
            ('o', false) => 0.15, // 0 o
            ('l', false) => hasI ? 0.35 : 0.15, // i l, 1 l
            ('r', true) or ('v', true) => 0.15, // rn m, vv w
            ('c', true) => hasI ? 0.6 : 0.3, // cl d
            ('g', false) => 0.35, // q g, 9 g
            _ => 0.6, // 3 e, 4 a and the like
        };
    }

    private static double ForeignCost(ReadOnlySpan<int> letters)
    {
        double cost = 0;
        foreach (int letter in letters)
        {
            if (letter >= 128) cost = Math.Max(cost, Confusables.Table.TryGetValue(letter, out Confusables.Skeleton skeleton) && skeleton.IsSame ? 0.05 : 0.3);
        }

        return cost;
    }

    private static byte[] Table(bool first)
    {
        byte[] table = new byte[128];
        for (int i = 0; i < table.Length && first; i++) table[i] = (byte)i;
        foreach (string fold in (string[])["0o", "1l", "il", "mrn", "wvv", "dcl", "qg", "9g", "2z", "3e", "4a", "5s", "7t", "8b"])
        {
            if (first) table[fold[0]] = (byte)fold[1];
            else if (fold.Length > 2) table[fold[0]] = (byte)fold[2];
        }

        return table;
    }
}
