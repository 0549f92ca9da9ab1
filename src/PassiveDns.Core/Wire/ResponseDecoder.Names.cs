using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PassiveDns;

public sealed partial class ResponseDecoder
{
    // Names are three quarters of the work of reading a message, so this file, and no other, reads by reference without bounds checks.
    // What makes that sound: every offset is at or before the guard when a walk starts, a label that starts in the message ends in the guard
    // at the latest and there the walk stops, and in front of each name there are Room free octets behind the arena, where 32-octet vectors
    // may read and write too far.
    //
    // A table of 64 names by their offset answers nearly all pointers: an owner that is a bare pointer costs one look, and each name is
    // expanded and hashed once a message. The fast way only ever accepts; whatever it does not like is judged by WireName.
    private const int SlotCount = 64;
    private const int RootSlot = SlotCount;
    private const int SpareSlot = SlotCount + 1;
    private const int OffsetBits = 14; // of a compression pointer: RFC 1035 section 4.1.4
    private const int MaxDepth = 2;
    private const int MaxHops = 2; // from pointer to pointer
    private const int NameRoom = 1024; // what a name and the parts of it that are kept take at most (3 times 255), or rebuilt rdata (2 times 255 and a little)

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
    /// <param name="depth">How many names with labels led here by pointers.</param>
    /// <returns>The slot that holds the name until the next call and, 32 bits up, the offset behind it; -1 if <see cref="ExpandSlowly"/> must judge it.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Expand(int at, int depth = 0)
    {
        Debug.Assert(at <= _length && (depth > 0 || _octets.Length - _used >= NameRoom));
        ref byte octets = ref MemoryMarshal.GetArrayDataReference(_octets);
        uint octet = Unsafe.Add(ref octets, (uint)at);
        int next = 0;
        for (int pointers = 0; octet >= 0xC0; octet = Unsafe.Add(ref octets, (uint)at)) // some servers point to pointers
        {
            int target = ReadPointer(ref octets, at);
            if (target < DnsHeader.Length || target >= at || at + 1 >= _length || pointers == MaxHops) return -1;
            if (pointers++ == 0) next = at + 2;
            int slot = FindName(target);
            if (slot >= 0) return Found(slot, next);
            at = target;
        }

        Vector256<byte> head = Fold(Vector256.LoadUnsafe(ref octets, (uint)at)); // most names end within it: no need to wait for their length
        int end = at;
        int labels = 0;
        while (octet - 1 < DomainName.MaxLabelLength && labels <= DomainName.MaxLabels)
        {
            end += (int)octet + 1;
            labels++;
            octet = Unsafe.Add(ref octets, (uint)end);
        }

        int run = end - at;
        int start = _used;
        if (octet == 0)
        {
            if (end >= _length || run >= DomainName.MaxWireLength) return -1;
            if (next == 0) next = end + 1;
            if (run == 0) return Found(RootSlot, next);
            int whole = run + 1;
            head.StoreUnsafe(ref octets, (uint)start);
            ulong hash = whole <= Vector256<byte>.Count ? OctetHash.ComputeShort(head & OctetHash.Mask(whole), whole) : FoldLong(at, start, whole, 0, 0);
            return Found(AddName(at, start, whole, labels, pointers: 0, hash), next);
        }

        if (octet < 0xC0 || run == 0 || end + 1 >= _length) return -1;
        int suffix = ReadPointer(ref octets, end);
        if (suffix < DnsHeader.Length || suffix >= at) return -1;
        int known = FindName(suffix);
        if (known < 0)
        {
            if (depth == MaxDepth || start - _length > InitialSize) return -1; // parts of names are kept only while they cost little
            long found = Expand(suffix, depth + 1);
            if (found < 0) return -1;
            known = (int)found;
            start = _used;
        }

        ref NameSlot rest = ref Slot(known);
        int length = run + rest.Length;
        if (length > DomainName.MaxWireLength || rest.Pointers >= WireName.MaxPointers - MaxHops) return -1;
        if (next == 0) next = end + 2;
        ulong joint;
        if (length <= Vector256<byte>.Count)
        {
            // loaded so many octets before its place that it lands behind the run
            Vector256<byte> tail = Vector256.LoadUnsafe(ref octets, (uint)(rest.Start - run));
            head = Vector256.ConditionalSelect(OctetHash.Mask(run), head, tail) & OctetHash.Mask(length);
            head.StoreUnsafe(ref octets, (uint)start);
            joint = OctetHash.ComputeShort(head, length);
        }
        else
        {
            joint = FoldLong(at, start, run, rest.Start, rest.Length);
        }

        return Found(AddName(at, start, length, labels + rest.Labels, rest.Pointers + 1, joint), next);
    }

    /// <summary>The common owner: a bare pointer to a name that was met before.</summary>
    /// <param name="at">Where the name starts.</param>
    /// <returns>The slot that holds the name, or -1 if this is something else.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int FindPointedName(int at)
    {
        int pointer = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_octets), (uint)at)));
        int target = pointer - 0xC000; // a name that was met in this message is neither in the header nor behind the pointer
        return target >= 0 && at + 1 < _length ? FindName(target) : -1;
    }

    /// <summary>The other common owner, of OPT records and in the root zone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsRoot(int at) => Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_octets), (uint)at) == 0 && at < _length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Found(int slot, int next) => (long)next << 32 | (uint)slot;

    /// <summary>Writes a name of more than 32 octets: a folded run of labels and what it points to, if anything.</summary>
    /// <returns>The hash.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong FoldLong(int from, int to, int run, int restStart, int restLength)
    {
        ref byte octets = ref MemoryMarshal.GetArrayDataReference(_octets);
        for (int i = 0; i < run; i += Vector256<byte>.Count)
        {
            Fold(Vector256.LoadUnsafe(ref octets, (uint)(from + i))).StoreUnsafe(ref octets, (uint)(to + i));
        }

        CopyWide(ref octets, restStart, to + run, restLength);
        return OctetHash.ComputeOverReading(ref Unsafe.Add(ref octets, (uint)to), run + restLength);
    }

    /// <summary>Records of a set have one length, often 16 octets: the upper bits keep their names from meeting in a few slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SlotOf(int offset) => (offset ^ offset >> 4) & SlotCount - 1;

    /// <summary>The slot of a name that was met at an offset in this message, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int FindName(int offset)
    {
        int slot = SlotOf(offset);
        return Slot(slot).Tag == (_generation | (uint)offset) ? slot : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int AddName(int offset, int start, int length, int labels, int pointers, ulong hash)
    {
        _used = start + length;
        int slot = offset >> OffsetBits == 0 ? SlotOf(offset) : SpareSlot;
        ref NameSlot name = ref Slot(slot);
        name.Hash = hash;
        name.Tag = _generation | (uint)offset;
        name.Start = start;
        name.Length = (byte)length;
        name.Labels = (byte)labels;
        name.Pointers = (byte)pointers;
        return slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref NameSlot Slot(int slot) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), (uint)slot);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadPointer(ref byte octets, int at) =>
        (Unsafe.Add(ref octets, (uint)at) & 0x3F) << 8 | Unsafe.Add(ref octets, (uint)at + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TakeOwner(ref ResponseRecord.Entry record, int slot)
    {
        ref NameSlot name = ref Slot(slot);
        record.OwnerStart = name.Start;
        record.OwnerLength = name.Length;
        record.OwnerLabels = name.Labels;
        record.OwnerHash = name.Hash;
    }

    /// <summary>
    /// A-Z to a-z (RFC 4343 section 3) in a whole run of labels: length octets are 0..63 and can never be a letter. With 37 added, the
    /// 26 letters are the only octets above 101 when taken as signed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Fold(Vector256<byte> v)
    {
        Vector256<byte> upper = Vector256.GreaterThan((v + Vector256.Create((byte)37)).AsSByte(), Vector256.Create((sbyte)101)).AsByte();
        return v | (upper & Vector256.Create((byte)0x20));
    }

    /// <summary>Copies within the octets in steps of 32, so up to 31 too many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyWide(ref byte octets, int from, int to, int length)
    {
        for (int i = 0; i < length; i += Vector256<byte>.Count)
        {
            Vector256.LoadUnsafe(ref octets, (uint)(from + i)).StoreUnsafe(ref octets, (uint)(to + i));
        }
    }

    /// <summary>Rebuilds rdata in the arena: what stands in front of one or two names, the names, and what stands behind.</summary>
    /// <returns>Where it ends.</returns>
    private int Rebuild(int to, int lead, int leadLength, in NameSlot name1, in NameSlot name2, int trail, int trailLength)
    {
        Debug.Assert(_octets.Length - to >= NameRoom);
        ref byte octets = ref MemoryMarshal.GetArrayDataReference(_octets);
        CopyWide(ref octets, lead, to, leadLength);
        to += leadLength;
        CopyWide(ref octets, name1.Start, to, name1.Length);
        to += name1.Length;
        CopyWide(ref octets, name2.Start, to, name2.Length);
        to += name2.Length;
        CopyWide(ref octets, trail, to, trailLength);
        return to + trailLength;
    }

    /// <summary>Walks over a name that must not be compressed.</summary>
    /// <param name="at">Where it starts, within the message or at its end.</param>
    /// <returns>The offset behind it, or 0 if it is compressed or unsound.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SkipPlainName(int at)
    {
        ref byte octets = ref MemoryMarshal.GetArrayDataReference(_octets);
        int limit = at + DomainName.MaxWireLength;
        uint octet = Unsafe.Add(ref octets, (uint)at);
        for (; octet - 1 < DomainName.MaxLabelLength && at < limit; octet = Unsafe.Add(ref octets, (uint)at)) at += (int)octet + 1;
        return octet == 0 && at < limit ? at + 1 : 0;
    }

    /// <summary>The hash of octets in <see cref="_octets"/>, which always has enough behind them to read too far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashAt(int start, int length) =>
        OctetHash.ComputeOverReading(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_octets), (uint)start), length);

    /// <summary>The ten octets that follow a record's name, which the caller has found to be there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong ReadFixedPart(int at, out int dataLength)
    {
        ref byte fixedPart = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_octets), (uint)at);
        dataLength = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref fixedPart, 8)));
        return BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref fixedPart));
    }

    /// <summary>Judges a name by <see cref="WireName"/> alone.</summary>
    /// <returns>As <see cref="Expand"/>; -1 with what is wrong.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long ExpandSlowly(int at, out DnsError error)
    {
        error = WireName.Read(_octets.AsSpan(0, _length), at, out WireName name, out int next);
        if (error != DnsError.None) return -1;
        int length = name.CopyCanonicalTo(_octets.AsSpan(_used));
        _slots[SpareSlot] = new() { Start = _used, Length = (byte)length, Labels = (byte)name.LabelCount, Hash = HashAt(_used, length) };
        _used += length;
        return Found(SpareSlot, next);
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
