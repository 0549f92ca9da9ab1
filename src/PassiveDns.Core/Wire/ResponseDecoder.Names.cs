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
    //
    // What is rare stands in methods of its own, called last: so the common way needs no register that a call must keep.
    private const int SlotCount = 64;
    private const int RootSlot = SlotCount;
    private const int SpareSlot = SlotCount + 1;
    private const int OffsetBits = 14; // of a compression pointer: RFC 1035 section 4.1.4
    private const int MaxDepth = 3;
    private const int MaxKeptPointers = WireName.MaxPointers - 1; // of a name in the table: what leads to it is one more
    private const int NameRoom = 1280; // what a name and the parts of it that are kept take at most (4 times 255), or rebuilt rdata (2 times 255 and a little)

    private NameTable _slots;
    private uint _generation; // in the upper bits of a tag, so that the table need not be cleared for each message

    private void ForgetNames()
    {
        _generation += 1u << OffsetBits;
        if (_generation == 0)
        {
            _slots = default;
            _generation = 1u << OffsetBits;
        }

        Slot(RootSlot) = new() { Place = new() { Start = _length, Length = 1 }, Hash = s_rootHash }; // the guard's first zero
    }

    private static readonly ulong s_rootHash = OctetHash.Compute([0]);

    /// <summary>Expands the name at an offset within the message or at its end.</summary>
    /// <param name="at">Where the name starts.</param>
    /// <param name="depth">How many pointers led here.</param>
    /// <returns>The slot that holds the name until the next call and, 32 bits up, the offset behind it; -1 if <see cref="ExpandSlowly"/> must judge it.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Expand(int at, int depth = 0)
    {
        Debug.Assert(at <= _length && (depth > 0 || _octets.Length - _used >= NameRoom));
        ref byte octets = ref MemoryMarshal.GetArrayDataReference(_octets);
        uint octet = Unsafe.Add(ref octets, (uint)at);
        if (octet >= 0xC0)
        {
            int target = ReadPointer(ref octets, at);
            if (target < DnsHeader.Length || target >= at || at + 1 >= _length) return -1;
            int slot = SlotOf(target);
            return IsName(slot, target) ? Found(slot, at + 2) : ExpandPointer(at, target, depth);
        }

        Vector256<byte> head = Fold(Vector256.LoadUnsafe(ref octets, (uint)at)); // most names end within it: no need to wait for their length
        int end = at;
        int labels = 0;
        for (; octet - 1 < DomainName.MaxLabelLength && labels <= DomainName.MaxLabels; labels++)
        {
            end += (int)octet + 1;
            octet = Unsafe.Add(ref octets, (uint)end);
        }

        int run = end - at;
        if (octet == 0)
        {
            if (end >= _length || run >= DomainName.MaxWireLength) return -1;
            if (run == 0) return Found(RootSlot, end + 1);
            if (run >= Vector256<byte>.Count) return AddLong(at, run, labels);
            head.StoreUnsafe(ref octets, (uint)_used);
            run++;
            return Found(AddName(at, run, labels, pointers: 0, OctetHash.ComputeShort(head & OctetHash.Mask(run), run)), end + 1);
        }

        if (octet < 0xC0 || end + 1 >= _length) return -1;
        int suffix = ReadPointer(ref octets, end);
        if (suffix < DnsHeader.Length || suffix >= at) return -1;
        int known = SlotOf(suffix);
        return IsName(known, suffix) ? Join(ref octets, head, at, run, labels, known) : JoinUnknown(at, run, labels, suffix, depth);
    }

    /// <summary>Joins a run of labels and the name that the pointer behind it leads to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Join(ref byte octets, Vector256<byte> head, int at, int run, int labels, int known)
    {
        ref NameSlot rest = ref Slot(known);
        int length = run + rest.Place.Length;
        if (length > Vector256<byte>.Count) return JoinLong(at, run, labels, known);
        if (rest.Place.Pointers >= MaxKeptPointers) return -1;

        // loaded so many octets before its place that it lands behind the run
        Vector256<byte> tail = Vector256.LoadUnsafe(ref octets, (uint)(rest.Place.Start - run));
        head = Vector256.ConditionalSelect(OctetHash.Mask(run), head, tail) & OctetHash.Mask(length);
        head.StoreUnsafe(ref octets, (uint)_used);
        ulong hash = OctetHash.ComputeShort(head, length);
        return Found(AddName(at, length, labels + rest.Place.Labels, rest.Place.Pointers + 1, hash), at + run + 2);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long JoinLong(int at, int run, int labels, int known)
    {
        NamePlace rest = Slot(known).Place;
        int length = run + rest.Length;
        if (length > DomainName.MaxWireLength || rest.Pointers >= MaxKeptPointers) return -1;
        ulong hash = FoldLong(at, run, rest.Start, rest.Length);
        return Found(AddName(at, length, labels + rest.Labels, rest.Pointers + 1, hash), at + run + 2);
    }

    /// <summary>The pointer leads to what is no known name: that is expanded first, and kept.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long JoinUnknown(int at, int run, int labels, int suffix, int depth)
    {
        int known = ExpandTarget(suffix, depth);
        if (known < 0) return -1;
        ref byte octets = ref MemoryMarshal.GetArrayDataReference(_octets);
        return Join(ref octets, Fold(Vector256.LoadUnsafe(ref octets, (uint)at)), at, run, labels, known);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long ExpandPointer(int at, int target, int depth)
    {
        int known = ExpandTarget(target, depth);
        return known < 0 ? -1 : Found(known, at + 2);
    }

    /// <summary>Expands what a pointer leads to. Some servers point to pointers: such a place gets a slot too, so that each pointer is followed once.</summary>
    /// <returns>The slot, or -1.</returns>
    private int ExpandTarget(int target, int depth)
    {
        if (depth == MaxDepth || _used - _length > InitialSize) return -1; // parts of names are kept only while they cost little
        long found = Expand(target, depth + 1);
        if (found < 0) return -1;
        int known = (int)found;
        if (Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_octets), (uint)target) < 0xC0) return known;
        NameSlot name = Slot(known);
        if (name.Place.Pointers >= MaxKeptPointers) return -1;
        name.Tag = _generation | (uint)target;
        name.Place.Pointers++;
        int slot = SlotOf(target);
        Slot(slot) = name;
        return slot;
    }

    /// <summary>A name of more than 32 octets without a pointer.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private long AddLong(int at, int run, int labels) =>
        Found(AddName(at, run + 1, labels, pointers: 0, FoldLong(at, run + 1, 0, 0)), at + run + 1);

    /// <summary>The common owner: a bare pointer to a name that was met before. Its second octet may be the guard's.</summary>
    /// <param name="at">Where the name starts.</param>
    /// <param name="slot">The slot that holds the name, if this is one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsKnownPointer(int at, out int slot)
    {
        int pointer = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_octets), (uint)at)));
        int target = pointer - 0xC000; // a name that was met in this message is neither in the header nor behind the pointer
        slot = SlotOf(target);
        return target >= 0 && IsName(slot, target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Found(int slot, int next) => (long)next << 32 | (uint)slot;

    /// <summary>Writes a name of more than 32 octets: a folded run of labels and what it points to, if anything.</summary>
    /// <returns>The hash.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong FoldLong(int from, int run, int restStart, int restLength)
    {
        ref byte octets = ref MemoryMarshal.GetArrayDataReference(_octets);
        int to = _used;
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

    /// <summary>Whether a slot holds the name that was met at an offset in this message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsName(int slot, int offset) => Slot(slot).Tag == (_generation | (uint)offset);

    /// <summary>Takes the octets at the end of the arena for a name.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int AddName(int offset, int length, int labels, int pointers, ulong hash)
    {
        int slot = offset >> OffsetBits == 0 ? SlotOf(offset) : SpareSlot;
        ref NameSlot name = ref Slot(slot);
        name.Hash = hash;
        name.Tag = _generation | (uint)offset;
        name.Place.Start = _used;
        name.Place.Length = (byte)length;
        name.Place.Labels = (byte)labels;
        name.Place.Pointers = (byte)pointers;
        _used += length;
        return slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref NameSlot Slot(int slot) => ref Unsafe.Add(ref Unsafe.As<NameTable, NameSlot>(ref _slots), (uint)slot);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadPointer(ref byte octets, int at) =>
        (Unsafe.Add(ref octets, (uint)at) & 0x3F) << 8 | Unsafe.Add(ref octets, (uint)at + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TakeOwner(ref ResponseRecord.Entry record, int slot)
    {
        ref NameSlot name = ref Slot(slot);
        record.Owner = name.Place;
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
    private int Rebuild(int to, int lead, int leadLength, NamePlace name1, NamePlace name2, int trail, int trailLength)
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

    /// <summary>The same of 0 to 16 octets.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashFewAt(int start, int length) =>
        OctetHash.ComputeFew(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_octets), (uint)start), length);

    /// <summary>The ten octets that follow a record's name. What is not of the message is of the guard.</summary>
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
        Slot(SpareSlot) = new()
        {
            Place = new() { Start = _used, Length = (byte)length, Labels = (byte)name.LabelCount },
            Hash = HashAt(_used, length),
        };
        _used += length;
        return Found(SpareSlot, next);
    }

    /// <summary>A name in the arena, as it is copied into a record in one move.</summary>
    internal struct NamePlace
    {
        public int Start;
        public byte Length;
        public byte Labels;
        public byte Pointers; // followed from the offset in its tag
    }

    private struct NameSlot
    {
        public ulong Hash;
        public NamePlace Place;
        public uint Tag;
    }

    [InlineArray(SlotCount + 2)]
    private struct NameTable
    {
        private NameSlot _first;
    }
}
