using System.Text.Json;

namespace PassiveDns.Analysis;

/// <summary>
/// Negative evidence: what servers said is not there, from lines of JSON as <c>PassiveDns.Aggregation.NegativeEvidenceLines</c> writes them (<c>pdns import --negatives</c>). It is no
/// part of a store. Held in memory: load what the question is about.
/// </summary>
public sealed class NegativeTable
{
    private const int MaxLineLength = 1 << 16;

    private readonly Dictionary<DomainName, List<NegativeSighting>> _sightings = [];

    private NegativeTable()
    {
    }

    /// <summary>How many sightings are held.</summary>
    public int Count { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <param name="wanted">Which names are wanted; all if <c>null</c>. NXDOMAIN counts for names below, so ask for the ancestors, too.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line is not of this form; the message names it.</exception>
    public static NegativeTable Load(string path, Func<DomainName, bool>? wanted = null)
    {
        using StreamReader reader = new(path);
        return Read(reader, path, wanted);
    }

    /// <summary>Reads lines.</summary>
    /// <param name="reader">Where the lines come from.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="wanted">Which names are wanted; all if <c>null</c>.</param>
    /// <exception cref="FormatException">A line is not of this form; the message names it.</exception>
    public static NegativeTable Read(TextReader reader, string name = "negative evidence", Func<DomainName, bool>? wanted = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        NegativeTable table = new();
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (line.Length > MaxLineLength || !TryParse(line, out NegativeSighting sighting, out bool isFolded))
                throw new FormatException($"{name}: line {number} is no negative evidence: write {{\"name\":\"gone.example.com.\",\"kind\":\"name-error\",\"zone\":\"example.com.\",\"time_first\":1700000000,\"time_last\":1700000300}}.");
            if (!isFolded && wanted?.Invoke(sighting.Name) != false) table.Add(sighting);
        }

        foreach ((DomainName denied, List<NegativeSighting> sightings) in table._sightings)
        {
            table._sightings[denied] = [.. sightings.Distinct().OrderBy(static sighting => sighting.First)]; // a line may be there twice
            table.Count += table._sightings[denied].Count;
        }

        return table;
    }

    /// <summary>What was said of a set: that its name or an ancestor in the zone or above it is not there, or, by its own zone, that its type is not; in time order.</summary>
    /// <param name="name">The owner name.</param>
    /// <param name="type">The type.</param>
    /// <param name="zone">The zone that the set belongs to.</param>
    public IReadOnlyList<NegativeSighting> Find(DomainName name, RecordType type, DomainName zone)
    {
        List<NegativeSighting> found = [];
        for (int labels = name.LabelCount; labels > 0; labels--)
        {
            if (!_sightings.TryGetValue(name.Ancestor(labels), out List<NegativeSighting>? sightings)) continue;
            foreach (NegativeSighting sighting in sightings)
            {
                // A parent's word on a name that it has delegated since is none on the child's data, but one on the delegation; NXDOMAIN is word on both.
                bool counts = sighting.Type is null ? zone.IsAtOrUnder(sighting.Zone) : sighting.Type == type && sighting.Zone == zone && labels == name.LabelCount;
                if (counts) found.Add(sighting);
            }
        }

        found.Sort(static (a, b) => a.First.CompareTo(b.First));
        return found;
    }

    /// <summary>The names that were denied in a window, with everything under them or some types only, in canonical order.</summary>
    internal IReadOnlyList<(DomainName Name, bool IsWhole)> DeniedIn(TimeWindow window)
    {
        List<(DomainName Name, bool IsWhole)> denied = [];
        foreach ((DomainName name, List<NegativeSighting> sightings) in _sightings)
        {
            NegativeSighting[] inside = [.. sightings.Where(sighting => sighting.First <= window.To && sighting.Last >= window.From)];
            if (inside.Length > 0) denied.Add((name, Array.Exists(inside, static sighting => sighting.Type is null)));
        }

        denied.Sort(static (a, b) => a.Name.CompareTo(b.Name));
        return denied;
    }

    private static bool TryParse(string line, out NegativeSighting sighting, out bool isFolded)
    {
        sighting = default;
        isFolded = false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !TryName(root, "name", out DomainName name) || !TryName(root, "zone", out DomainName zone)) return false;
            if (!TryTime(root, "time_first", out long first) || !TryTime(root, "time_last", out long last) || last < first || !name.IsAtOrUnder(zone)) return false;
            RecordType? type = null;
            switch (TextOf(root, "kind"))
            {
                case "name-error":
                    break;
                case "no-data":
                    if (!RecordTypeNames.TryParse(TextOf(root, "type") ?? "", out RecordType denied)) return false;
                    type = denied;
                    break;
                default:
                    return false;
            }

            // A wildcard that stands for a flood of names denies none of them by name.
            isFolded = root.TryGetProperty("folded_names", out JsonElement folded) && folded.ValueKind == JsonValueKind.Number;
            sighting = new(name, type, zone, first, last);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool TryName(JsonElement root, string member, out DomainName name)
    {
        name = default;
        return TextOf(root, member) is { } text && DomainName.TryParse(text, out name);
    }

    private static bool TryTime(JsonElement root, string member, out long time)
    {
        time = 0;
        return root.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out time);
    }

    private static string? TextOf(JsonElement root, string member) => root.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private void Add(NegativeSighting sighting)
    {
        if (!_sightings.TryGetValue(sighting.Name, out List<NegativeSighting>? sightings)) _sightings.Add(sighting.Name, sightings = []);
        sightings.Add(sighting);
    }
}
