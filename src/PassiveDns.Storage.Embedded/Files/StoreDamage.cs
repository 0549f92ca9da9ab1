namespace PassiveDns.Storage.Embedded.Files;

/// <summary>Makes the one line that names a damaged file, the place and the mend.</summary>
internal static class StoreDamage
{
    private const string Mend = "Restore the store from a backup or build it anew from the captures.";

    public static ObservationStoreException In(string path, long offset, string what, Exception? cause = null) =>
        new($"{path} is damaged at offset {offset}: {what}. {Mend}", false, cause);

    public static ObservationStoreException Of(string path, string what, Exception? cause = null) => new($"{path} is damaged: {what}. {Mend}", false, cause);
}
