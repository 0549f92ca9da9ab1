using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace PassiveDns.Capture;

/// <summary>
/// Queries that stand, by their 9-tuple: both addresses and ports, protocol, id, and the question with its letter case, which is part of the
/// defence against spoofing (0x20). A ring: the oldest leaves first. It holds resolvers' addresses, so it is never printed.
/// </summary>
/// <remarks>
/// Chains hang on a hash of the 6-tuple without the question, because a response without a question can only be found by that. Keys lie in a
/// ring of octets in the order of the entries. Nothing is ever removed from the middle.
/// </remarks>
internal sealed class TransactionTable
{
    public const int MaxKeyLength = 1 + (2 * 16) + 6 + QuestionOctets.MaxLength;

    private const int FirstCapacity = 4096;
    private const int KeyOctetsPerQuery = 64;
    private const int BucketsPerQuery = 4;
    private const int MaxChain = 64; // longer chains need an attacker, who gets no more work out of us than this

    private readonly int _maxCapacity;
    private int _capacity;
    private Transaction[] _entries;
    private int[] _buckets; // entry index + 1
    private byte[] _keys;
    private long _head;
    private long _tail;
    private int _keyStart;
    private int _keyEnd;

    public TransactionTable(int maxCapacity)
    {
        _maxCapacity = maxCapacity;
        Allocate(Math.Min(maxCapacity, FirstCapacity));
    }

    public bool IsEmpty => _head == _tail;

    public ref Transaction Oldest => ref _entries[Index(_head)];

    public static ulong Hash(ReadOnlySpan<byte> tuple) => OctetHash.Compute(tuple);

    /// <summary>A hash of a response, to know it again after it has left.</summary>
    public static ulong Fingerprint(ReadOnlySpan<byte> message) => OctetHash.Compute(message);

    /// <summary>Makes room for a key of this length, unless one must leave for it.</summary>
    public bool TryReserve(int keyLength)
    {
        while (!HasRoom(keyLength))
        {
            if (_capacity == _maxCapacity) return false;
            Grow();
        }

        return true;
    }

    /// <summary>Adds a query as the newest. There must be room.</summary>
    public void Add(ulong hash, ReadOnlySpan<byte> key, PendingPacket packet, long now)
    {
        if (_keys.Length - _keyEnd < key.Length) _keyEnd = 0;
        key.CopyTo(_keys.AsSpan(_keyEnd));
        int index = Index(_tail++);
        ref int bucket = ref Bucket(hash);
        _entries[index] = new()
        {
            Hash = hash,
            Asked = now,
            Packet = packet,
            KeyOffset = _keyEnd,
            KeyLength = key.Length,
            Next = bucket - 1,
            Previous = -1,
            Ticket = -1,
        };
        if (bucket > 0) _entries[bucket - 1].Previous = index;
        bucket = index + 1;
        _keyEnd += key.Length;
    }

    /// <summary>Removes the oldest.</summary>
    public void RemoveOldest()
    {
        int index = Index(_head);
        (int previous, int next) = (_entries[index].Previous, _entries[index].Next);
        if (previous >= 0) _entries[previous].Next = next;
        else Bucket(_entries[index].Hash) = next + 1;
        if (next >= 0) _entries[next].Previous = previous;
        _keys.AsSpan(_entries[index].KeyOffset, _entries[index].KeyLength).Clear();
        _head++;
        if (IsEmpty) _keyStart = _keyEnd = 0;
        else _keyStart = Oldest.KeyOffset;
    }

    /// <summary>Finds the newest query whose key is, or begins with, the given one.</summary>
    /// <returns>Its index, or -1.</returns>
    public int Find(ulong hash, ReadOnlySpan<byte> key, bool prefix)
    {
        int at = Bucket(hash) - 1;
        for (int steps = 0; at >= 0 && steps < MaxChain; steps++)
        {
            ref readonly Transaction entry = ref _entries[at];
            if (entry.Hash == hash)
            {
                ReadOnlySpan<byte> stored = _keys.AsSpan(entry.KeyOffset, entry.KeyLength);
                if (prefix ? stored.StartsWith(key) : stored.SequenceEqual(key)) return at;
            }

            at = entry.Next;
        }

        return -1;
    }

    public ReadOnlySpan<byte> Key(in Transaction transaction) => _keys.AsSpan(transaction.KeyOffset, transaction.KeyLength);

    public ref Transaction this[int index] => ref _entries[index];

    private int Index(long ticket) => (int)(ticket & (_entries.Length - 1));

    private bool HasRoom(int keyLength)
    {
        if (_tail - _head == _capacity) return false;
        if (IsEmpty) return true;
        return _keyEnd > _keyStart ? _keys.Length - _keyEnd >= keyLength || _keyStart > keyLength : _keyStart - _keyEnd > keyLength;
    }

    [MemberNotNull(nameof(_entries), nameof(_buckets), nameof(_keys))]
    private void Allocate(int capacity)
    {
        _capacity = capacity;
        _entries = new Transaction[BitOperations.RoundUpToPowerOf2((uint)capacity)]; // so that no ticket need be divided
        _buckets = new int[BucketsPerQuery * _entries.Length]; // most are empty, so that a new query need not look at another one
        _keys = new byte[Math.Max(capacity * KeyOctetsPerQuery, 2 * MaxKeyLength)];
    }

    // Doubles everything and adds the entries again in their order, so that chains keep the newest in front.
    private void Grow()
    {
        (Transaction[] entries, byte[] keys, long head, long tail) = (_entries, _keys, _head, _tail);
        Allocate((int)Math.Min(_maxCapacity, _capacity * 2L));
        (_head, _tail, _keyStart, _keyEnd) = (0, 0, 0, 0);
        for (long ticket = head; ticket < tail; ticket++)
        {
            ref readonly Transaction old = ref entries[(int)(ticket & (entries.Length - 1))];
            Add(old.Hash, keys.AsSpan(old.KeyOffset, old.KeyLength), old.Packet, old.Asked);
            ref Transaction moved = ref _entries[Index(_tail - 1)];
            (moved.Answered, moved.Ticket, moved.Fingerprint) = (old.Answered, old.Ticket, old.Fingerprint);
            (moved.IsAnswered, moved.IsContested) = (old.IsAnswered, old.IsContested);
        }

        Array.Clear(keys); // they hold resolvers' addresses
    }

    private ref int Bucket(ulong hash) => ref _buckets[(int)(hash & (uint)(_buckets.Length - 1))];
}
