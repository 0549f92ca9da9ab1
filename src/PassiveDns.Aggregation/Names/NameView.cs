namespace PassiveDns.Aggregation;

/// <summary>A canonical name together with the number of its labels and its hash.</summary>
/// <param name="wire">The name.</param>
/// <param name="labels">Its labels, the root not counted.</param>
/// <param name="hash"><see cref="OctetHash.Compute"/> of it.</param>
internal readonly ref struct NameView(ReadOnlySpan<byte> wire, int labels, ulong hash)
{
    public ReadOnlySpan<byte> Wire { get; } = wire;

    public int Labels { get; } = labels;

    public ulong Hash { get; } = hash;

    /// <summary>Counts and hashes.</summary>
    /// <param name="wire">A well-formed canonical name.</param>
    public static NameView Of(ReadOnlySpan<byte> wire)
    {
        int labels = 0;
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) labels++;
        return new(wire, labels, OctetHash.Compute(wire));
    }

    /// <summary>The ancestor that keeps the last <paramref name="labels"/> labels.</summary>
    public ReadOnlySpan<byte> Suffix(int labels)
    {
        ReadOnlySpan<byte> wire = Wire;
        int at = 0;
        for (int i = Labels; i > labels; i--) at += wire[at] + 1;
        return wire[at..];
    }

    public bool IsAtOrUnder(NameView ancestor) =>
        Labels >= ancestor.Labels && Wire.Length >= ancestor.Wire.Length && Suffix(ancestor.Labels).SequenceEqual(ancestor.Wire);
}
