using System.Globalization;

namespace PassiveDns.Analysis;

/// <summary>What letters beyond ASCII look like: their skeletons (UTS 39 section 4) in lower case and without marks.</summary>
internal static class Confusables
{
    private static readonly Lazy<Dictionary<int, Skeleton>> s_skeletons = new(Read);

    /// <summary>The skeleton of a letter.</summary>
    /// <param name="Letters">The code points that it looks like.</param>
    /// <param name="IsSame">Whether it looks the same; else it is the letter with a mark, a stroke or a hook.</param>
    public readonly record struct Skeleton(int[] Letters, bool IsSame);

    /// <summary>The table.</summary>
    public static Dictionary<int, Skeleton> Table => s_skeletons.Value;

    private static Dictionary<int, Skeleton> Read()
    {
        Dictionary<int, Skeleton> skeletons = [];
        using StreamReader reader = EmbeddedData.Open("confusables.txt.gz");
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            string[] fields = line.Split(';');
            int[] letters = [.. fields[1].EnumerateRunes().Select(static rune => rune.Value)];
            skeletons.Add(int.Parse(fields[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), new(letters, fields[2] == "="));
        }

        return skeletons;
    }
}
