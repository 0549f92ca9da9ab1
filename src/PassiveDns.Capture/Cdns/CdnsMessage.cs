using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>
/// A DNS message put together again from the parts that C-DNS keeps (RFC 1035 section 4.1). Names stand uncompressed, so that it may be longer than it was.
/// </summary>
internal sealed class CdnsMessage
{
    private const int HeaderLength = 12;
    private const int ResponseBit = 0x8000;
    private const int OptLength = 11;

    private readonly byte[] _octets = new byte[ushort.MaxValue];
    private int _length;

    /// <summary>What a section ended with.</summary>
    public enum Outcome : byte
    {
        Built,
        Malformed,
        TooLong,
        NotKept,
    }

    public ReadOnlySpan<byte> Octets => _octets.AsSpan(0, _length);

    /// <summary>Puts a query together.</summary>
    public Outcome BuildQuery(in CdnsItem item, CdnsBlock block, ReadOnlySpan<byte> octets)
    {
        Start(item, isResponse: false);
        return AddQuestion(item, block, octets);
    }

    /// <summary>Puts a response together.</summary>
    public Outcome BuildResponse(in CdnsItem item, CdnsBlock block, ReadOnlySpan<byte> octets)
    {
        Start(item, isResponse: true);
        Outcome outcome = (item.SignatureFlags & 1 << 5) != 0 ? Outcome.Built : AddQuestion(item, block, octets);
        if (outcome == Outcome.Built) outcome = AddSection(6, item.Answer, block, octets);
        if (outcome == Outcome.Built) outcome = AddSection(8, item.Authority, block, octets);
        if (outcome == Outcome.Built) outcome = AddSection(10, item.Additional, block, octets);
        return outcome == Outcome.Built && item.ResponseCode > 15 ? AddExtendedCode(item.ResponseCode) : outcome;
    }

    // C-DNS keeps the flags of RFC 1035 section 4.1.1 in the order of the header, those of the query in bits 0-6 and those of the response in bits 8-14.
    private void Start(in CdnsItem item, bool isResponse)
    {
        _octets.AsSpan(0, HeaderLength).Clear();
        long bits = isResponse ? item.DnsFlags >> 8 : item.DnsFlags;
        int flags = (int)(bits & 0x7F) << 4 | (int)(Math.Max(item.Opcode, 0) & 15) << 11;
        if (isResponse) flags |= ResponseBit | (int)(item.ResponseCode & 15);
        BinaryPrimitives.WriteUInt16BigEndian(_octets, (ushort)item.Id);
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(2), (ushort)flags);
        _length = HeaderLength;
    }

    private Outcome AddQuestion(in CdnsItem item, CdnsBlock block, ReadOnlySpan<byte> octets)
    {
        if ((item.SignatureFlags & 1 << 4) != 0 && (item.SignatureFlags & 1) != 0) return Outcome.Built; // the query had none
        if (item.QueryName < 0 || item.ClassType < 0) return Outcome.NotKept;
        if (!AddName(item.QueryName, block, octets) || !AddClassType(item.ClassType, block, octets)) return Outcome.Malformed;
        _octets[5] = 1;
        return Outcome.Built;
    }

    private Outcome AddSection(int countAt, long list, CdnsBlock block, ReadOnlySpan<byte> octets)
    {
        if (list < 0) return Outcome.Built; // an empty section has no list
        if (!block.TryFind(octets, CdnsBlock.Table.RecordLists, list, out CborCursor indexes) || !indexes.TryEnterArray(out long left)) return Outcome.Malformed;
        int count = 0;
        while (indexes.MoveNext(ref left))
        {
            if (!indexes.TryReadNumber(out long index)) return Outcome.Malformed;
            Outcome outcome = AddRecord(index, block, octets);
            if (outcome != Outcome.Built) return outcome;
            count++;
        }

        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(countAt), (ushort)count); // a record has more than one octet, so they cannot be more
        return Outcome.Built;
    }

    private Outcome AddRecord(long index, CdnsBlock block, ReadOnlySpan<byte> octets)
    {
        (long name, long classType, long ttl, long rdata) = (-1, -1, -1, -1);
        if (!block.TryFind(octets, CdnsBlock.Table.Records, index, out CborCursor record) || !record.TryEnterMap(out long left)) return Outcome.Malformed;
        while (record.MoveNext(ref left))
        {
            if (!record.TryReadNumber(out long key)) return Outcome.Malformed;
            bool isRead = key switch
            {
                0 => record.TryReadNumber(out name),
                1 => record.TryReadNumber(out classType),
                2 => record.TryReadNumber(out ttl),
                3 => record.TryReadNumber(out rdata),
                _ => record.TrySkip() == CborCursor.Outcome.Complete,
            };
            if (!isRead) return Outcome.Malformed;
        }

        if (ttl < 0 || rdata < 0) return Outcome.NotKept;
        if (ttl > uint.MaxValue || !block.TryFind(octets, CdnsBlock.Table.Octets, rdata, out CborCursor data)
            || !data.TryReadOctets(out ReadOnlySpan<byte> value) || value.Length > ushort.MaxValue)
        {
            return Outcome.Malformed;
        }

        if (_octets.Length - _length < DomainName.MaxWireLength + 10 + value.Length) return Outcome.TooLong;
        if (!AddName(name, block, octets) || !AddClassType(classType, block, octets)) return Outcome.Malformed;
        BinaryPrimitives.WriteUInt32BigEndian(_octets.AsSpan(_length), (uint)ttl);
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(_length + 4), (ushort)value.Length);
        value.CopyTo(_octets.AsSpan(_length + 6));
        _length += 6 + value.Length;
        return Outcome.Built;
    }

    /// <summary>Adds a name, which must not be a pointer: it would point into a message that it never stood in.</summary>
    private bool AddName(long index, CdnsBlock block, ReadOnlySpan<byte> octets)
    {
        if (!block.TryFind(octets, CdnsBlock.Table.Octets, index, out CborCursor entry) || !entry.TryReadOctets(out ReadOnlySpan<byte> name)) return false;
        if (WireName.Read(name, 0, out WireName checkedName, out int next) != DnsError.None || next != name.Length || checkedName.IsCompressed) return false;
        name.CopyTo(_octets.AsSpan(_length));
        _length += name.Length;
        return true;
    }

    private bool AddClassType(long index, CdnsBlock block, ReadOnlySpan<byte> octets)
    {
        (long type, long recordClass) = (-1, -1);
        if (!block.TryFind(octets, CdnsBlock.Table.ClassTypes, index, out CborCursor entry) || !entry.TryEnterMap(out long left)) return false;
        while (entry.MoveNext(ref left))
        {
            if (!entry.TryReadNumber(out long key) || !entry.TryReadNumber(out long value)) return false;
            if (key == 0) type = value;
            else if (key == 1) recordClass = value;
        }

        if (type is < 0 or > ushort.MaxValue || recordClass is < 0 or > ushort.MaxValue) return false;
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(_length), (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(_length + 2), (ushort)recordClass);
        _length += 4;
        return true;
    }

    // RFC 6891 section 6.1.3: the upper eight bits of the code stand in the OPT record. Without them BADVERS would read as NOERROR.
    private Outcome AddExtendedCode(long code)
    {
        if (_octets.Length - _length < OptLength) return Outcome.TooLong;
        Span<byte> opt = _octets.AsSpan(_length, OptLength);
        opt.Clear();
        opt[2] = (byte)RecordType.OPT;
        opt[5] = (byte)(code >> 4);
        _length += OptLength;
        ushort additional = BinaryPrimitives.ReadUInt16BigEndian(_octets.AsSpan(10));
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(10), (ushort)(additional + 1));
        return Outcome.Built;
    }
}
