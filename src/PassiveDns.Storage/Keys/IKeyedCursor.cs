namespace PassiveDns.Storage.Keys;

/// <summary>Walks over entries of a snapshot. Spans are valid until the next move.</summary>
public interface IKeyedCursor : IDisposable
{
    /// <summary>The key of the current entry.</summary>
    ReadOnlySpan<byte> Key { get; }

    /// <summary>The packed history of the current entry.</summary>
    ReadOnlySpan<byte> Value { get; }

    /// <summary>Moves to the next entry of the range.</summary>
    bool MoveNext();
}
