using System.Globalization;
using System.Text;

namespace PassiveDns.Storage;

/// <summary>
/// A file in a store's directory that says what kind of store it is, in which format, and its interval gap. For authors of stores: look at it
/// before anything else is touched, since opening a directory with the wrong engine or merging with another gap would spoil it.
/// </summary>
/// <remarks><code>
/// PassiveDns KIND store, format 1
/// interval gap 172800 s
/// </code></remarks>
public static class StoreMarker
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "PASSIVEDNS";

    private const string Head = "PassiveDns ";
    private const string Middle = " store, format ";
    private const string GapHead = "interval gap ";
    private const string GapTail = " s";
    private const int Format = 1;

    /// <summary>The kind of store in a directory.</summary>
    /// <param name="path">The directory.</param>
    /// <returns><c>null</c> if there is no marker or it is not one of ours.</returns>
    public static string? KindOf(string path)
    {
        string marker = Path.Combine(path, FileName);
        if (!File.Exists(marker)) return null;
        string first = File.ReadLines(marker).FirstOrDefault("");
        int end = first.IndexOf(Middle, StringComparison.Ordinal);
        return first.StartsWith(Head, StringComparison.Ordinal) && end > Head.Length ? first[Head.Length..end] : null;
    }

    /// <summary>Makes sure that a directory holds a store of a kind or may become one; makes the marker of a new one.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="kind">The kind: one word, the same for ever.</param>
    /// <param name="wantedGap">The gap asked for, or <c>null</c> for what there is.</param>
    /// <param name="isReadOnly">Whether nothing may be made.</param>
    /// <returns>The interval gap of the store.</returns>
    /// <exception cref="ObservationStoreException">The directory holds something else, a newer format, another gap, or a damaged marker.</exception>
    public static TimeSpan Claim(string path, string kind, TimeSpan? wantedGap, bool isReadOnly)
    {
        string marker = Path.Combine(path, FileName);
        if (!File.Exists(marker)) return Make(path, marker, kind, wantedGap ?? SightingHistory.DefaultIntervalGap, isReadOnly);
        TimeSpan gap = Read(path, kind, File.ReadAllLines(marker));
        if (wantedGap is { } wanted && wanted != gap)
        {
            throw new ObservationStoreException($"{path} has an interval gap of {gap}, not {wanted}: leave IntervalGap out, or import into a new store.");
        }

        return gap;
    }

    /// <summary>Writes a marker, for a copy of a store that is otherwise whole.</summary>
    /// <param name="marker">The file.</param>
    /// <param name="kind">The kind of store.</param>
    /// <param name="gap">Its interval gap.</param>
    public static void Write(string marker, string kind, TimeSpan gap)
    {
        using FileStream file = new(marker, FileMode.Create);
        file.Write(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{Head}{kind}{Middle}{Format}\n{GapHead}{gap.Ticks / TimeSpan.TicksPerSecond}{GapTail}\n")));
        file.Flush(flushToDisk: true);
    }

    private static TimeSpan Make(string path, string marker, string kind, TimeSpan gap, bool isReadOnly)
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
        Write(draft, kind, gap);
        File.Move(draft, marker);
        return gap;
    }

    private static TimeSpan Read(string path, string kind, string[] lines)
    {
        string expected = Head + kind + Middle;
        string first = lines.Length > 0 ? lines[0] : "";
        if (!first.StartsWith(expected, StringComparison.Ordinal))
        {
            if (KindOf(path) is { } other) throw new ObservationStoreException($"{path} holds a store of the kind {other}, and this is the {kind} one: open it with what made it, or name another directory.");
            throw new ObservationStoreException($"{path} holds something else (\"{first}\"): open it with what made it, or name another directory.");
        }

        if (TryRead(first.AsSpan(expected.Length), out long format) && format > Format)
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
