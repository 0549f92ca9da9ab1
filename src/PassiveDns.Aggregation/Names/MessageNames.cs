using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>
/// The distinct names of messages, each of a message held once in canonical form under a small number. Those of one message lie behind those of the other; one
/// message is at hand. Its arrays are used again.
/// </summary>
internal sealed class MessageNames
{
    private byte[] _octets = new byte[8192];
    private Entry[] _entries = new Entry[64];
    private ulong[] _hashes = new ulong[64]; // apart, so that looking for one is a vector scan
    private int _used; // of _entries
    private int _octetsUsed;

    /// <summary>Where the names of the message at hand start.</summary>
    public int First { get; private set; }

    /// <summary>The names of the message at hand.</summary>
    public int Count { get; private set; }

    /// <summary>The octets of the names of all messages.</summary>
    public int Octets => _octetsUsed;

    /// <summary>Forgets the names of all messages.</summary>
    public void Clear()
    {
        _used = 0;
        _octetsUsed = 0;
        Begin();
    }

    /// <summary>The next message is at hand; it has no names yet.</summary>
    public void Begin() => Open(_used, 0);

    /// <summary>A message is at hand again; no names can be added to it unless it is the last one.</summary>
    public void Open(int first, int count)
    {
        First = first;
        Count = count;
    }

    public NameView this[int id]
    {
        get
        {
            ref readonly Entry entry = ref _entries[First + id];
            return new(_octets.AsSpan(entry.Offset, entry.Length), entry.Labels, _hashes[First + id]);
        }
    }

    public ReadOnlySpan<byte> Wire(int id)
    {
        ref readonly Entry entry = ref _entries[First + id];
        return _octets.AsSpan(entry.Offset, entry.Length);
    }

    public ulong Hash(int id) => _hashes[First + id];

    public int Labels(int id) => _entries[First + id].Labels;

    public ref NameMarks Marks(int id) => ref _entries[First + id].Marks;

    /// <summary>The number of a name, which is added if it is new.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Intern(NameView name)
    {
        int last = Count - 1; // records of one owner mostly follow each other
        if (last >= 0 && _hashes[First + last] == name.Hash && Wire(last).SequenceEqual(name.Wire)) return last;
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
            int found = _hashes.AsSpan(First + from, Count - from).IndexOf(hash);
            if (found < 0) return -1;
            if (Wire(from + found).SequenceEqual(wire)) return from + found;
            from += found + 1;
        }
    }

    private int Add(NameView name)
    {
        if (_octets.Length - _octetsUsed < name.Wire.Length) Array.Resize(ref _octets, 2 * _octets.Length);
        if (_used == _entries.Length)
        {
            Array.Resize(ref _entries, 2 * _used);
            Array.Resize(ref _hashes, 2 * _used);
        }

        _hashes[_used] = name.Hash;
        _entries[_used++] = new() { Offset = _octetsUsed, Length = (byte)name.Wire.Length, Labels = (byte)name.Labels };
        name.Wire.CopyTo(_octets.AsSpan(_octetsUsed));
        _octetsUsed += name.Wire.Length;
        return Count++;
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
