using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PassiveDns.Storage.Embedded.Files;

/// <summary>
/// What holds a store together: which tables there are, from which log on batches are not in them yet, and what is known of the batches in
/// them. Replaced as a whole, so that there is always an old one or a new one and never a half.
/// </summary>
/// <remarks>
/// <code>
/// manifest = magic 8, format u32, body, CRC-32C u32 of all before it
/// body     = secret 32, interval gap in seconds u32, next table u64, first log u64, first sighting i64, last sighting i64 (both -1 while the store is empty),
///            number of tables u32, then for each: number u64, tier u8, deletions applied u32 (not in format 1)
///            number of ledger entries u32, then for each: key length u16, key, ranges length u32, ranges (see BatchLedger)
/// </code>
/// Numbers are little-endian.
/// </remarks>
internal sealed record Manifest
{
    private const int Format = 2;
    private const int FormatWithoutDeletions = 1;
    private const int FixedLength = 8 + 4 + 32 + 4 + 8 + 8 + 8 + 8 + 4;
    private const int MaxLength = 1 << 30;
    private const int TableLength = 8 + 1 + 4;

    private static ReadOnlySpan<byte> Magic => "PDNSMANI"u8;

    /// <summary>Seals continuations.</summary>
    public required byte[] Secret { get; init; }

    public required TimeSpan IntervalGap { get; init; }

    /// <summary>The number of the next table; none is used twice.</summary>
    public long NextTable { get; init; } = 1;

    /// <summary>Logs below are in tables.</summary>
    public long FirstLog { get; init; } = 1;

    public long? FirstSeen { get; init; }

    public long? LastSeen { get; init; }

    public IReadOnlyList<(long Number, int Tier, int DeletionsApplied)> Tables { get; init; } = [];

    /// <summary>The applied batches that are in tables.</summary>
    public IReadOnlyList<(byte[] Key, byte[] Ranges)> Ledger { get; init; } = [];

    public static Manifest New(TimeSpan intervalGap) => new() { Secret = RandomNumberGenerator.GetBytes(32), IntervalGap = intervalGap };

    /// <exception cref="ObservationStoreException">It is missing, damaged or of a newer format.</exception>
    public static Manifest Read(StoreFiles files)
    {
        string path = files.Manifest;
        FileInfo file = new(path);
        if (!file.Exists) throw StoreDamage.Of(path, "the file is missing");
        if (file.Length > MaxLength) throw StoreDamage.Of(path, "it is longer than any that was ever written");
        byte[] octets = File.ReadAllBytes(path);
        if (octets.Length < FixedLength + 4 + Crc32C.Length) throw StoreDamage.In(path, octets.Length, "the file ends there");
        if (!octets.AsSpan().StartsWith(Magic)) throw StoreDamage.In(path, 0, "this is no manifest");
        if (!Crc32C.IsSound(octets)) throw StoreDamage.In(path, octets.Length - Crc32C.Length, "the checksum does not fit");
        int format = BinaryPrimitives.ReadInt32LittleEndian(octets.AsSpan(8));
        if (format is not (Format or FormatWithoutDeletions)) throw new ObservationStoreException($"{path} has format {format}, this version reads up to {Format}: use a newer version of PassiveDns.");
        try
        {
            return Parse(octets.AsSpan(0, octets.Length - Crc32C.Length), hasDeletions: format == Format);
        }
        catch (ArgumentOutOfRangeException damage)
        {
            throw StoreDamage.Of(path, "its lists are cut off", damage);
        }
    }

    /// <summary>Puts this manifest in the place of the one before; durable when the call returns.</summary>
    public void Write(StoreFiles files)
    {
        byte[] octets = Pack();
        using (FileStream draft = new(files.ManifestDraft, FileMode.Create, FileAccess.Write))
        {
            draft.Write(octets);
            draft.Flush(flushToDisk: true);
        }

        File.Move(files.ManifestDraft, files.Manifest, overwrite: true);
        DurableDirectory.Sync(files.Directory);
    }

    private static Manifest Parse(ReadOnlySpan<byte> octets, bool hasDeletions)
    {
        ReadOnlySpan<byte> body = octets[12..];
        long first = BinaryPrimitives.ReadInt64LittleEndian(body[52..]), last = BinaryPrimitives.ReadInt64LittleEndian(body[60..]);
        int at = 68;
        List<(long, int, int)> tables = [];
        int entry = hasDeletions ? TableLength : TableLength - 4;
        for (int left = Count(body, ref at, entry); left > 0; left--, at += entry)
        {
            tables.Add((BinaryPrimitives.ReadInt64LittleEndian(body[at..]), body[at + 8], hasDeletions ? BinaryPrimitives.ReadInt32LittleEndian(body[(at + 9)..]) : 0));
        }

        List<(byte[], byte[])> ledger = [];
        for (int left = Count(body, ref at, 6); left > 0; left--)
        {
            int key = BinaryPrimitives.ReadUInt16LittleEndian(body[at..]);
            at += 2;
            byte[] name = body.Slice(at, key).ToArray();
            at += key;
            int ranges = BinaryPrimitives.ReadInt32LittleEndian(body[at..]);
            at += 4;
            ledger.Add((name, body.Slice(at, ranges).ToArray()));
            at += ranges;
        }

        return new()
        {
            Secret = body[..32].ToArray(),
            IntervalGap = TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32LittleEndian(body[32..])),
            NextTable = BinaryPrimitives.ReadInt64LittleEndian(body[36..]),
            FirstLog = BinaryPrimitives.ReadInt64LittleEndian(body[44..]),
            FirstSeen = first < 0 ? null : first,
            LastSeen = last < 0 ? null : last,
            Tables = tables,
            Ledger = ledger,
        };
    }

    private static int Count(ReadOnlySpan<byte> body, ref int at, int leastLength)
    {
        int count = BinaryPrimitives.ReadInt32LittleEndian(body[at..]);
        at += 4;
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (body.Length - at) / leastLength);
        return count;
    }

    private byte[] Pack()
    {
        byte[] octets = new byte[FixedLength + TableLength * Tables.Count + 4 + Ledger.Sum(entry => 6 + entry.Key.Length + entry.Ranges.Length) + Crc32C.Length];
        Magic.CopyTo(octets);
        BinaryPrimitives.WriteInt32LittleEndian(octets.AsSpan(8), Format);
        Span<byte> body = octets.AsSpan(12);
        Secret.CopyTo(body);
        BinaryPrimitives.WriteUInt32LittleEndian(body[32..], (uint)IntervalGap.TotalSeconds);
        BinaryPrimitives.WriteInt64LittleEndian(body[36..], NextTable);
        BinaryPrimitives.WriteInt64LittleEndian(body[44..], FirstLog);
        BinaryPrimitives.WriteInt64LittleEndian(body[52..], FirstSeen ?? -1);
        BinaryPrimitives.WriteInt64LittleEndian(body[60..], LastSeen ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(body[68..], Tables.Count);
        int at = 72;
        foreach ((long number, int tier, int deletionsApplied) in Tables)
        {
            BinaryPrimitives.WriteInt64LittleEndian(body[at..], number);
            body[at + 8] = (byte)tier;
            BinaryPrimitives.WriteInt32LittleEndian(body[(at + 9)..], deletionsApplied);
            at += TableLength;
        }

        BinaryPrimitives.WriteInt32LittleEndian(body[at..], Ledger.Count);
        at += 4;
        foreach ((byte[] key, byte[] ranges) in Ledger)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(body[at..], (ushort)key.Length);
            key.CopyTo(body[(at + 2)..]);
            at += 2 + key.Length;
            BinaryPrimitives.WriteInt32LittleEndian(body[at..], ranges.Length);
            ranges.CopyTo(body[(at + 4)..]);
            at += 4 + ranges.Length;
        }

        Crc32C.Seal(octets);
        return octets;
    }
}
