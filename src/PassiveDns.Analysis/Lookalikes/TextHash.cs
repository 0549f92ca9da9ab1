using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PassiveDns.Analysis;

/// <summary>
/// A polynomial hash of code points, from whose prefixes the hash of the text without one or two of its letters follows in constant time. The base is random
/// for each process; whatever is found by hash is compared afterwards.
/// </summary>
internal static class TextHash
{
    /// <summary>The longest text: a label and what its letters can expand to.</summary>
    public const int MaxLength = 256;

    /// <summary>The hash of no text; not 0, so that length counts.</summary>
    public const ulong Start = 1;

    private static readonly ulong s_base = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) | 1;
    private static readonly ulong[] s_powers = Powers();

    /// <summary>Appends a letter.</summary>
    public static ulong Append(ulong hash, int letter) => (hash * s_base) + (uint)letter + 1;

    /// <summary>The hash of a text.</summary>
    public static ulong Of(ReadOnlySpan<int> text)
    {
        ulong hash = Start;
        foreach (int letter in text) hash = Append(hash, letter);
        return hash;
    }

    /// <summary>The hash of a text in ASCII.</summary>
    public static ulong Of(ReadOnlySpan<byte> text)
    {
        ulong hash = Start;
        foreach (byte letter in text) hash = Append(hash, letter);
        return hash;
    }

    /// <summary>The hashes of all prefixes: as many as the text has letters, and one more.</summary>
    public static void Prefixes(ReadOnlySpan<int> text, Span<ulong> prefixes)
    {
        prefixes[0] = Start;
        for (int i = 0; i < text.Length; i++) prefixes[i + 1] = Append(prefixes[i], text[i]);
    }

    /// <summary>The hash of what a prefix and what follows from <paramref name="from"/> to <paramref name="to"/> make.</summary>
    /// <param name="head">The hash of what stands before.</param>
    /// <param name="prefixes">Those of <see cref="Prefixes"/>.</param>
    /// <param name="from">The first letter that follows.</param>
    /// <param name="to">The letter behind the last one.</param>
    public static ulong Join(ulong head, ReadOnlySpan<ulong> prefixes, int from, int to) =>
        // P(to) = P(from) * b^(to - from) + rest, so the rest is the difference.
        ((head - prefixes[from]) * s_powers[to - from]) + prefixes[to];

    private static ulong[] Powers()
    {
        ulong[] powers = new ulong[MaxLength + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.Length; i++) powers[i] = powers[i - 1] * s_base;
        return powers;
    }
}
