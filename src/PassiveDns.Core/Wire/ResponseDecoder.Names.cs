using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PassiveDns;

public sealed partial class ResponseDecoder
{
    // Names are three quarters of the work of reading a message, so this file, and no other, reads by reference without bounds checks.
    // What makes that sound: every offset is at or before the guard when a walk starts, a walk stops 320 octets after its start at the
    // latest, and in front of each name there are Room free octets behind the arena, where 32-octet vectors may read and write too far.
    //
    // A table of 64 names by the low bits of their offset answers nearly all pointers: an owner that is a bare pointer costs one look, and
    // each name is expanded and hashed once a message. The fast way only ever accepts; whatever it does not like is judged by WireName.
    private const int SlotCount = 64;
    private const int RootSlot = SlotCount;
    private const int SpareSlot = SlotCount + 1;
    private const int OffsetBits = 14; // of a compression pointer: RFC 1035 section 4.1.4
    private const int MaxDepth = 2;

    private readonly NameSlot[] _slots = new NameSlot[SlotCount + 2];
    private uint _generation; // in the upper bits of a tag, so that the table need not be cleared for each message

    private void ForgetNames()
    {
        _generation += 1u << OffsetBits;
        if (_generation == 0)
        {
            Array.Clear(_slots);
            _generation = 1u << OffsetBits;
        }

        _slots[RootSlot] = new() { Start = _length, Length = 1, Hash = s_rootHash }; // the guard's first zero
    }

    private static readonly ulong s_rootHash = OctetHash.Compute([0]);

    /// <summary>Expands the name at an offset within the message or at its end.</summary>
    /// <param name="at">Where the name starts.</param>
    /// <param name="next">The offset behind it.</param>
    /// <param name="depth">How many names with labels led here by pointers.</param>
    /// <returns>The slot that holds the name until the next call, or -1 if <see cref="ExpandSlowly"/> must judge it.</returns>
    private int Expand(int at, out int next, int depth = 0)
    {
        ref byte octets = ref MemoryMarshal.GetArrayDataReference(_octets);
        uint octet = Unsafe.Add(ref octets, (uint)at);
        next = 0;
        if (octet >= 0xC0)
        {
            int target = ReadPointer(ref octets, at);
            if (target < DnsHeader.Length || target >= at || at + 1 >= _length) return -1;
            next = at + 2;
            if (FindName(target) is >= 0 and int known) return known;
            at = target;
            octet = Unsafe.Add(ref octets, (uint)at);
        }

        Vector256<byte> head = Fold(Vector256.LoadUnsafe(ref octets, (uint)at)); // most names end within it: no need to wait for their length
        int end = at;
        int labels = 0;
        int limit = at + DomainName.MaxWireLength;
        for (; octet - 1 < DomainName.MaxLabelLength && end < limit; octet = Unsafe.Add(ref octets, (uint)end), labels++) end += (int)octet + 1;

        int run = end - at;
        int start = _used;
        if (octet == 0)
        {
            if (end >= _length || run >= DomainName.MaxWireLength) return -1;
            if (next == 0) next = end + 1;
            if (run == 0) return RootSlot;
            FoldRun(ref octets, at, start, ++run, head);
            return AddName(ref octets, at, new() { Start = start, Length = (byte)run, Labels = (byte)labels });
        }

        if (octet < 0xC0 || run == 0 || end + 1 >= _length) return -1;
        int suffix = ReadPointer(ref octets, end);
        if (suffix < DnsHeader.Length || suffix >= at) return -1;
        int slot = FindName(suffix);
        if (slot < 0)
        {
            if (depth == MaxDepth || _used - _length > InitialSize) return -1; // parts of names are kept only while they cost little
            slot = Expand(suffix, out _, depth + 1);
            if (slot < 0) return -1;
            start = _used;
        }

        NameSlot rest = _slots[slot];
        if (run + rest.Length > DomainName.MaxWireLength || rest.Pointers >= WireName.MaxPointers - 1) return -1;
        if (next == 0) next = end + 2;
        FoldRun(ref octets, at, start, run, head);
        CopyWide(ref Unsafe.Add(ref octets, (uint)rest.Start), ref Unsafe.Add(ref octets, (uint)(start + run)), rest.Length);
        return AddName(ref octets, at, new()
        {
            Start = start,
            Length = (byte)(run + rest.Length),
            Labels = (byte)(labels + rest.Labels),
            Pointers = (byte)(rest.Pointers + 1),
        });
    }

    /// <summary>The slot of a name that was met at an offset in this message, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int FindName(int offset)
    {
        int slot = offset & SlotCount - 1;
        return Slot(slot).Tag == (_generation | (uint)offset) ? slot : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int AddName(ref byte octets, int offset, NameSlot name)
    {
        _used += name.Length;
        name.Hash = OctetHash.ComputeOverReading(ref Unsafe.Add(ref octets, (uint)name.Start), name.Length);
        name.Tag = _generation | (uint)offset;
        int slot = offset >> OffsetBits == 0 ? offset & SlotCount - 1 : SpareSlot;
        Slot(slot) = name;
        return slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref NameSlot Slot(int slot) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), (uint)slot);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadPointer(ref byte octets, int at) =>
        (Unsafe.Add(ref octets, (uint)at) & 0x3F) << 8 | Unsafe.Add(ref octets, (uint)at + 1);

    /// <summary>Folds a run of labels, length octets included: they are 0..63 and can never be a letter (65..90).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FoldRun(ref byte octets, int from, int to, int length, Vector256<byte> head)
    {
        head.StoreUnsafe(ref octets, (uint)to);
        for (int i = Vector256<byte>.Count; i < length; i += Vector256<byte>.Count)
        {
            Fold(Vector256.LoadUnsafe(ref octets, (uint)(from + i))).StoreUnsafe(ref octets, (uint)(to + i));
        }
    }

    /// <summary>A-Z to a-z (RFC 4343 section 3): added up, the 26 letters are the only octets above 101 when taken as signed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Fold(Vector256<byte> v)
    {
        Vector256<byte> upper = Vector256.GreaterThan((v + Vector256.Create((byte)37)).AsSByte(), Vector256.Create((sbyte)101)).AsByte();
        return v | (upper & Vector256.Create((byte)0x20));
    }

    /// <summary>Copies in steps of 32 octets, so up to 31 too many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyWide(ref byte from, ref byte to, int length)
    {
        int i = 0;
        do
        {
            Vector256.LoadUnsafe(ref from, (uint)i).StoreUnsafe(ref to, (uint)i);
            i += Vector256<byte>.Count;
        }
        while (i < length);
    }

    /// <summary>The hash of octets in <see cref="_octets"/>, which always has enough behind them to read too far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashAt(int start, int length) =>
        OctetHash.ComputeOverReading(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_octets), (uint)start), length);

    /// <summary>Judges a name by <see cref="WireName"/> alone.</summary>
    /// <returns>The slot that holds it until the next call, or -1 with what is wrong.</returns>
    private int ExpandSlowly(int at, out int next, out DnsError error)
    {
        error = WireName.Read(_octets.AsSpan(0, _length), at, out WireName name, out next);
        if (error != DnsError.None) return -1;
        int length = name.CopyCanonicalTo(_octets.AsSpan(_used));
        _slots[SpareSlot] = new() { Start = _used, Length = (byte)length, Labels = (byte)name.LabelCount, Hash = HashAt(_used, length) };
        _used += length;
        return SpareSlot;
    }

    /// <summary>A name in the arena.</summary>
    private struct NameSlot
    {
        public ulong Hash;
        public uint Tag;
        public int Start;
        public byte Length;
        public byte Labels;
        public byte Pointers;
    }
}
