namespace PassiveDns.Storage.Embedded.Tables;

/// <summary>What is known of a table as a whole.</summary>
/// <param name="FirstKey">Its first key.</param>
/// <param name="LastKey">Its last key.</param>
/// <param name="Entries">How many entries each keyspace has, by the keyspace's number less one.</param>
internal sealed record TableFacts(byte[] FirstKey, byte[] LastKey, long[] Entries)
{
    public long Count => Entries.Sum();
}
