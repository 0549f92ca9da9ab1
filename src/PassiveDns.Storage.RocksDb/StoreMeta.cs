using System.Buffers.Binary;
using System.Security.Cryptography;
using PassiveDns.Storage.Keys;
using RocksDbSharp;

namespace PassiveDns.Storage.RocksDb;

/// <summary>What the store keeps about itself in the default column family.</summary>
/// <remarks>
/// <code>
/// secret    32 octets that seal continuations
/// bounds    first and last sighting, two i64; missing while the store is empty
/// batches/  and <see cref="BatchLedger.KeyOf"/>: the ranges of applied batches
/// </code>
/// Numbers are big-endian.
/// </remarks>
internal static class StoreMeta
{
    private static ReadOnlySpan<byte> BoundsKey => "bounds"u8;

    private static ReadOnlySpan<byte> SecretKey => "secret"u8;

    private static ReadOnlySpan<byte> BatchesPrefix => "batches/"u8;

    /// <summary>Reads the secret, which a new store gets now.</summary>
    public static byte[] ReadSecret(RocksDbDatabase database, bool isReadOnly)
    {
        if (database.Get(SecretKey, database.Meta) is { Length: > 0 } kept) return kept;
        if (isReadOnly) throw new ObservationStoreException($"{database.Path} holds no store yet: import something into it first.");
        if (ReadBounds(database).First is not null)
        {
            throw new ObservationStoreException($"{database.Path} is damaged: its secret is missing. Restore it from a backup.");
        }

        byte[] secret = RandomNumberGenerator.GetBytes(32);
        using WriteBatch batch = new();
        batch.Put(SecretKey, secret.AsSpan(), database.Meta);
        database.Write(batch);
        return secret;
    }

    public static (long? First, long? Last) ReadBounds(RocksDbDatabase database, ReadOptions? options = null) =>
        database.Get(BoundsKey, database.Meta, options) is { Length: 16 } bounds
            ? (BinaryPrimitives.ReadInt64BigEndian(bounds), BinaryPrimitives.ReadInt64BigEndian(bounds.AsSpan(8)))
            : (null, null);

    public static void PutBounds(WriteBatch batch, RocksDbDatabase database, SightingInterval bounds)
    {
        byte[] packed = new byte[16];
        (long? first, long? last) = ReadBounds(database);
        BinaryPrimitives.WriteInt64BigEndian(packed, Math.Min(first ?? bounds.First, bounds.First));
        BinaryPrimitives.WriteInt64BigEndian(packed.AsSpan(8), Math.Max(last ?? bounds.Last, bounds.Last));
        batch.Put(BoundsKey, packed.AsSpan(), database.Meta);
    }

    public static void PutBatch(WriteBatch batch, RocksDbDatabase database, BatchLedger ledger, BatchId id) =>
        batch.Put([.. BatchesPrefix, .. BatchLedger.KeyOf(id)], ledger.EncodeWith(id).AsSpan(), database.Meta);

    public static BatchLedger ReadLedger(RocksDbDatabase database)
    {
        BatchLedger ledger = new();
        using Iterator entries = database.Iterate(database.Meta, new ReadOptions().SetTotalOrderSeek(true));
        try
        {
            for (entries.Seek(BatchesPrefix); entries.Valid() && entries.GetKeySpan().StartsWith(BatchesPrefix); entries.Next())
            {
                ledger.Load(entries.GetKeySpan()[BatchesPrefix.Length..], entries.GetValueSpan());
            }
        }
        catch (FormatException damage)
        {
            throw new ObservationStoreException($"{database.Path} is damaged: {damage.Message} Restore it from a backup.", false, damage);
        }

        database.ThrowIfFailed(entries);
        return ledger;
    }
}
