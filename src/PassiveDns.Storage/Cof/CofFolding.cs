namespace PassiveDns.Storage.Cof;

/// <summary>The words of the field <c>folded</c>.</summary>
internal static class CofFolding
{
    private static readonly (SightingFolding Flag, byte[] Word)[] s_words =
    [
        (SightingFolding.Names, "names"u8.ToArray()),
        (SightingFolding.SampleData, "sample-data"u8.ToArray()),
        (SightingFolding.Sets, "sets"u8.ToArray()),
        (SightingFolding.Records, "records"u8.ToArray()),
    ];

    /// <summary>Every flag and its word.</summary>
    public static ReadOnlySpan<(SightingFolding Flag, byte[] Word)> Words => s_words;

    /// <summary>The flag of a word, or <see cref="SightingFolding.None"/> if there is no such word.</summary>
    public static SightingFolding Parse(ReadOnlySpan<byte> word)
    {
        foreach ((SightingFolding flag, byte[] known) in s_words)
        {
            if (word.SequenceEqual(known)) return flag;
        }

        return SightingFolding.None;
    }
}
