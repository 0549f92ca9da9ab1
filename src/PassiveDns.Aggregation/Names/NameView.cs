namespace PassiveDns.Aggregation;

/// <summary>A canonical name together with the hash and the place of every suffix of it, so that its ancestors can be looked up without walking it again.</summary>
internal readonly ref struct NameView
{
    private readonly ReadOnlySpan<ulong> _hashes;
    private readonly ReadOnlySpan<byte> _offsets;

    public NameView(ReadOnlySpan<byte> wire, ReadOnlySpan<ulong> hashes, ReadOnlySpan<byte> offsets)
    {
        Wire = wire;
        _hashes = hashes;
        _offsets = offsets;
    }

    public ReadOnlySpan<byte> Wire { get; }

    public int Labels => _hashes.Length - 1;

    public ulong Hash => _hashes[^1];

    /// <summary>The hash of the ancestor that keeps the last <paramref name="labels"/> labels.</summary>
    public ulong SuffixHash(int labels) => _hashes[labels];

    /// <summary>The ancestor that keeps the last <paramref name="labels"/> labels.</summary>
    public ReadOnlySpan<byte> Suffix(int labels) => Wire[_offsets[labels]..];

    public bool IsAtOrUnder(NameView ancestor) =>
        Labels >= ancestor.Labels && _hashes[ancestor.Labels] == ancestor.Hash && Suffix(ancestor.Labels).SequenceEqual(ancestor.Wire);

    /// <summary>Walks a canonical name once and fills in the hash and the place of each suffix, the root first.</summary>
    /// <param name="wire">A well-formed canonical name.</param>
    /// <param name="hash">The hash.</param>
    /// <param name="hashes">Room for 128.</param>
    /// <param name="offsets">Room for 128.</param>
    public static NameView Index(ReadOnlySpan<byte> wire, in KeyedHash hash, Span<ulong> hashes, Span<byte> offsets)
    {
        Span<byte> starts = stackalloc byte[DomainName.MaxLabels];
        int labels = 0;
        int at = 0;
        for (; wire[at] != 0; at += wire[at] + 1) starts[labels++] = (byte)at;
        ulong chain = hash.Seed;
        hashes[0] = chain;
        offsets[0] = (byte)at;
        for (int i = labels - 1, k = 1; i >= 0; i--, k++)
        {
            int start = starts[i];
            chain = hash.Octets(wire.Slice(start, wire[start] + 1), chain);
            hashes[k] = chain;
            offsets[k] = (byte)start;
        }

        return new(wire[..(at + 1)], hashes[..(labels + 1)], offsets[..(labels + 1)]);
    }
}
