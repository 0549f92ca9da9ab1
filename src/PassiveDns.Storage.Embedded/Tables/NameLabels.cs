namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>The labels that names are asked for to begin with.</summary>
internal sealed class NameLabels
{
    private readonly byte[] _key;

    /// <param name="labels">The labels as a name, one or more.</param>
    public NameLabels(DomainName labels)
    {
        Span<byte> key = stackalloc byte[NameKey.MaxLength];
        _key = key[..NameKey.Write(labels.Wire, key)].ToArray();
        Range = ForwardKey.RangeOf(_key, labels.LabelCount);
    }

    /// <summary>The <see cref="ForwardKey"/>s of all names that begin with them.</summary>
    public (ulong First, ulong Last) Range { get; }

    /// <summary>Whether the owner name of a row begins with them.</summary>
    /// <param name="key">The whole key of an RRset row.</param>
    public bool Begin(ReadOnlySpan<byte> key)
    {
        ReadOnlySpan<byte> name = key[1..Math.Max(1, KeyHead.Measure(key))];
        if (!name.EndsWith(_key)) return false;
        int before = name.Length - _key.Length; // the labels stand from the right, each closed by 00
        return before == 0 || name[before - 1] == 0;
    }
}
