using System.Globalization;
using System.Text;

namespace PassiveDns.Storage.RocksDb;

/// <summary>
/// A file beside RocksDB's own that says whose directory it is, and the interval gap. It is looked at before RocksDB is: opening a directory
/// changes it, and replaying the log merges rows, which must not happen with another gap.
/// </summary>
/// <remarks><code>
/// PassiveDns RocksDB store, format 1
/// interval gap 172800 s
/// </code></remarks>
internal static class StoreMarker
{
    private const string FileName = "PASSIVEDNS";
    private const string Kind = "PassiveDns RocksDB store, format ";
    private const string GapHead = "interval gap ";
    private const string GapTail = " s";
    private const int Format = 1;

    /// <summary>Makes sure that a directory holds a store of ours or may become one.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="wantedGap">The gap asked for, or <c>null</c> for what there is.</param>
    /// <param name="isReadOnly">Whether nothing may be made.</param>
    /// <returns>The interval gap of the store.</returns>
    public static TimeSpan Claim(string path, TimeSpan? wantedGap, bool isReadOnly)
    {
        string marker = Path.Combine(path, FileName);
        if (!File.Exists(marker)) return Make(path, marker, wantedGap ?? SightingHistory.DefaultIntervalGap, isReadOnly);
        TimeSpan gap = Read(path, File.ReadAllLines(marker));
        if (wantedGap is { } wanted && wanted != gap)
        {
            throw new ObservationStoreException($"{path} has an interval gap of {gap}, not {wanted}: leave IntervalGap out, or import into a new store.");
        }

        // Without CURRENT RocksDB would start anew and clear away the tables of the old store
        if (!File.Exists(Path.Combine(path, "CURRENT")) && Directory.EnumerateFiles(path, "*.sst").Any())
        {
            throw new ObservationStoreException($"{path} is damaged: its CURRENT file is missing. Restore it from a backup.");
        }

        return gap;
    }

    private static TimeSpan Make(string path, string marker, TimeSpan gap, bool isReadOnly)
    {
        if (File.Exists(path)) throw new ObservationStoreException($"{path} is a file: name a directory for the store.");
        string draft = marker + ".new";
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(entry => entry != draft))
        {
            throw new ObservationStoreException(
                $"{path} holds other files and no PassiveDns store; nothing in it was touched: name an empty or new directory.");
        }

        if (isReadOnly) throw new ObservationStoreException($"{path} holds no store yet: import something into it first.");
        Directory.CreateDirectory(path);
        using (FileStream file = new(draft, FileMode.Create))
        {
            file.Write(Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{Kind}{Format}\n{GapHead}{gap.Ticks / TimeSpan.TicksPerSecond}{GapTail}\n")));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, marker);
        return gap;
    }

    private static TimeSpan Read(string path, string[] lines)
    {
        string first = lines.Length > 0 ? lines[0] : "";
        if (!first.StartsWith(Kind, StringComparison.Ordinal))
        {
            throw new ObservationStoreException($"{path} holds something else (\"{first}\"): open it with what made it, or name another directory.");
        }

        if (TryRead(first.AsSpan(Kind.Length), out long format) && format > Format)
        {
            throw new ObservationStoreException($"{path} has format {format}, this version reads up to {Format}: use a newer version of PassiveDns.");
        }

        string second = lines.Length > 1 ? lines[1] : "";
        if (format == Format && second.StartsWith(GapHead, StringComparison.Ordinal) && second.EndsWith(GapTail, StringComparison.Ordinal)
            && TryRead(second.AsSpan(GapHead.Length, second.Length - GapHead.Length - GapTail.Length), out long seconds)
            && seconds >= SightingHistory.MinIntervalGap.TotalSeconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        throw new ObservationStoreException($"{path} is damaged: its {FileName} file cannot be read. Restore it from a backup.");
    }

    private static bool TryRead(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= int.MaxValue;
}
