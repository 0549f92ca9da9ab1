using System.Buffers.Binary;

namespace PassiveDns;

/// <summary>
/// Reads a DNS message, forward only, without allocating: call <see cref="Read"/> until it returns <c>false</c>, then look at
/// <see cref="Error"/>. Content never makes it throw.
/// </summary>
/// <remarks>
/// It checks framing (RFC 1035 section 4.1, RFC 6891 section 6): header, names, counts, record bounds and the place of OPT. What stands
/// inside the data of a record is the business of <see cref="RecordData"/>. A message is only sound when the reader has reached its end
/// without an error, so nothing should be believed before.
/// </remarks>
public ref struct DnsReader
{
    /// <summary>The most records of all sections together that a message may have.</summary>
    public const int MaxRecords = 4096;

    private const int FixedLength = 10; // type, class, TTL, RDLENGTH: RFC 1035 section 4.1.3
    private const int MinRecordLength = 1 + FixedLength;

    private readonly ReadOnlySpan<byte> _message;
    private readonly DnsHeader _header;
    private int _next;
    private int _left; // records still to come in the current section
    private int _nameBudget;
    private bool _hasOpt;

    /// <summary>Makes a reader at the start of a message.</summary>
    /// <param name="message">Exactly one message without any transport's length prefix; it is borrowed for the reader's life.</param>
    public DnsReader(ReadOnlySpan<byte> message)
    {
        _message = message;
        _next = DnsHeader.Length;
        _nameBudget = 16 * message.Length + 65_536; // names may be expanded to so many octets: work stays linear in the message
        if (!DnsHeader.TryRead(message, out _header))
        {
            Error = DnsError.HeaderTooShort;
            return;
        }

        _left = _header.QuestionCount;
        int records = _header.AnswerCount + _header.AuthorityCount + _header.AdditionalCount;
        if (_header.QuestionCount > 1) Fail(DnsError.QuestionCount, 4); // RFC 9619
        else if (records > MaxRecords) Fail(DnsError.TooManyRecords, 6);
        else if (records * MinRecordLength > message.Length - DnsHeader.Length) Fail(DnsError.RecordCount, 6);
    }

    /// <summary>The header; zeros if the message is shorter than one.</summary>
    public readonly DnsHeader Header => _header;

    /// <summary>The section of the current item.</summary>
    public DnsSection Section { get; private set; }

    /// <summary>The owner name of the current record, or the name asked for.</summary>
    public WireName Name { get; private set; }

    /// <summary>The type of the current item.</summary>
    public RecordType Type { get; private set; }

    /// <summary>The class of the current item. In an OPT record this field holds the sender's UDP payload size (RFC 6891 section 6.1.2).</summary>
    public RecordClass Class { get; private set; }

    /// <summary>The TTL field as it stands on the wire. In an OPT record it holds flags.</summary>
    public uint RawTimeToLive { get; private set; }

    /// <summary>The TTL in seconds, 0 to 2^31 - 1. A value with the top bit set counts as 0 (RFC 2181 section 8).</summary>
    public readonly uint TimeToLive => RawTimeToLive > int.MaxValue ? 0 : RawTimeToLive;

    /// <summary>The data of the current record as it stands on the wire: names in it may be compressed. Empty for a question.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>Where <see cref="Data"/> starts in the message.</summary>
    public int DataOffset { get; private set; }

    /// <summary>What is damaged, or <see cref="DnsError.None"/>.</summary>
    public DnsError Error { get; private set; }

    /// <summary>Where in the message <see cref="Error"/> was found.</summary>
    public int ErrorOffset { get; private set; }

    /// <summary>The octets behind the last record, once <see cref="Read"/> has returned <c>false</c> without an error.</summary>
    public readonly int TrailingBytes => _message.Length - _next;

    /// <summary>Whether an OPT record has been read.</summary>
    public readonly bool HasOpt => _hasOpt;

    /// <summary>The whole response code: the header's four bits and, once the OPT record was read, the eight above (RFC 6891 section 6.1.3).</summary>
    public readonly ResponseCode ExtendedResponseCode => (ResponseCode)(_extendedBits << 4 | (ushort)_header.ResponseCode);

    private byte _extendedBits;

    /// <summary>Moves to the next question or record.</summary>
    /// <returns><c>false</c> at the end of the message or at the first damage; <see cref="Error"/> tells which.</returns>
    public bool Read()
    {
        if (Error != DnsError.None) return false;
        while (_left == 0)
        {
            if (Section == DnsSection.Additional) return false;
            Section++;
            _left = Section switch
            {
                DnsSection.Answer => _header.AnswerCount,
                DnsSection.Authority => _header.AuthorityCount,
                _ => _header.AdditionalCount,
            };
        }

        _left--;
        int start = _next;
        DnsError error = WireName.Read(_message, start, out WireName name, out int at);
        if (error != DnsError.None)
        {
            return Fail(error == DnsError.NameOverrun && start >= _message.Length ? DnsError.RecordCount : error, start);
        }

        if ((_nameBudget -= name.Length) < 0) return Fail(DnsError.NameWork, start);
        Name = name;
        return Section == DnsSection.Question ? ReadQuestion(at) : ReadRecord(start, at);
    }

    private bool ReadQuestion(int at)
    {
        if (at + 4 > _message.Length) return Fail(DnsError.RecordOverrun, at);
        Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(_message[at..]);
        Class = (RecordClass)BinaryPrimitives.ReadUInt16BigEndian(_message[(at + 2)..]);
        _next = at + 4;
        return true;
    }

    private bool ReadRecord(int start, int at)
    {
        if (at + FixedLength > _message.Length) return Fail(DnsError.RecordOverrun, at);
        ReadOnlySpan<byte> fixedPart = _message.Slice(at, FixedLength);
        Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(fixedPart);
        Class = (RecordClass)BinaryPrimitives.ReadUInt16BigEndian(fixedPart[2..]);
        RawTimeToLive = BinaryPrimitives.ReadUInt32BigEndian(fixedPart[4..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(fixedPart[8..]);
        DataOffset = at + FixedLength;
        if (DataOffset + length > _message.Length) return Fail(DnsError.RdataOverrun, at + 8);
        Data = _message.Slice(DataOffset, length);
        _next = DataOffset + length;
        return Type != RecordType.OPT || CheckOpt(start);
    }

    private bool CheckOpt(int start)
    {
        // RFC 6891 section 6.1.1: at most one, in the additional section, owned by the root
        if (_hasOpt || Section != DnsSection.Additional || Name.Length != 1) return Fail(DnsError.OptMisplaced, start);
        _hasOpt = true;
        _extendedBits = (byte)(RawTimeToLive >> 24);
        return AreOptionsSound(Data) || Fail(DnsError.OptMalformed, start);
    }

    /// <summary>Whether options fill the data of an OPT record exactly (RFC 6891 section 6.1.2).</summary>
    internal static bool AreOptionsSound(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty)
        {
            if (options.Length < 4) return false;
            int length = 4 + BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
            if (length > options.Length) return false;
            options = options[length..];
        }

        return true;
    }

    private bool Fail(DnsError error, int offset)
    {
        Error = error;
        ErrorOffset = offset;
        return false;
    }
}
