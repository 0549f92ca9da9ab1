namespace PassiveDns.Storage.Keys;

/// <summary>Takes what a <see cref="KeyedSweep"/> decides.</summary>
public interface IKeyedRemoval
{
    /// <summary>An entry goes.</summary>
    /// <param name="keyspace">The keyspace; the one of the sets for the body of a long set that no entry needs any more.</param>
    /// <param name="key">The key; borrowed.</param>
    void Remove(Keyspace keyspace, ReadOnlySpan<byte> key);

    /// <summary>An entry gets another history.</summary>
    /// <param name="keyspace">The keyspace.</param>
    /// <param name="key">The key; borrowed.</param>
    /// <param name="history">The packed history.</param>
    void Replace(Keyspace keyspace, ReadOnlySpan<byte> key, byte[] history);
}
