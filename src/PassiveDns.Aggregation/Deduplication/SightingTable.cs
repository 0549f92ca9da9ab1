using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>
/// The rows of the current window: an open-addressing table over rows that lie packed in large chunks, each with its numbers and its key side by
/// side. A hit changes a few numbers; a miss copies the key once. Nothing is allocated for a row.
/// </summary>
/// <remarks>
/// A slot of the table holds the upper half of the row's hash and, plus one, where the row lies: so most slots of other rows are passed over without
/// looking at the row. 0 is an empty slot.
/// </remarks>
internal sealed class SightingTable
{
    private const int ChunkLength = 1 << 20;
    private const int Alignment = 8;
    private const int PlacesPerChunk = ChunkLength / Alignment;
    private const ulong TagMask = 0xFFFF_FFFF_0000_0000;

    private readonly List<byte[]> _chunks = [];
    private uint[] _places = new uint[1024];
    private ulong[] _table = new ulong[4096];
    private int _chunk = -1;
    private int _chunkUsed = ChunkLength;

    /// <summary>The rows held.</summary>
    public int Count { get; private set; }

    /// <summary>Octets in use: rows and table.</summary>
    public long Octets => (long)_chunk * ChunkLength + _chunkUsed + (long)Count * sizeof(uint) + (long)_table.Length * sizeof(ulong);

    /// <summary>The row that came in after <paramref name="index"/> others.</summary>
    public ref SightingRow this[int index] => ref At(_places[index]);

    /// <summary>The canonical owner name of a row.</summary>
    public ReadOnlySpan<byte> Name(int index) => Key(_places[index])[..this[index].NameLength];

    /// <summary>The packed rdata set of a row.</summary>
    public ReadOnlySpan<byte> Rdata(int index) => Key(_places[index])[this[index].NameLength..];

    /// <summary>Sends for what the look-up of a row will read first.</summary>
    public void FetchSlot(ulong keyHash) => Prefetch.Line(in _table[(uint)keyHash & (uint)(_table.Length - 1)]);

    /// <summary>Sends for the row itself, if the first slot tells where it is.</summary>
    public void FetchFound(ulong keyHash)
    {
        ulong slot = _table[(uint)keyHash & (uint)(_table.Length - 1)];
        if (slot == 0 || ((slot ^ keyHash) & TagMask) != 0) return;
        ref SightingRow row = ref At((uint)slot - 1);
        Prefetch.Line(in row);
        Prefetch.Line(in Unsafe.Add(ref Unsafe.As<SightingRow, byte>(ref row), 64)); // the key, at least its beginning; not read
    }

    /// <summary>Sends for a row.</summary>
    /// <param name="foundAt">Where it lies.</param>
    public void FetchRow(uint foundAt) => Prefetch.Line(in At(foundAt));

    /// <summary>The hash by which rows are looked up: of all that makes a key but bailiwick and provenance, which are known last.</summary>
    public static ulong KeyHash(ulong nameHash, RecordType type, ulong rdataHash) => OctetHash.Combine(nameHash, type, rdataHash);

    /// <summary>Counts one sighting.</summary>
    /// <param name="name">The canonical owner name.</param>
    /// <param name="keyHash">See <see cref="KeyHash"/>.</param>
    /// <param name="head">Type, bailiwick and provenance (see <see cref="SightingRow.MakeHead"/>).</param>
    /// <param name="rdata">The packed set.</param>
    /// <param name="time">When, in Unix seconds.</param>
    /// <param name="timeToLive">The TTL.</param>
    /// <returns>The number of the row if it is new, else -1.</returns>
    public int CountOne(ReadOnlySpan<byte> name, ulong keyHash, uint head, ReadOnlySpan<byte> rdata, long time, uint timeToLive) =>
        TryCount(name, keyHash, head, rdata, time, timeToLive, out uint free) ? -1 : Add(free, name, keyHash, head, rdata, time, timeToLive);

    /// <summary>Counts one sighting if its row is there.</summary>
    /// <param name="name">The canonical owner name.</param>
    /// <param name="keyHash">See <see cref="KeyHash"/>.</param>
    /// <param name="head">Type, bailiwick and provenance (see <see cref="SightingRow.MakeHead"/>).</param>
    /// <param name="rdata">The packed set.</param>
    /// <param name="time">When, in Unix seconds.</param>
    /// <param name="timeToLive">The TTL.</param>
    /// <param name="at">Where it lies (see <see cref="CountAgain"/>); or where <see cref="Add"/> puts it, unless the table changes before.</param>
    public bool TryCount(ReadOnlySpan<byte> name, ulong keyHash, uint head, ReadOnlySpan<byte> rdata, long time, uint timeToLive, out uint at)
    {
        uint lengths = (uint)rdata.Length << 8 | (uint)name.Length;
        ulong[] table = _table;
        uint mask = (uint)table.Length - 1;
        at = (uint)keyHash & mask;
        for (; table[at] is var slot and not 0; at = (at + 1) & mask)
        {
            if (((slot ^ keyHash) & TagMask) != 0) continue;
            uint place = (uint)slot - 1;
            ref SightingRow row = ref At(place);
            if (row.Head != head || row.Lengths != lengths) continue;
            ReadOnlySpan<byte> key = KeyRoom(place, name.Length + rdata.Length);
            if (!key[..name.Length].SequenceEqual(name) || !key[name.Length..].SequenceEqual(rdata)) continue;
            See(ref row, time);
            if (timeToLive > row.MaxTimeToLive) row.MaxTimeToLive = timeToLive;
            else if (timeToLive < row.MinTimeToLive) row.MinTimeToLive = timeToLive;
            at = place;
            return true;
        }

        return false;
    }

    /// <summary>Adds a row with its first sighting.</summary>
    /// <returns>The number of the row.</returns>
    public int Add(uint free, ReadOnlySpan<byte> name, ulong keyHash, uint head, ReadOnlySpan<byte> rdata, long time, uint timeToLive)
    {
        uint added = Reserve(name.Length + rdata.Length);
        At(added) = new()
        {
            Hash = keyHash,
            FirstSeen = time,
            LastSeen = time,
            Count = 1,
            MinTimeToLive = timeToLive,
            MaxTimeToLive = timeToLive,
            Head = head,
            Lengths = (uint)rdata.Length << 8 | (uint)name.Length,
        };
        Span<byte> room = KeyRoom(added, name.Length + rdata.Length);
        name.CopyTo(room);
        rdata.CopyTo(room[name.Length..]);
        _table[free] = (keyHash & TagMask) | (added + 1);
        Append(added);
        if (Count * 2 > _table.Length) Rebuild(2 * _table.Length);
        return Count - 1;
    }

    /// <summary>Where a row lies, for <see cref="CountAgain"/>.</summary>
    public uint PlaceOf(int index) => _places[index];

    /// <summary>The hash (<see cref="KeyHash"/>) of a row.</summary>
    /// <param name="foundAt">Where it lies.</param>
    public ulong HashAt(uint foundAt) => At(foundAt).Hash;

    /// <summary>Counts one more sighting of a row with a TTL that it has had. Rows stay where they are until some are forgotten.</summary>
    /// <param name="foundAt">Where it lies.</param>
    /// <param name="time">When, in Unix seconds.</param>
    public void CountAgain(uint foundAt, long time) => See(ref At(foundAt), time);

    /// <summary>Forgets the first <paramref name="count"/> rows, which are the oldest; the others move up.</summary>
    public void RemoveOldest(int count)
    {
        int end = Count;
        Count = 0;
        if (count == end)
        {
            Array.Clear(_table);
            _chunk = -1; // the chunks stay for the next window
            _chunkUsed = ChunkLength;
            return;
        }

        // Rows move to lower or equal addresses in the order in which they lie, so they can move within the chunks.
        _chunk = -1;
        _chunkUsed = ChunkLength;
        for (int i = count; i < end; i++)
        {
            uint from = _places[i];
            SightingRow row = At(from);
            ReadOnlySpan<byte> key = Key(from);
            uint to = Reserve(key.Length);
            if (to != from)
            {
                At(to) = row;
                key.CopyTo(KeyRoom(to, key.Length));
            }

            Append(to);
        }

        Rebuild(_table.Length);
    }

    /// <summary>Grows, being empty, to the size of another table.</summary>
    public void GrowAs(SightingTable other)
    {
        if (_table.Length < other._table.Length) _table = new ulong[other._table.Length];
    }

    private static void See(ref SightingRow row, long time)
    {
        row.Count++;
        if (time > row.LastSeen) row.LastSeen = time;
        else if (time < row.FirstSeen) row.FirstSeen = time;
    }

    private ref SightingRow At(uint place) =>
        ref MemoryMarshal.AsRef<SightingRow>(_chunks[(int)(place / PlacesPerChunk)].AsSpan((int)(place % PlacesPerChunk) * Alignment, SightingRow.Size));

    private Span<byte> Key(uint place)
    {
        ref SightingRow row = ref At(place);
        return KeyRoom(place, row.NameLength + row.RdataLength);
    }

    private Span<byte> KeyRoom(uint place, int length) =>
        _chunks[(int)(place / PlacesPerChunk)].AsSpan((int)(place % PlacesPerChunk) * Alignment + SightingRow.Size, length);

    private uint Reserve(int keyLength)
    {
        int length = (SightingRow.Size + keyLength + Alignment - 1) & -Alignment;
        if (ChunkLength - _chunkUsed < length)
        {
            if (++_chunk == _chunks.Count) _chunks.Add(new byte[ChunkLength]);
            _chunkUsed = 0;
        }

        uint place = (uint)(_chunk * PlacesPerChunk + _chunkUsed / Alignment);
        _chunkUsed += length;
        return place;
    }

    private void Append(uint place)
    {
        if (Count == _places.Length) Array.Resize(ref _places, 2 * Count);
        _places[Count++] = place;
    }

    private void Rebuild(int length)
    {
        if (length == _table.Length) Array.Clear(_table);
        else _table = new ulong[length];
        uint mask = (uint)length - 1;
        for (int i = 0; i < Count; i++)
        {
            ulong keyHash = this[i].Hash;
            uint at = (uint)keyHash & mask;
            while (_table[at] != 0) at = (at + 1) & mask;
            _table[at] = (keyHash & TagMask) | (_places[i] + 1);
        }
    }
}
