namespace PassiveDns.Storage.Keys;

/// <summary>A stretch of keys in one keyspace.</summary>
/// <param name="keyspace">The keyspace.</param>
/// <param name="from">The first key, inclusive.</param>
/// <param name="to">The end, exclusive, or <c>null</c> for the end of the keyspace.</param>
public sealed class KeyRange(Keyspace keyspace, byte[] from, byte[]? to)
{
    private readonly byte[] _from = from;
    private readonly byte[]? _to = to;

    /// <summary>The keyspace.</summary>
    public Keyspace Keyspace { get; } = keyspace;

    /// <summary>The first key, inclusive; empty for the start of the keyspace.</summary>
    public ReadOnlySpan<byte> From => _from;

    /// <summary>The end, exclusive; means nothing if <see cref="IsOpen"/> is set.</summary>
    public ReadOnlySpan<byte> To => _to;

    /// <summary>Whether the range runs to the end of the keyspace.</summary>
    public bool IsOpen => _to is null;

    /// <summary>Whether a key lies before the end of the range.</summary>
    /// <param name="key">The key.</param>
    public bool EndsAfter(ReadOnlySpan<byte> key) => _to is null || key.SequenceCompareTo(_to) < 0;

    /// <summary>All keys that start with some octets.</summary>
    /// <param name="keyspace">The keyspace.</param>
    /// <param name="prefix">The octets; none stands for the whole keyspace.</param>
    public static KeyRange OfPrefix(Keyspace keyspace, ReadOnlySpan<byte> prefix) => new(keyspace, prefix.ToArray(), AfterPrefix(prefix));

    /// <summary>The least key that is above all keys that start with some octets.</summary>
    /// <param name="prefix">The octets.</param>
    /// <returns><c>null</c> if there is none: no octets, or FF only.</returns>
    public static byte[]? AfterPrefix(ReadOnlySpan<byte> prefix)
    {
        ReadOnlySpan<byte> head = prefix.TrimEnd((byte)0xFF);
        if (head.IsEmpty) return null;
        byte[] after = head.ToArray();
        after[^1]++;
        return after;
    }

    /// <summary>The same stretch of keys in another keyspace.</summary>
    /// <param name="keyspace">The keyspace.</param>
    public KeyRange In(Keyspace keyspace) => new(keyspace, _from, _to);

    /// <summary>The part of the range behind a key, or <c>null</c> if nothing is left.</summary>
    internal KeyRange? Behind(Keyspace keyspace, ReadOnlySpan<byte> key)
    {
        if (Keyspace != keyspace) return Keyspace > keyspace ? this : null;
        if (!EndsAfter(key)) return null;
        if (From.SequenceCompareTo(key) > 0) return this;
        byte[] next = new byte[key.Length + 1]; // no key lies between a key and the same key with a 00 behind it
        key.CopyTo(next);
        return new(keyspace, next, _to);
    }
}
