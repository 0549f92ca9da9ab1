namespace PassiveDns.Storage.Keys;

/// <summary>The reading half of an ordered store: all of it as it was at one moment, whole batches only.</summary>
public interface IKeyedSnapshot : IDisposable
{
    /// <summary>The latest sighting in the snapshot, in Unix seconds, or <c>null</c> if it is empty.</summary>
    long? AsOf { get; }

    /// <summary>Walks over a range in the order of the keys.</summary>
    /// <param name="range">The range.</param>
    /// <returns>A cursor before the first entry.</returns>
    IKeyedCursor Open(KeyRange range);

    /// <summary>Finds the body of a long set.</summary>
    /// <param name="digest">The octets that stand for it in a key.</param>
    /// <param name="packedSet">The set; valid as long as the snapshot.</param>
    bool TryGetSet(ReadOnlySpan<byte> digest, out ReadOnlySpan<byte> packedSet);
}
