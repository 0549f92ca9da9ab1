namespace PassiveDns.Storage.Embedded.Files;

/// <summary>Makes the one line that names a damaged file, the place and the mend.</summary>
internal static class StoreDamage
{
    private const string Mend = "Restore the store from a backup or build it anew from the captures.";

    public static ObservationStoreException In(string path, long offset, string what, Exception? cause = null) =>
        new($"{path} is damaged at offset {offset}: {what}. {Mend}", false, cause);

    /// <summary>What is wrong with a file, without its name and the mend: for those who list damages.</summary>
    public static string ReasonOf(ObservationStoreException damage, string path) => ReasonOf(damage.Message, path);

    /// <summary>What is wrong with a file, of such a line.</summary>
    public static string ReasonOf(string line, string path)
    {
        string reason = line;
        string head = $"{path} is damaged";
        if (reason.StartsWith(head, StringComparison.Ordinal)) reason = reason[head.Length..].TrimStart(':', ' ');
        else if (reason.StartsWith(path, StringComparison.Ordinal)) reason = reason[path.Length..].TrimStart(':', ' ');
        return reason.Replace(" " + Mend, "", StringComparison.Ordinal).TrimEnd('.');
    }

    /// <summary>Whether a failure is damage to a file, rather than a format that is unknown or a disk that fails.</summary>
    public static bool IsIn(ObservationStoreException failure, string path) => failure.Message.StartsWith($"{path} is damaged", StringComparison.Ordinal);

    public static ObservationStoreException Of(string path, string what, Exception? cause = null) => new($"{path} is damaged: {what}. {Mend}", false, cause);
}
