using System.Buffers.Binary;

namespace PassiveDns.Capture;

/// <summary>
/// A DNS message put together from what PowerDNS says of it (RFC 1035 section 4.1): a header, the question, and the records of the answer section, for it sends no
/// other section. It sends no flags either, so that none is set; above all not AA, which nobody has seen.
/// </summary>
internal sealed class PowerDnsMessageBuilder(int capacity)
{
    /// <summary>Room for the longest query.</summary>
    public const int QueryLength = DnsHeader.Length + QuestionOctets.MaxLength;

    private const ushort ResponseBit = 0x8000;
    private const ushort PointerToQuestion = 0xC000 | DnsHeader.Length;
    private const int RecordHeadLength = 10; // type, class, TTL, length of the data
    private const int MaxLeftOutTypes = 8;

    private readonly byte[] _octets = new byte[capacity];
    private readonly byte[] _target = new byte[DomainName.MaxWireLength]; // of the alias that names no owner
    private ushort _questionType;
    private int _nameLength; // of the question
    private int _questionEnd;
    private int _length;

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Octets => _octets.AsSpan(0, _length);

    /// <summary>Whether records that name no owner were given one.</summary>
    public bool AreOwnersInferred { get; private set; }

    /// <summary>Begins a query. A question that is no question leaves a message without one.</summary>
    /// <param name="id">The id.</param>
    /// <param name="question">The part <c>DNSQuestion</c>: the name as text, the type and the class.</param>
    /// <returns><c>false</c> if the part is no Protocol Buffers message.</returns>
    public bool TryStart(ushort id, ReadOnlySpan<byte> question)
    {
        _octets.AsSpan(0, DnsHeader.Length).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(_octets, id);
        (_length, _nameLength) = (DnsHeader.Length, 0);
        ReadOnlySpan<byte> name = default;
        (ulong type, ulong @class) = (0, (ulong)RecordClass.IN); // which is left out by older versions
        ProtobufReader fields = new(question);
        while (fields.Read())
        {
            switch (fields.Field, fields.WireType)
            {
                case (1, ProtobufReader.LengthDelimited):
                    name = fields.Octets;
                    break;
                case (2, ProtobufReader.Varint):
                    type = fields.Number;
                    break;
                case (3, ProtobufReader.Varint):
                    @class = fields.Number;
                    break;
            }
        }

        if (fields.IsMalformed) return false;
        _questionEnd = _length;
        if (type is 0 or > ushort.MaxValue || @class > ushort.MaxValue) return true;
        if (!DomainName.TryReadText(name, _octets.AsSpan(_length, DomainName.MaxWireLength), out _nameLength)) return true;
        _questionType = (ushort)type;
        _length += _nameLength;
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(_length), _questionType);
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(_length + 2), (ushort)@class);
        _length += 4;
        _questionEnd = _length;
        _octets[5] = 1;
        return true;
    }

    /// <summary>Makes a response of the query that was begun.</summary>
    /// <param name="answer">Its code and records.</param>
    /// <param name="leftOut">
    /// How many records were left out. PowerDNS sends MX and SRV without their numbers, and no data at all where a message would become too long. A set with a hole is
    /// not the set, so that all records of such a type are left out.
    /// </param>
    /// <returns><c>false</c> if it would be longer than a message can be, or is of too many types that are not whole to be worth anything.</returns>
    public bool TryAnswer(scoped in PowerDnsAnswer answer, out int leftOut)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(2), (ushort)(ResponseBit | answer.Code));
        NamelessOwners owners = FindOwners(in answer);
        Span<ushort> types = stackalloc ushort[MaxLeftOutTypes];
        int typesLeftOut = 0;
        while (true)
        {
            (_length, leftOut, int records) = (_questionEnd, 0, 0);
            bool isAgain = false;
            PowerDnsAnswer.Records walk = answer.GetRecords();
            while (walk.MoveNext())
            {
                if (types[..typesLeftOut].Contains(walk.Type))
                {
                    leftOut++;
                }
                else if (TryAdd(in walk, owners, out bool isTooLong))
                {
                    records++;
                }
                else
                {
                    if (isTooLong || typesLeftOut == MaxLeftOutTypes) return false;
                    types[typesLeftOut++] = walk.Type;
                    isAgain = true;
                    leftOut++;
                }
            }

            BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(6), (ushort)records); // a record has more than one octet, so they cannot be more
            if (!isAgain) return true;
        }
    }

    private bool TryAdd(scoped in PowerDnsAnswer.Records record, NamelessOwners owners, out bool isTooLong)
    {
        isTooLong = false;
        if (!record.IsWhole) return false;
        int start = _length;
        isTooLong = _octets.Length - start < DomainName.MaxWireLength + RecordHeadLength;
        if (isTooLong || !TryAddOwner(in record, owners)) return false;
        int head = _length;
        Span<byte> room = _octets.AsSpan(head + RecordHeadLength);
        bool isWritten = (RecordType)record.Type is RecordType.A or RecordType.AAAA
            ? TryAddAddress((RecordType)record.Type, record.Data, room, out int dataLength)
            : RdataText.TryParse((RecordType)record.Type, record.Data, room, out dataLength);
        if (!isWritten)
        {
            _length = start;
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(head), record.Type);
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(head + 2), (ushort)RecordClass.IN);
        BinaryPrimitives.WriteUInt32BigEndian(_octets.AsSpan(head + 4), record.TimeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(_octets.AsSpan(head + 8), (ushort)dataLength);
        _length = head + RecordHeadLength + dataLength;
        return true;
    }

    private bool TryAddOwner(scoped in PowerDnsAnswer.Records record, NamelessOwners owners)
    {
        Span<byte> room = _octets.AsSpan(_length, DomainName.MaxWireLength);
        int length;
        if (!record.Name.IsEmpty)
        {
            if (!DomainName.TryReadText(record.Name, room, out length)) return false;
        }
        else if (record.Type == (ushort)RecordType.CNAME ? owners.Aliases > 1 : !owners.Holds(record.Type, _questionType))
        {
            return false;
        }
        else
        {
            bool isAtTarget = owners.Aliases == 1 && record.Type != (ushort)RecordType.CNAME;
            ReadOnlySpan<byte> owner = isAtTarget ? _target.AsSpan(0, owners.TargetLength) : _octets.AsSpan(DnsHeader.Length, _nameLength);
            owner.CopyTo(room);
            length = owner.Length;
            AreOwnersInferred = true;
        }

        if (length > 2 && room[..length].SequenceEqual(_octets.AsSpan(DnsHeader.Length, _nameLength)))
        {
            BinaryPrimitives.WriteUInt16BigEndian(room, PointerToQuestion); // RFC 1035 section 4.1.4
            length = 2;
        }

        _length += length;
        return length > 0;
    }

    // The Recursor names no owners in what servers answered to it (seen with 4.8, and so written in all versions since). An answer is the set asked for, at the
    // name asked for or at the end of its aliases (RFC 1034 section 4.3.2), so with one alias or none there is no doubt. With more of them their order would decide, which
    // nobody promises: then nothing of it is taken.
    private NamelessOwners FindOwners(scoped in PowerDnsAnswer answer)
    {
        AreOwnersInferred = false;
        (int aliases, int targetLength) = (0, 0);
        PowerDnsAnswer.Records walk = answer.GetRecords();
        while (walk.MoveNext())
        {
            if (walk.Type != (ushort)RecordType.CNAME || !walk.Name.IsEmpty) continue;
            aliases++;
            if (!DomainName.TryReadText(walk.Data, _target, out targetLength)) aliases++; // an alias to nowhere known is as good as two
        }

        return new(aliases, targetLength);
    }

    private static bool TryAddAddress(RecordType type, ReadOnlySpan<byte> address, Span<byte> room, out int length)
    {
        length = address.Length;
        return length == (type == RecordType.A ? 4 : 16) && address.TryCopyTo(room);
    }

    /// <summary>Where records that name no owner belong.</summary>
    /// <param name="Aliases">How many of them are aliases.</param>
    /// <param name="TargetLength">The length of the only one's target.</param>
    private readonly record struct NamelessOwners(int Aliases, int TargetLength)
    {
        /// <summary>Whether a record that is no alias has an owner: it is of the type asked for, or of any if all were asked for and there is no alias.</summary>
        public bool Holds(ushort type, ushort asked) => Aliases <= 1 && (type == asked || (Aliases == 0 && asked == (ushort)RecordType.ANY));
    }
}
