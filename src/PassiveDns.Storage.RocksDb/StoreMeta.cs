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
/// deletions/ and the number u32: an entry of the ledger of deletions, see Deletion
/// applied   u32: how many deletions all entries were judged by
/// dnssec    01 once the RRset rows of DNSSEC types stand in their own family
/// batches/  and <see cref="BatchLedger.KeyOf"/>: the ranges of applied batches
/// </code>
/// Numbers are big-endian.
/// </remarks>
internal static class StoreMeta
{
    private static ReadOnlySpan<byte> BoundsKey => "bounds"u8;

    private static ReadOnlySpan<byte> SecretKey => "secret"u8;

    private static ReadOnlySpan<byte> DeletionsPrefix => "deletions/"u8;

    private static ReadOnlySpan<byte> AppliedKey => "applied"u8;

    private static ReadOnlySpan<byte> DnssecKey => "dnssec"u8;

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

    public static bool HasDnssecApart(RocksDbDatabase database) => database.Get(DnssecKey, database.Meta) is not null;

    public static void PutDnssecApart(RocksDbDatabase database)
    {
        using WriteBatch batch = new();
        batch.Put(DnssecKey, [1], database.Meta);
        database.Write(batch);
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

    public static void PutDeletions(RocksDbDatabase database, DeletionLedger ledger, int known)
    {
        using WriteBatch batch = new();
        for (int i = known; i < ledger.Count; i++)
        {
            byte[] key = [.. DeletionsPrefix, 0, 0, 0, 0];
            BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(DeletionsPrefix.Length), i);
            batch.Put(key, ledger.Deletions[i].Encode().AsSpan(), database.Meta);
        }

        database.Write(batch);
    }

    public static void PutApplied(RocksDbDatabase database, int applied)
    {
        byte[] packed = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(packed, applied);
        using WriteBatch batch = new();
        batch.Put(AppliedKey, packed.AsSpan(), database.Meta);
        database.Write(batch);
    }

    public static (DeletionLedger Deletions, int Applied) ReadDeletions(RocksDbDatabase database)
    {
        List<Deletion> deletions = [];
        using Iterator entries = database.Iterate(database.Meta, new ReadOptions().SetTotalOrderSeek(true));
        for (entries.Seek(DeletionsPrefix); entries.Valid() && entries.GetKeySpan().StartsWith(DeletionsPrefix); entries.Next())
        {
            deletions.Add(Deletion.TryDecode(entries.GetValueSpan(), out Deletion? deletion)
                ? deletion
                : throw new ObservationStoreException($"{database.Path} is damaged: an entry of its ledger of deletions cannot be read. Restore it from a backup."));
        }

        database.ThrowIfFailed(entries);
        return (DeletionLedger.Empty.With(deletions), database.Get(AppliedKey, database.Meta) is { Length: 4 } applied ? BinaryPrimitives.ReadInt32BigEndian(applied) : 0);
    }

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
