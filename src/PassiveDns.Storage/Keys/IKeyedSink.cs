namespace PassiveDns.Storage.Keys;

/// <summary>Takes the entries of a batch: the writing half of an ordered store.</summary>
public interface IKeyedSink
{
    /// <summary>Merges a history into the row of a key by <see cref="SightingMerge"/>, or makes the row.</summary>
    /// <param name="keyspace">The keyspace.</param>
    /// <param name="key">The key; borrowed.</param>
    /// <param name="history">A packed history; borrowed.</param>
    void Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history);

    /// <summary>Keeps the body of a long set. The same digest always comes with the same body.</summary>
    /// <param name="digest">The <see cref="ObservationKeys.DigestLength"/> octets that stand for it in keys.</param>
    /// <param name="packedSet">The set, see <see cref="RdataSet"/>; borrowed.</param>
    void PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet);
}
