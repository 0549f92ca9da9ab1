namespace PassiveDns.Analysis;

/// <summary>
/// Recognises names that imitate brands. It is compiled once for all brands, and what one name costs depends little on how many there are; a name that resembles
/// none allocates nothing. For any number of threads at a time.
/// </summary>
/// <remarks>
/// It looks at names that were observed and generates none, but for the few that exact rules give (bit flips, plurals, homophones, missing dots). Homoglyphs are
/// found by equal skeletons (UTS 39), typos by a deletion neighbourhood (as in SymSpell) that is then measured, brands among words by an Aho-Corasick automaton
/// over skeletons.
/// </remarks>
public sealed partial class LookalikeMatcher
{
    private readonly LookalikeOptions _options;
    private readonly PublicSuffixList _suffixes;
    private readonly Brand[] _brands;
    private readonly HashIndex _domains;

    /// <summary>Compiles.</summary>
    /// <param name="brands">Names of brands; their registrable domains count, each once.</param>
    /// <param name="options">What is judged how; the defaults if <c>null</c>.</param>
    /// <param name="publicSuffixes">Tells registrable domains; <see cref="PublicSuffixSnapshot"/> if <c>null</c>.</param>
    /// <exception cref="ArgumentException">There is no brand, a brand is a public suffix, or an option is outside its range.</exception>
    public LookalikeMatcher(IEnumerable<DomainName> brands, LookalikeOptions? options = null, PublicSuffixList? publicSuffixes = null)
    {
        ArgumentNullException.ThrowIfNull(brands);
        _options = options ?? new();
        _options.Validate();
        _suffixes = publicSuffixes ?? PublicSuffixSnapshot.List;
        _brands = [.. brands.Select(Registrable).Distinct().Order().Select(static (domain, i) => new Brand(i, domain))];
        if (_brands.Length == 0) throw new ArgumentException("There is no brand: name at least one.", nameof(brands));
        Brands = [.. _brands.Select(static brand => brand.Domain)];
        _domains = new(_brands.Select(static brand => (TextHash.Of(brand.Domain.Wire), brand.Index)));
        Compile(out _variants, out _exact, out _joined, out _skeletons, out _before, out _deletions, out _tokens);
        _words = new(_options.Words);
    }

    /// <summary>The registrable domains of the brands, in canonical order.</summary>
    public IReadOnlyList<DomainName> Brands { get; }

    /// <summary>Compares a name with all brands.</summary>
    /// <param name="name">The name.</param>
    /// <returns>A match for each brand that it resembles, whatever the score; none for the names of the brands and those under them.</returns>
    public IReadOnlyList<LookalikeMatch> Match(DomainName name)
    {
        List<LookalikeMatch> matches = [];
        Match(name.Wire, matches);
        return matches;
    }

    /// <summary>The same for a name that nobody keeps.</summary>
    /// <param name="canonicalWire">A well-formed name as in <see cref="DomainName.Wire"/>.</param>
    /// <param name="matches">Where matches are added.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="ArgumentException">The octets are no uncompressed name.</exception>
    public int Match(ReadOnlySpan<byte> canonicalWire, ICollection<LookalikeMatch> matches)
    {
        ArgumentNullException.ThrowIfNull(matches);
        int kept = _suffixes.RegistrableLabels(canonicalWire, includePrivate: true);
        if (kept == 0) return 0;
        int labels = 0;
        for (int at = 0; canonicalWire[at] != 0; at += canonicalWire[at] + 1) labels++;
        int start = 0;
        for (int skip = labels - kept; skip > 0; skip--) start += canonicalWire[start] + 1;
        ReadOnlySpan<byte> domain = canonicalWire[start..];
        if (IsBrand(domain)) return 0;
        SignCollector signs = default;
        ReadOnlySpan<byte> label = domain.Slice(1, domain[0]);
        if (LabelForms.IsEncoded(label)) MatchForeign(label, ref signs);
        else MatchAscii(label, ref signs);
        if (start > 0) MatchBefore(canonicalWire, start, label, ref signs);
        if (signs.IsEmpty) return 0;
        DomainName.TryFromWire(canonicalWire, out DomainName name);
        return signs.WriteTo(matches, name, name.Ancestor(kept), _brands, _options.Weights);
    }

    private bool IsBrand(ReadOnlySpan<byte> domain)
    {
        foreach (int candidate in _domains.Find(TextHash.Of(domain)))
        {
            if (domain.SequenceEqual(_brands[candidate].Domain.Wire)) return true;
        }

        return false;
    }

    private DomainName Registrable(DomainName brand)
    {
        int labels = _suffixes.RegistrableLabels(brand, includePrivate: true);
        return labels > 0 ? brand.Ancestor(labels) : throw new ArgumentException($"{brand} is a public suffix, under which strangers register: name a domain.");
    }
}
