using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>
/// The rows of the current window: an open-addressing table over keys that lie packed in large chunks. A hit changes a few numbers; a miss copies
/// the key once. Nothing is allocated for a row.
/// </summary>
/// <remarks>
/// <code>
/// key = type u16, bailiwick labels u8, provenance u8 (big-endian), name, rdata set
/// </code>
/// </remarks>
internal sealed class SightingTable(KeyedHash hash)
{
    private const int ChunkBits = 20;
    private const int ChunkLength = 1 << ChunkBits;
    private const int HeadLength = 4;

    private readonly List<byte[]> _chunks = [];
    private Row[] _rows = new Row[1024];
    private ulong[] _table = new ulong[4096]; // the upper half of the hash, then the number plus one; 0 is empty
    private int _chunk = -1;
    private int _chunkUsed = ChunkLength;

    /// <summary>The rows held.</summary>
    public int Count { get; private set; }

    /// <summary>Octets in use: keys, rows and table.</summary>
    public long Octets => ((long)_chunk << ChunkBits) + _chunkUsed + (long)Count * Row.Size + (long)_table.Length * sizeof(ulong);

    public ref readonly Row this[int index] => ref _rows[index];

    public ReadOnlySpan<byte> Name(in Row row) => Key(row).Slice(HeadLength, row.NameLength);

    public ReadOnlySpan<byte> Rdata(in Row row) => Key(row)[(HeadLength + row.NameLength)..];

    /// <summary>Type, bailiwick labels and provenance as one number, in the order in which rows sort.</summary>
    public uint Head(in Row row) => BinaryPrimitives.ReadUInt32BigEndian(Key(row));

    /// <summary>Counts one sighting.</summary>
    /// <param name="name">The canonical owner name.</param>
    /// <param name="nameHash">Its hash.</param>
    /// <param name="head">Type, bailiwick labels and provenance (see <see cref="MakeHead"/>).</param>
    /// <param name="rdata">The packed set.</param>
    /// <param name="rdataHash">Its hash.</param>
    /// <param name="time">When, in Unix seconds.</param>
    /// <param name="timeToLive">The TTL.</param>
    public void Count1(ReadOnlySpan<byte> name, ulong nameHash, uint head, ReadOnlySpan<byte> rdata, ulong rdataHash, long time, uint timeToLive)
    {
        ulong keyHash = hash.Combine(nameHash ^ head, rdataHash);
        uint mask = (uint)_table.Length - 1;
        uint at = (uint)keyHash & mask;
        for (; _table[at] is var slot and not 0; at = (at + 1) & mask)
        {
            if ((slot ^ keyHash) >> 32 != 0) continue;
            ref Row row = ref _rows[(int)(uint)slot - 1];
            if (!IsSame(row, name, head, rdata)) continue;
            row.Count++;
            row.FirstSeen = Math.Min(row.FirstSeen, time);
            row.LastSeen = Math.Max(row.LastSeen, time);
            row.MinTimeToLive = Math.Min(row.MinTimeToLive, timeToLive);
            row.MaxTimeToLive = Math.Max(row.MaxTimeToLive, timeToLive);
            return;
        }

        int added = Add(name, head, rdata, keyHash);
        _table[at] = keyHash & 0xFFFF_FFFF_0000_0000 | (uint)(added + 1);
        ref Row fresh = ref _rows[added];
        fresh.Count = 1;
        fresh.FirstSeen = fresh.LastSeen = time;
        fresh.MinTimeToLive = fresh.MaxTimeToLive = timeToLive;
        if (Count * 2 > _table.Length) GrowTable();
    }

    public static uint MakeHead(RecordType type, int bailiwickLabels, Provenance provenance) =>
        (uint)type << 16 | (uint)bailiwickLabels << 8 | (uint)provenance;

    /// <summary>Forgets the first <paramref name="count"/> rows, which are the oldest; the others move up.</summary>
    public void RemoveOldest(int count)
    {
        Array.Clear(_table);
        int kept = Count - count;
        Count = 0;
        if (kept == 0)
        {
            _chunk = _chunks.Count > 0 ? 0 : -1;
            _chunkUsed = _chunks.Count > 0 ? 0 : ChunkLength;
            return;
        }

        byte[][] chunks = [.. _chunks];
        _chunks.Clear();
        _chunk = -1;
        _chunkUsed = ChunkLength;
        for (int i = count; i < count + kept; i++)
        {
            Row row = _rows[i];
            ReadOnlySpan<byte> key = chunks[row.Chunk].AsSpan(row.Offset, row.KeyLength);
            (row.Chunk, row.Offset) = Store(key.Length, out Span<byte> room);
            key.CopyTo(room);
            _rows[Count++] = row;
        }

        for (int i = 0; i < Count; i++) Place(_table, _rows[i].Hash, i);
    }

    private ReadOnlySpan<byte> Key(in Row row) => _chunks[row.Chunk].AsSpan(row.Offset, row.KeyLength);

    private bool IsSame(in Row row, ReadOnlySpan<byte> name, uint head, ReadOnlySpan<byte> rdata)
    {
        if (row.NameLength != name.Length || row.KeyLength != HeadLength + name.Length + rdata.Length) return false;
        ReadOnlySpan<byte> key = Key(row);
        return BinaryPrimitives.ReadUInt32BigEndian(key) == head
            && key.Slice(HeadLength, name.Length).SequenceEqual(name)
            && key[(HeadLength + name.Length)..].SequenceEqual(rdata);
    }

    private int Add(ReadOnlySpan<byte> name, uint head, ReadOnlySpan<byte> rdata, ulong keyHash)
    {
        if (Count == _rows.Length) Array.Resize(ref _rows, 2 * Count);
        int length = HeadLength + name.Length + rdata.Length;
        (int chunk, int offset) = Store(length, out Span<byte> room);
        BinaryPrimitives.WriteUInt32BigEndian(room, head);
        name.CopyTo(room[HeadLength..]);
        rdata.CopyTo(room[(HeadLength + name.Length)..]);
        _rows[Count] = new() { Hash = keyHash, Chunk = chunk, Offset = offset, KeyLength = length, NameLength = (byte)name.Length };
        return Count++;
    }

    private (int Chunk, int Offset) Store(int length, out Span<byte> room)
    {
        if (ChunkLength - _chunkUsed < length)
        {
            if (++_chunk == _chunks.Count) _chunks.Add(new byte[ChunkLength]);
            _chunkUsed = 0;
        }

        int offset = _chunkUsed;
        room = _chunks[_chunk].AsSpan(offset, length);
        _chunkUsed += length;
        return (_chunk, offset);
    }

    private void GrowTable()
    {
        ulong[] table = new ulong[2 * _table.Length];
        for (int i = 0; i < Count; i++) Place(table, _rows[i].Hash, i);
        _table = table;
    }

    private static void Place(ulong[] table, ulong keyHash, int index)
    {
        uint mask = (uint)table.Length - 1;
        uint at = (uint)keyHash & mask;
        while (table[at] != 0) at = (at + 1) & mask;
        table[at] = keyHash & 0xFFFF_FFFF_0000_0000 | (uint)(index + 1);
    }

    /// <summary>The numbers of one row and where its key lies.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal struct Row
    {
        public const int Size = 64;

        public ulong Hash;
        public long FirstSeen;
        public long LastSeen;
        public long Count;
        public uint MinTimeToLive;
        public uint MaxTimeToLive;
        public int Chunk;
        public int Offset;
        public int KeyLength;
        public byte NameLength;
    }
}
