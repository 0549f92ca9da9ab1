using System.Runtime.CompilerServices;

namespace PassiveDns.Storage.Tests;

/// <summary>A store as an earlier version left it: what was done to it, and where its files are kept.</summary>
internal static class OldStore
{
    private const long Day = 86_400;

    /// <summary>The deletion, which cuts intervals at both of its ends, between the second batch and the third.</summary>
    public static DeletionScope Deleted => new() { Subtree = DomainName.Parse("d2.example"), From = 30 * Day + 3_600, To = 34 * Day };

    public static DateTimeOffset DeletedAt => DateTimeOffset.FromUnixTimeSeconds(60 * Day);

    /// <summary>
    /// The first batch was written out and merged, the second written out; then something was deleted, and the third is in the log of a store that was not
    /// closed.
    /// </summary>
    public static ObservationBatch Batch(int number)
    {
        BatchBuilder rows = new();
        for (int i = 0; i < 120; i++)
        {
            long first = ((number - 1) * 15 + i % 40) * Day;
            rows.Add($"h{i % 60}.d{i % 4}.example", "A", $"192.0.2.{i % 30}", first, first + i * 700L);
            if (i % 6 == 0) rows.Add($"d{i % 4}.example", "MX", $"10 mail{i % 5}.example.", first);
            if (i % 8 == 0) rows.Add($"d{i % 4}.example", "TXT", $"\"{new string((char)('a' + i % 7), 90)}\"", first, provenance: i % 16 == 0 ? Provenance.ZoneFile : Provenance.VerifiedTraffic);
            if (i % 10 == 0) rows.Add($"d{i % 4}.example", "DS", $"{i} 13 2 3A2C7E62E7AC0FD4A6AC6F6C6B7E7D0C2CC65F7E9B0D7AB26B1E47E2A3CC0E8F", first);
        }

        return rows.Build((ulong)number);
    }

    public static string Files(string version, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "Corpus", "stores", version);
}
