using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassiveDns.Storage.Keys;

/// <summary>
/// Gathers the entries of a batch and hands them on in the order of their keys: neighbours in a sorted engine share cache lines and blocks,
/// which saves it a third of its work and more. Used again for each batch; not for several threads.
/// </summary>
public sealed class SortedBatch : IKeyedSink
{
    private const int KeptOctets = 32 << 20;
    private const int LengthsLength = 2 + 4;
    private const int HeadLength = 8;
    private const int Few = 24; // so few are sorted by comparing them
    private const int DigitBits = 8;
    private const int MaxLevels = 32; // keys that share so much are made to: they cost what comparing costs

    private readonly List<Entry>[] _entries = [.. Enum.GetValues<Keyspace>().Select(_ => new List<Entry>())];
    private byte[] _octets = []; // for each entry: length of the key u16, length of the value i32, key, value
    private Entry[] _spare = [];
    private byte[] _merged = [], _room = [];
    private int _length;

    /// <summary>Octets of memory that it keeps for the next batch.</summary>
    public long RoomOctets =>
        _octets.Length + _merged.Length + _room.Length + Unsafe.SizeOf<Entry>() * (_spare.Length + _entries.Sum(entries => (long)entries.Capacity));

    /// <inheritdoc/>
    public void Merge(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> history) => Add(keyspace, key, history);

    /// <inheritdoc/>
    public void PutSet(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> packedSet) => Add(Keyspace.Sets, digest, packedSet);

    /// <summary>
    /// Hands on all entries, keyspace by keyspace and in the order of their keys, and forgets them. Each key comes once: one record can stand in several sets
    /// of a batch, and its histories are merged.
    /// </summary>
    /// <param name="sink">Takes the entries.</param>
    /// <param name="intervalGap">The store's interval gap.</param>
    public void MoveTo(IKeyedSink sink, TimeSpan intervalGap)
    {
        ArgumentNullException.ThrowIfNull(sink);
        for (int i = 0; i < _entries.Length; i++)
        {
            Keyspace keyspace = (Keyspace)(i + 1);
            Span<Entry> entries = CollectionsMarshal.AsSpan(_entries[i]);
            if (_spare.Length < entries.Length) _spare = new Entry[Math.Max(entries.Length, 2 * _spare.Length)];
            Sort(entries, 0, 0);
            for (int from = 0, to; from < entries.Length; from = to)
            {
                ReadOnlySpan<byte> key = KeyOf(entries[from].Offset);
                for (to = from + 1; to < entries.Length && entries[to].Head == entries[from].Head && KeyOf(entries[to].Offset).SequenceEqual(key);) to++; // equals were spread alike
                ReadOnlySpan<byte> value = ValueOf(entries[from].Offset);
                if (keyspace == Keyspace.Sets) sink.PutSet(key, value);
                else sink.Merge(keyspace, key, to == from + 1 ? value : MergeAll(entries[from..to], intervalGap));
            }
        }

        Clear();
    }

    /// <summary>Forgets what was gathered: after a failure half-way.</summary>
    public void Clear()
    {
        foreach (List<Entry> entries in _entries) entries.Clear();
        _length = 0;
        if (_octets.Length > KeptOctets) _octets = [];
        if (_spare.Length > KeptOctets / Unsafe.SizeOf<Entry>()) _spare = [];
    }

    private void Add(Keyspace keyspace, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        int end = checked(_length + LengthsLength + key.Length + value.Length);
        if (end > _octets.Length) Array.Resize(ref _octets, (int)Math.Min(Math.Max(2L * _octets.Length, Math.Max(end, 1 << 16)), Array.MaxLength));
        Span<byte> entry = _octets.AsSpan(_length, end - _length);
        BinaryPrimitives.WriteUInt16LittleEndian(entry, checked((ushort)key.Length));
        BinaryPrimitives.WriteInt32LittleEndian(entry[2..], value.Length);
        key.CopyTo(entry[LengthsLength..]);
        value.CopyTo(entry[(LengthsLength + key.Length)..]);
        _entries[(int)keyspace - 1].Add(new(HeadOf(key), _length));
        _length = end;
    }

    private ReadOnlySpan<byte> KeyOf(int entry) => _octets.AsSpan(entry + LengthsLength, BinaryPrimitives.ReadUInt16LittleEndian(_octets.AsSpan(entry)));

    private ReadOnlySpan<byte> ValueOf(int entry) =>
        _octets.AsSpan(entry + LengthsLength + BinaryPrimitives.ReadUInt16LittleEndian(_octets.AsSpan(entry)), BinaryPrimitives.ReadInt32LittleEndian(_octets.AsSpan(entry + 2)));

    private ReadOnlySpan<byte> MergeAll(ReadOnlySpan<Entry> versions, TimeSpan intervalGap)
    {
        ReadOnlySpan<byte> first = ValueOf(versions[0].Offset);
        if (_merged.Length < first.Length) _merged = new byte[2 * first.Length];
        first.CopyTo(_merged);
        int length = first.Length;
        foreach (Entry version in versions[1..])
        {
            ReadOnlySpan<byte> history = ValueOf(version.Offset);
            int room = SightingMerge.MaxMergedLength(length, history.Length);
            if (_room.Length < room) _room = new byte[2 * room];
            length = SightingMerge.Merge(_merged.AsSpan(0, length), history, intervalGap, _room);
            (_merged, _room) = (_room, _merged);
        }

        return _merged.AsSpan(0, length);
    }

    /// <summary>
    /// Spreads entries over the eight bits in which their heads first differ, then sorts each part; those with one head take the next eight octets of their
    /// keys for it. Names share their ends, so comparing whole keys would look at the same octets again and again.
    /// </summary>
    /// <param name="entries">The entries.</param>
    /// <param name="depth">The octets before their heads, which all of them share.</param>
    /// <param name="level">How often they were spread.</param>
    private void Sort(Span<Entry> entries, int depth, int level)
    {
        while (entries.Length > Few && level < MaxLevels)
        {
            ulong first = entries[0].Head, differences = 0;
            foreach (ref readonly Entry entry in entries) differences |= entry.Head ^ first;
            if (differences != 0)
            {
                Spread(entries, depth, level, Math.Max(64 - DigitBits - BitOperations.LeadingZeroCount(differences), 0));
                return;
            }

            depth += HeadLength;
            int shortest = int.MaxValue;
            foreach (ref readonly Entry entry in entries) shortest = Math.Min(shortest, KeyOf(entry.Offset).Length);
            if (shortest <= depth) break; // the heads of keys that have ended are filled up with zeros: only comparing tells them apart
            foreach (ref Entry entry in entries) entry = entry with { Head = HeadOf(KeyOf(entry.Offset)[depth..]) };
        }

        if (entries.Length <= Few) Insert(entries, depth);
        else entries.Sort(new ByKey(this));
    }

    /// <summary>Puts entries one by one where they belong among those before them.</summary>
    private void Insert(Span<Entry> entries, int depth)
    {
        for (int i = 1; i < entries.Length; i++)
        {
            Entry entry = entries[i];
            int at = i;
            for (; at > 0 && IsBefore(entry, entries[at - 1], depth); at--) entries[at] = entries[at - 1];
            entries[at] = entry;
        }
    }

    private bool IsBefore(Entry entry, Entry other, int depth) =>
        entry.Head != other.Head ? entry.Head < other.Head : KeyOf(entry.Offset)[depth..].SequenceCompareTo(KeyOf(other.Offset)[depth..]) < 0;

    private void Spread(Span<Entry> entries, int depth, int level, int shift)
    {
        const int Digits = 1 << DigitBits;
        Span<int> ends = stackalloc int[Digits];
        ends.Clear();
        foreach (ref readonly Entry entry in entries) ends[(int)(entry.Head >> shift) & Digits - 1]++;
        int at = 0;
        foreach (ref int end in ends) (end, at) = (at, at + end);
        Span<Entry> spread = _spare.AsSpan(0, entries.Length);
        foreach (ref readonly Entry entry in entries) spread[ends[(int)(entry.Head >> shift) & Digits - 1]++] = entry;
        spread.CopyTo(entries);
        at = 0;
        foreach (int end in ends)
        {
            if (end - at > 1) Sort(entries[at..end], depth, level + 1);
            at = end;
        }
    }

    private static ulong HeadOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= HeadLength) return BinaryPrimitives.ReadUInt64BigEndian(key);
        ulong head = 0;
        foreach (byte octet in key) head = head << 8 | octet;
        return head << 8 * (HeadLength - key.Length);
    }

    /// <param name="Head">Eight octets of the key behind those that all entries sorted together share: they decide most comparisons.</param>
    /// <param name="Offset">Where the entry stands.</param>
    private readonly record struct Entry(ulong Head, int Offset);

    /// <summary>By whole keys.</summary>
    private readonly struct ByKey(SortedBatch batch) : IComparer<Entry>
    {
        public int Compare(Entry x, Entry y) => x.Head != y.Head ? x.Head.CompareTo(y.Head) : batch.KeyOf(x.Offset).SequenceCompareTo(batch.KeyOf(y.Offset));
    }
}
