using System.Globalization;
using System.Text;

namespace PassiveDns;

/// <summary>
/// Knows under which names the public can register others (publicsuffix.org): <c>com</c>, <c>co.uk</c>. No list is part of this package, because lists age
/// (PassiveDns.Analysis carries a copy); systems have one (Debian: <c>/usr/share/publicsuffix/public_suffix_list.dat</c>). Without a list the last label of a
/// name is its public suffix.
/// </summary>
public sealed class PublicSuffixList
{
    private const string PrivateSection = "// ===BEGIN PRIVATE DOMAINS===";

    private readonly Dictionary<DomainName, Kind> _rules;
    private readonly Dictionary<DomainName, Kind>.AlternateLookup<ReadOnlySpan<byte>> _byWire;
    private int _mostLabels;

    private PublicSuffixList()
    {
        _rules = new(WireComparer.Instance);
        _byWire = _rules.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    [Flags]
    private enum Kind : byte
    {
        Suffix = 1,
        Wildcard = 2,
        Exception = 4,
        PrivateSuffix = 8,
        PrivateWildcard = 16,
        PrivateException = 32,
    }

    /// <summary>No rule at all: the last label is the public suffix.</summary>
    public static PublicSuffixList Empty { get; } = new();

    /// <summary>How many names have rules.</summary>
    public int Count => _rules.Count;

    /// <summary>Reads a list.</summary>
    /// <param name="path">The file, UTF-8, in the form of publicsuffix.org.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    /// <exception cref="FormatException">A line is no rule; the message names it.</exception>
    public static PublicSuffixList Load(string path)
    {
        using StreamReader reader = new(path, Encoding.UTF8);
        return Read(reader, path);
    }

    /// <summary>Reads a list.</summary>
    /// <param name="reader">Its lines, in the form of publicsuffix.org.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="FormatException">A line is no rule; the message names it.</exception>
    public static PublicSuffixList Read(TextReader reader, string name = "public suffix list")
    {
        ArgumentNullException.ThrowIfNull(reader);
        PublicSuffixList list = new();
        IdnMapping idn = new();
        bool isPrivate = false;
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            isPrivate |= line.StartsWith(PrivateSection, StringComparison.Ordinal);

            // A rule ends at the first white space; lines that start with two slashes are comments.
            string rule = line.Split([' ', '\t'], 2)[0];
            if (rule.Length == 0 || rule.StartsWith("//", StringComparison.Ordinal)) continue;
            (Kind kind, string suffix) = rule switch
            {
                ['!', ..] => (Kind.Exception, rule[1..]),
                ['*', '.', ..] => (Kind.Wildcard, rule[2..]),
                _ => (Kind.Suffix, rule),
            };
            if (isPrivate) kind = (Kind)((int)kind << 3);
            try
            {
                DomainName key = DomainName.Parse(Ascii.IsValid(suffix) ? suffix : idn.GetAscii(suffix));
                list._rules[key] = list._rules.GetValueOrDefault(key) | kind;
                list._mostLabels = Math.Max(list._mostLabels, key.LabelCount);
            }
            catch (Exception e) when (e is ArgumentException or FormatException)
            {
                throw new FormatException($"{name}: line {number} is no rule of a public suffix list; give a copy of https://publicsuffix.org/list/public_suffix_list.dat.", e);
            }
        }

        return list;
    }

    /// <summary>How many labels the registrable domain of a name has: one more than its public suffix.</summary>
    /// <param name="name">The name.</param>
    /// <param name="includePrivate">Whether suffixes count that companies made below their own names, such as <c>github.io</c>.</param>
    /// <returns>The labels, or 0 if the name is a public suffix itself, or the root.</returns>
    public int RegistrableLabels(DomainName name, bool includePrivate) => RegistrableLabels(name.Wire, includePrivate);

    /// <summary>The same of a name that nobody keeps; nothing is allocated.</summary>
    /// <param name="canonicalWire">A well-formed name as in <see cref="DomainName.Wire"/>.</param>
    /// <param name="includePrivate">Whether suffixes count that companies made below their own names, such as <c>github.io</c>.</param>
    /// <returns>The labels, or 0 if the name is a public suffix itself, or the root.</returns>
    /// <exception cref="ArgumentException">The octets are no uncompressed name.</exception>
    public int RegistrableLabels(ReadOnlySpan<byte> canonicalWire, bool includePrivate)
    {
        if (NameWire.Measure(canonicalWire) != canonicalWire.Length) throw new ArgumentException("The octets are no uncompressed name: give the wire form of one.", nameof(canonicalWire));
        Span<byte> starts = stackalloc byte[DomainName.MaxLabels + 1];
        int labels = 0;
        for (int at = 0; canonicalWire[at] != 0; at += canonicalWire[at] + 1) starts[labels++] = (byte)at;
        Kind suffix = Kind.Suffix | (includePrivate ? Kind.PrivateSuffix : 0);
        Kind wildcard = Kind.Wildcard | (includePrivate ? Kind.PrivateWildcard : 0);
        Kind exception = Kind.Exception | (includePrivate ? Kind.PrivateException : 0);
        int longest = Math.Min(labels, 1); // the rule that always holds: the last label
        for (int kept = 1; kept <= labels && kept <= _mostLabels; kept++)
        {
            if (!_byWire.TryGetValue(canonicalWire[starts[labels - kept]..], out Kind kind)) continue;
            if ((kind & exception) != 0)
            {
                longest = kept - 1;
                break; // an exception prevails over all other rules
            }

            if ((kind & suffix) != 0) longest = kept;
            if ((kind & wildcard) != 0 && kept < labels) longest = kept + 1;
        }

        return longest < labels ? longest + 1 : 0;
    }

    /// <summary>Finds names by their octets.</summary>
    private sealed class WireComparer : IEqualityComparer<DomainName>, IAlternateEqualityComparer<ReadOnlySpan<byte>, DomainName>
    {
        public static WireComparer Instance { get; } = new();

        public bool Equals(DomainName x, DomainName y) => x == y;

        public int GetHashCode(DomainName obj) => GetHashCode(obj.Wire);

        public bool Equals(ReadOnlySpan<byte> alternate, DomainName other) => alternate.SequenceEqual(other.Wire);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)OctetHash.Compute(alternate);

        public DomainName Create(ReadOnlySpan<byte> alternate) => DomainName.FromCanonicalWire(alternate);
    }
}
