using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>The block format (draft-ietf-opsawg-pcapng). Byte order and interfaces belong to a section; a file may hold several.</summary>
internal sealed class PcapngFormat : CaptureFormat
{
    /// <summary>The type of a section header block, the same in either byte order.</summary>
    public const uint SectionHeader = 0x0A0D0D0A;

    private const uint InterfaceStatistics = 5;
    private const uint InterfaceDescription = 1;
    private const uint ObsoletePacket = 2;
    private const uint SimplePacket = 3;
    private const uint EnhancedPacket = 6;
    private const uint ByteOrderMagic = 0x1A2B3C4D;
    private const int MinBlock = 12;
    private const uint MaxBlock = 1 << 30;
    private const int MaxDescription = 1 << 16; // of a block that describes something, so many octets are looked at
    private const int MaxInterfaces = 65_536;
    private const int OptionResolution = 9;
    private const int OptionTimeOffset = 14;
    private const int OptionInterfaceDrop = 5;
    private const int OptionSystemDrop = 7;

    private readonly List<PcapngInterface> _interfaces = [];
    private readonly List<long> _lost = []; // of each interface, as its last statistics say
    private long _lostBefore; // in sections that are over
    private long _lostTotal;
    private bool _bigEndian;

    public override long Lost => Volatile.Read(ref _lostTotal);

    public static PcapngFormat? Open(ReadOnlySpan<byte> start, out string problem)
    {
        PcapngFormat format = new();
        RecordStatus status = format.Read(start, out _, out _);
        problem = status switch
        {
            RecordStatus.Damaged => format.Problem + "; convert the file with editcap, or capture again",
            RecordStatus.NeedMore => "the pcapng section header is cut off at offset " + start.Length + "; capture again, or get a whole copy",
            _ => "",
        };
        return problem.Length > 0 ? null : new(); // it reads the section header once more, as the first block
    }

    public override RecordStatus Read(ReadOnlySpan<byte> window, out PacketRecord record, out long consumed)
    {
        record = default;
        consumed = 0;
        if (window.Length < MinBlock) return RecordStatus.NeedMore;
        uint type = U32(window);
        if (type == SectionHeader)
        {
            // Byte order is the section's own affair, told by its third word.
            uint order = BinaryPrimitives.ReadUInt32BigEndian(window[8..]);
            _bigEndian = order == ByteOrderMagic;
            if (!_bigEndian && order != BinaryPrimitives.ReverseEndianness(ByteOrderMagic)) return Damage("a section header has no byte-order magic");
        }

        uint length = U32(window[4..]);
        if (length < MinBlock) return Damage($"a block claims a length of {length} octets, less than a block has");
        if (length > MaxBlock) return Damage($"a block claims a length of {length:N0} octets, more than any block has");
        length = (length + 3) & ~3u; // some writers leave the padding out of the length
        RecordStatus status = type switch
        {
            SectionHeader => ReadSection(window, length),
            InterfaceDescription => ReadInterface(window, length),
            EnhancedPacket => ReadPacket(window, length, 28, out record),
            ObsoletePacket => ReadPacket(window, length, 28, out record),
            SimplePacket => ReadSimple(window, length, out record),
            InterfaceStatistics => ReadStatistics(window, length),
            _ => RecordStatus.Other,
        };
        if (status is RecordStatus.NeedMore or RecordStatus.Damaged) return status;
        consumed = length; // should the length behind the block say something else, this one is believed
        return status;
    }

    private RecordStatus ReadSection(ReadOnlySpan<byte> window, uint length)
    {
        if (length < 28) return Damage("a section header block is too short");
        if (window.Length < Math.Min(length, MaxDescription)) return RecordStatus.NeedMore;
        int major = U16(window[12..]);
        int minor = U16(window[14..]);

        // Version 1.2 differs in nothing that matters here; some writers use it.
        if (major != 1 || minor is not (0 or 2)) return Damage($"pcapng version {major}.{minor} is not supported");
        _interfaces.Clear();
        _lost.Clear();
        _lostBefore = _lostTotal;
        return CheckOptions(Body(window, length, 24)) ? RecordStatus.Other : Damage("an option of a section header reaches past its block");
    }

    private RecordStatus ReadInterface(ReadOnlySpan<byte> window, uint length)
    {
        if (length < 20) return Damage("an interface description block is too short");
        if (window.Length < Math.Min(length, MaxDescription)) return RecordStatus.NeedMore;
        if (_interfaces.Count == MaxInterfaces) return Damage("a section describes more than 65,536 interfaces");
        byte resolution = PcapngInterface.DefaultResolution;
        long offset = 0;
        ReadOnlySpan<byte> options = Body(window, length, 16);
        while (TryReadOption(ref options, out int code, out ReadOnlySpan<byte> value))
        {
            if (code == OptionResolution && value.Length >= 1) resolution = value[0];
            if (code == OptionTimeOffset && value.Length >= 8) offset = (long)U64(value);
        }

        _interfaces.Add(new((LinkType)U16(window[8..]), U32(window[12..]), resolution, offset));
        _lost.Add(0);
        return RecordStatus.Other;
    }

    // Statistics count from the start of the capture, so a later block replaces an earlier one.
    private RecordStatus ReadStatistics(ReadOnlySpan<byte> window, uint length)
    {
        if (length < 24) return RecordStatus.Other;
        if (window.Length < Math.Min(length, MaxDescription)) return RecordStatus.NeedMore;
        uint number = U32(window[8..]);
        if (number >= _lost.Count) return RecordStatus.Other;
        ulong lost = 0;
        ReadOnlySpan<byte> options = Body(window, length, 20);
        while (TryReadOption(ref options, out int code, out ReadOnlySpan<byte> value))
        {
            if (code is OptionInterfaceDrop or OptionSystemDrop && value.Length >= 8) lost += Math.Min(U64(value), 1UL << 48);
        }

        _lost[(int)number] = (long)Math.Min(lost, 1UL << 48);
        long total = _lostBefore;
        foreach (long each in _lost) total += each;
        Volatile.Write(ref _lostTotal, total);
        return RecordStatus.Other;
    }

    // The enhanced and the obsolete packet block put the same things in the same places, but for the width of the interface's number.
    private RecordStatus ReadPacket(ReadOnlySpan<byte> window, uint length, int header, out PacketRecord record)
    {
        record = default;
        if (length < header + 4) return Damage("a packet block is too short");
        if (window.Length < header) return RecordStatus.NeedMore;
        uint captured = U32(window[20..]);
        if (captured > MaxPacketLength) return Damage($"a packet claims {captured:N0} octets, more than any capture holds");
        if (captured > length - header - 4) return Damage("a packet reaches past its block");
        if (window.Length < header + (int)captured) return RecordStatus.NeedMore;
        uint number = U32(window) == EnhancedPacket ? U32(window[8..]) : (uint)U16(window[8..]);
        record.Offset = header;
        record.Length = (int)captured;
        record.OriginalLength = U32(window[24..]);
        if (number >= _interfaces.Count) return RecordStatus.Orphan;
        PcapngInterface source = _interfaces[(int)number];
        record.Link = source.Link;
        record.HasTime = source.TryGetTime((ulong)U32(window[12..]) << 32 | U32(window[16..]), out record.UnixNanoseconds);
        return RecordStatus.Packet;
    }

    private RecordStatus ReadSimple(ReadOnlySpan<byte> window, uint length, out PacketRecord record)
    {
        record = default;
        if (length < 16) return Damage("a simple packet block is too short");
        if (window.Length < 12) return RecordStatus.NeedMore;
        uint original = U32(window[8..]);
        uint captured = Math.Min(original, length - 16);
        if (_interfaces.Count > 0 && _interfaces[0].SnapLength is > 0 and uint snap) captured = Math.Min(captured, snap);
        if (captured > MaxPacketLength) return Damage($"a packet claims {captured:N0} octets, more than any capture holds");
        if (window.Length < 12 + (int)captured) return RecordStatus.NeedMore;
        record.Offset = 12;
        record.Length = (int)captured;
        record.OriginalLength = original;
        if (_interfaces.Count == 0) return RecordStatus.Orphan;
        record.Link = _interfaces[0].Link;
        return RecordStatus.Packet;
    }

    // The options of a block, between its fixed part and its second length, as far as the window reaches.
    private static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> window, uint length, int header) =>
        window[header..(int)Math.Min(length - 4, (uint)window.Length)];

    private bool CheckOptions(ReadOnlySpan<byte> options)
    {
        bool isWhole = options.Length < MaxDescription - 64;
        while (TryReadOption(ref options, out _, out _)) continue;
        return options.IsEmpty || !isWhole;
    }

    // code, length, value padded to 4. The end-of-options code 0 may be missing (then the block's end is the end).
    private bool TryReadOption(ref ReadOnlySpan<byte> options, out int code, out ReadOnlySpan<byte> value)
    {
        code = 0;
        value = default;
        if (options.Length < 4) return false;
        code = U16(options);
        int length = U16(options[2..]);
        if (code == 0)
        {
            options = default;
            return false;
        }

        if (length > options.Length - 4) return false;
        value = options.Slice(4, length);
        options = options[Math.Min(options.Length, 4 + ((length + 3) & ~3))..];
        return true;
    }

    private int U16(ReadOnlySpan<byte> octets) =>
        _bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(octets) : BinaryPrimitives.ReadUInt16LittleEndian(octets);

    private uint U32(ReadOnlySpan<byte> octets) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(octets) : BinaryPrimitives.ReadUInt32LittleEndian(octets);

    private ulong U64(ReadOnlySpan<byte> octets) =>
        _bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(octets) : BinaryPrimitives.ReadUInt64LittleEndian(octets);
}
