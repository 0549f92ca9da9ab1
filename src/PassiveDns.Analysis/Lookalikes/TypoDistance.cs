namespace PassiveDns.Analysis;

/// <summary>
/// The distance from what was meant to what was typed (optimal string alignment: Damerau-Levenshtein without editing a transposed pair again), both as a number
/// of edits and weighed by how easily a hand makes each of them.
/// </summary>
internal static class TypoDistance
{
    private const double Doubled = 0.3; // a letter twice, or one of two
    private const double Slip = 0.5; // a letter left out, two exchanged, a neighbouring key
    private const double Vowel = 0.6; // one vowel for another
    private const double Shape = 0.8; // letters of like shape: b d, c e, m n, u v
    private const double Stray = 1.0; // a letter from nowhere
    private const double Other = 1.5; // any letter for any other
    private const double FirstLetter = 0.5; // added: people see the first letter of a word

    /// <summary>Measures.</summary>
    /// <param name="typed">What was typed; up to 255 letters.</param>
    /// <param name="meant">What was meant; up to 63 letters.</param>
    /// <param name="weight">The least sum of weights.</param>
    /// <returns>The least number of edits.</returns>
    public static int Measure(ReadOnlySpan<int> typed, ReadOnlySpan<int> meant, out double weight)
    {
        int width = meant.Length + 1;
        Span<int> edits = stackalloc int[3 * width];
        Span<double> weights = stackalloc double[3 * width];
        for (int row = 0; row <= typed.Length; row++)
        {
            int now = row % 3 * width, before = (row + 2) % 3 * width, earlier = (row + 1) % 3 * width;
            for (int column = 0; column <= meant.Length; column++)
            {
                if (row == 0 && column == 0)
                {
                    edits[now] = 0;
                    weights[now] = 0;
                    continue;
                }

                int least = int.MaxValue;
                double lightest = double.MaxValue;
                if (row > 0)
                {
                    least = edits[before + column] + 1;
                    lightest = weights[before + column] + Insertion(typed, meant, row - 1, column);
                }

                if (column > 0)
                {
                    least = Math.Min(least, edits[now + column - 1] + 1);
                    lightest = Math.Min(lightest, weights[now + column - 1] + Omission(meant, column - 1));
                }

                if (row > 0 && column > 0)
                {
                    bool same = typed[row - 1] == meant[column - 1];
                    least = Math.Min(least, edits[before + column - 1] + (same ? 0 : 1));
                    lightest = Math.Min(lightest, weights[before + column - 1] + (same ? 0 : Substitution(typed[row - 1], meant[column - 1], column - 1)));
                    if (row > 1 && column > 1 && !same && typed[row - 1] == meant[column - 2] && typed[row - 2] == meant[column - 1])
                    {
                        least = Math.Min(least, edits[earlier + column - 2] + 1);
                        lightest = Math.Min(lightest, weights[earlier + column - 2] + Slip);
                    }
                }

                edits[now + column] = least;
                weights[now + column] = lightest;
            }
        }

        int end = (typed.Length % 3 * width) + meant.Length;
        weight = weights[end];
        return edits[end];
    }

    private static double Insertion(ReadOnlySpan<int> typed, ReadOnlySpan<int> meant, int at, int column)
    {
        int letter = typed[at];
        if ((column > 0 && meant[column - 1] == letter) || (column < meant.Length && meant[column] == letter)) return Doubled;
        bool slipped = (column > 0 && KeyboardLayouts.AreNeighbours(letter, meant[column - 1])) || (column < meant.Length && KeyboardLayouts.AreNeighbours(letter, meant[column]));
        return (slipped ? Slip : Stray) + (column == 0 ? FirstLetter : 0);
    }

    private static double Omission(ReadOnlySpan<int> meant, int column)
    {
        bool doubled = (column > 0 && meant[column - 1] == meant[column]) || (column + 1 < meant.Length && meant[column + 1] == meant[column]);
        return doubled ? Doubled : Slip + (column == 0 ? FirstLetter : 0);
    }

    private static double Substitution(int typed, int meant, int column)
    {
        double weight = KeyboardLayouts.AreNeighbours(typed, meant) ? Slip : IsVowel(typed) && IsVowel(meant) ? Vowel : HaveLikeShapes(typed, meant) ? Shape : Other;
        return weight + (column == 0 ? FirstLetter : 0);
    }

    private static bool IsVowel(int letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';

    private static bool HaveLikeShapes(int one, int other) => (Math.Min(one, other), Math.Max(one, other)) is ('b', 'd') or ('c', 'e') or ('m', 'n') or ('n', 'r') or ('u', 'v') or ('g', 'q');
}
