using System.Globalization;

namespace PassiveDns.Analysis;

/// <summary>
/// Networks and what is known of them, from a file: lines of <c>prefix,asn,organisation,country</c>, and optionally <c>,from,to</c> in Unix seconds for facts
/// that held for a time only. The longest prefix that holds at the time wins. A first line that begins with <c>prefix,</c>, empty lines and lines that begin
/// with <c>#</c> are passed over; an empty field is not known.
/// </summary>
public sealed class AddressTable : IAddressEnrichment
{
    private readonly Dictionary<(HostAddress Last, int PrefixLength), List<Entry>> _networks = [];
    private readonly List<int> _lengths4 = [];
    private readonly List<int> _lengths6 = [];

    private AddressTable()
    {
    }

    private readonly record struct Entry(long From, long To, AddressFacts Facts);

    /// <summary>How many lines with facts there are.</summary>
    public int Count { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line is not of this form; the message names it.</exception>
    public static AddressTable Load(string path)
    {
        using StreamReader reader = new(path);
        return Read(reader, path);
    }

    /// <summary>Reads lines.</summary>
    /// <param name="reader">Where the lines come from.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="FormatException">A line is not of this form; the message names it.</exception>
    public static AddressTable Read(TextReader reader, string name = "address table")
    {
        ArgumentNullException.ThrowIfNull(reader);
        AddressTable table = new();
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line) || line[0] == '#' || (number == 1 && line.StartsWith("prefix,", StringComparison.OrdinalIgnoreCase))) continue;
            if (!table.TryAdd(line))
                throw new FormatException($"{name}: line {number} is not prefix,asn,organisation,country[,from,to]: write 192.0.2.0/24,64500,Example,NL, and times in Unix seconds.");
        }

        foreach (List<int> lengths in (List<int>[])[table._lengths4, table._lengths6]) lengths.Sort(static (a, b) => b.CompareTo(a));
        return table;
    }

    /// <inheritdoc/>
    public AddressFacts? Find(HostAddress address, long unixSeconds)
    {
        foreach (int length in address.IsIPv4 ? _lengths4 : _lengths6)
        {
            if (!_networks.TryGetValue((address.LastOf(length), length), out List<Entry>? entries)) continue;
            foreach (Entry entry in entries)
            {
                if (entry.From <= unixSeconds && unixSeconds <= entry.To) return entry.Facts;
            }
        }

        return null;
    }

    private bool TryAdd(string line)
    {
        string[] fields = line.Split(',');
        if (fields.Length is < 4 or 5 or > 6 || !HostAddress.TryParseNetwork(fields[0].Trim(), out HostAddress address, out int length)) return false;
        uint asn = 0;
        long from = long.MinValue, to = long.MaxValue;
        if (!IsEmptyOr(fields[1], s => uint.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out asn))) return false;
        if (fields.Length == 6 && !IsEmptyOr(fields[4], s => long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out from))) return false;
        if (fields.Length == 6 && !IsEmptyOr(fields[5], s => long.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out to))) return false;
        List<int> lengths = address.IsIPv4 ? _lengths4 : _lengths6;
        if (!lengths.Contains(length)) lengths.Add(length);
        (HostAddress, int) key = (address.LastOf(length), length);
        if (!_networks.TryGetValue(key, out List<Entry>? entries)) _networks.Add(key, entries = []);
        entries.Add(new(from, to, new()
        {
            Prefix = fields[0].Trim(),
            AutonomousSystem = asn == 0 ? null : asn,
            Organisation = Known(fields[2]),
            Country = Known(fields[3])?.ToUpperInvariant(),
        }));
        Count++;
        return true;
    }

    private static bool IsEmptyOr(string field, Func<string, bool> parse) => string.IsNullOrWhiteSpace(field) || parse(field.Trim());

    private static string? Known(string field) => string.IsNullOrWhiteSpace(field) ? null : field.Trim();
}
