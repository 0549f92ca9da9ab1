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

    /// <summary>Whether an owner name begins with them.</summary>
    /// <param name="head">The key of an RRset row up to the end of the name.</param>
    public bool Begin(ReadOnlySpan<byte> head)
    {
        if (!head.EndsWith(_key)) return false;
        int before = head.Length - _key.Length; // the labels stand from the right, each closed by 00, behind the octet of the keyspace
        return before == 1 || (before > 1 && head[before - 1] == 0);
    }
}
