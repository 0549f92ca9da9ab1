using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>The distinct names of one message, each held once in canonical form under a small number. Reused from message to message.</summary>
internal sealed class MessageNames
{
    private byte[] _octets = new byte[8192];
    private Entry[] _entries = new Entry[64];
    private ulong[] _hashes = new ulong[64]; // apart, so that looking for one is a vector scan
    private int _octetsUsed;

    public int Count { get; private set; }

    public void Clear()
    {
        Count = 0;
        _octetsUsed = 0;
    }

    public NameView this[int id]
    {
        get
        {
            ref readonly Entry entry = ref _entries[id];
            return new(_octets.AsSpan(entry.Offset, entry.Length), entry.Labels, _hashes[id]);
        }
    }

    public ReadOnlySpan<byte> Wire(int id) => _octets.AsSpan(_entries[id].Offset, _entries[id].Length);

    public ulong Hash(int id) => _hashes[id];

    public int Labels(int id) => _entries[id].Labels;

    public ref NameMarks Marks(int id) => ref _entries[id].Marks;

    /// <summary>The number of a name, which is added if it is new.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Intern(NameView name)
    {
        int last = Count - 1; // records of one owner mostly follow each other
        if (last >= 0 && _hashes[last] == name.Hash && Wire(last).SequenceEqual(name.Wire)) return last;
        int id = Find(name.Hash, name.Wire);
        return id >= 0 ? id : Add(name);
    }

    /// <summary>The number of a canonical name, or -1.</summary>
    /// <param name="hash"><see cref="OctetHash.Compute"/> of the name.</param>
    /// <param name="wire">The name.</param>
    public int Find(ulong hash, ReadOnlySpan<byte> wire)
    {
        int from = 0;
        while (true)
        {
            int found = _hashes.AsSpan(from, Count - from).IndexOf(hash);
            if (found < 0) return -1;
            if (Wire(from + found).SequenceEqual(wire)) return from + found;
            from += found + 1;
        }
    }

    private int Add(NameView name)
    {
        if (_octets.Length - _octetsUsed < name.Wire.Length) Array.Resize(ref _octets, 2 * _octets.Length);
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, 2 * Count);
            Array.Resize(ref _hashes, 2 * Count);
        }

        int id = Count++;
        _hashes[id] = name.Hash;
        _entries[id] = new() { Offset = _octetsUsed, Length = (byte)name.Wire.Length, Labels = (byte)name.Labels };
        name.Wire.CopyTo(_octets.AsSpan(_octetsUsed));
        _octetsUsed += name.Wire.Length;
        return id;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public int Offset;
        public byte Length;
        public byte Labels;
        public NameMarks Marks;
    }
}
