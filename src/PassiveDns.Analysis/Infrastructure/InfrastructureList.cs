namespace PassiveDns.Analysis;

/// <summary>
/// Infrastructure that is known for something, from a file: one name (it and all names under it), address, or network a line. A port behind an address is passed over, so
/// that published lists of indicators can be read as they are; so are empty lines and lines that begin with <c>#</c>.
/// </summary>
public sealed class InfrastructureList
{
    private readonly HashSet<DomainName> _names = [];
    private readonly HashSet<(HostAddress Last, int PrefixLength)> _networks = [];
    private readonly SortedSet<int> _lengths4 = [];
    private readonly SortedSet<int> _lengths6 = [];

    private InfrastructureList()
    {
    }

    /// <summary>Nothing.</summary>
    public static InfrastructureList Empty { get; } = new();

    /// <summary>How many different entries there are.</summary>
    public int Count => _names.Count + _networks.Count;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line is none of these; the message names it.</exception>
    public static InfrastructureList Load(string path)
    {
        using StreamReader reader = new(path);
        return Read(reader, path);
    }

    /// <summary>Reads lines.</summary>
    /// <param name="reader">Where the lines come from.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="FormatException">A line is none of these; the message names it.</exception>
    public static InfrastructureList Read(TextReader reader, string name = "infrastructure list")
    {
        ArgumentNullException.ThrowIfNull(reader);
        InfrastructureList list = new();
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            string entry = line.Trim();
            if (entry.Length == 0 || entry[0] == '#') continue;
            if (!list.TryAdd(entry)) throw new FormatException($"{name}: line {number} is no name, address or network: write ns1.example.net, 192.0.2.1 or 192.0.2.0/24.");
        }

        return list;
    }

    /// <summary>Whether a name is listed, or lies under one that is.</summary>
    /// <param name="name">The name.</param>
    public bool Contains(DomainName name)
    {
        if (_names.Count == 0) return false;
        for (int labels = name.LabelCount; labels > 0; labels--)
        {
            if (_names.Contains(name.Ancestor(labels))) return true;
        }

        return false;
    }

    /// <summary>Whether an address is listed, or lies in a network that is.</summary>
    /// <param name="address">The address.</param>
    public bool Contains(HostAddress address)
    {
        foreach (int length in address.IsIPv4 ? _lengths4 : _lengths6)
        {
            if (_networks.Contains((address.LastOf(length), length))) return true;
        }

        return false;
    }

    private bool TryAdd(string entry)
    {
        if (HostAddress.TryParseNetwork(WithoutPort(entry), out HostAddress address, out int length))
        {
            (address.IsIPv4 ? _lengths4 : _lengths6).Add(length);
            _networks.Add((address.LastOf(length), length));
            return true;
        }

        // What ends in a digit or holds a colon was meant to be an address: no top-level domain does. Blanks, commas and slashes part words or URLs; hosts have none.
        if (char.IsAsciiDigit(entry[^1]) || entry.AsSpan().ContainsAny(": \t,/") || !DomainName.TryParse(entry, out DomainName name) || name.IsRoot) return false;
        _names.Add(name);
        return true;
    }

    // 192.0.2.1:53 and [2001:db8::1]:53
    private static ReadOnlySpan<char> WithoutPort(string entry)
    {
        int colon = entry.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(entry.AsSpan(colon + 1), out _)) return entry;
        if (entry[0] == '[' && entry[colon - 1] == ']') return entry.AsSpan(1, colon - 2);
        return entry.IndexOf(':', StringComparison.Ordinal) == colon ? entry.AsSpan(0, colon) : entry;
    }
}
