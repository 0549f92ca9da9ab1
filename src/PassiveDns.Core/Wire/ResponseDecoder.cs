using System.Runtime.CompilerServices;

namespace PassiveDns;

/// <summary>
/// Decodes whole messages into canonical records, fast and without allocating: for each record the owner name and the rdata in canonical
/// form with their keyed hashes. Make one for each thread and use it again and again. Content never makes it throw.
/// </summary>
/// <remarks>
/// It says the same as <see cref="DnsReader"/> and <see cref="RecordData.Canonicalize"/> would, error values and offsets included. It
/// differs in that nothing of a message is shown unless all of its framing is sound. It keeps a copy of the message, so the octets handed
/// in are needed no longer than the call, and its results stand until the next one.
/// The canonical data of hostile records can be longer than their message, by a factor of at most 128 plus 64 KiB; memory beyond 1 MiB is
/// given back with the next message.
/// </remarks>
public sealed partial class ResponseDecoder
{
    private const int Guard = 64; // zeros behind the message: a walk over labels that runs off its end stops in them
    private const int Room = 4096; // free octets in front of each record: three names and parts of them, rebuilt data, vectors that go too far
    private const int InitialSize = 1 << 16;
    private const int KeptSize = 1 << 20;
    private const int FixedLength = 10; // type, class, TTL, RDLENGTH: RFC 1035 section 4.1.3
    private const int MinRecordLength = 1 + FixedLength;

    // the message, its guard, and the arena where expanded names and rebuilt rdata go; every place in a record is an offset into it
    private byte[] _octets = new byte[InitialSize];
    private ResponseRecord.Entry[] _records = new ResponseRecord.Entry[64];
    private (int Offset, int Length)[] _places = new (int, int)[64];
    private int _length; // of the message
    private int _used; // of _octets
    private DnsHeader _header;
    private ResponseRecord.Entry _question;

    /// <summary>The header; zeros if the message is shorter than one.</summary>
    public DnsHeader Header => _header;

    /// <summary>What is damaged, or <see cref="DnsError.None"/>.</summary>
    public DnsError Error { get; private set; }

    /// <summary>Where in the message <see cref="Error"/> was found.</summary>
    public int ErrorOffset { get; private set; }

    /// <summary>The number of records in all sections; 0 if there is an error.</summary>
    public int Count { get; private set; }

    /// <summary>A record, in the order of the message.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such record.</exception>
    public ResponseRecord this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return new(in _records[index], _octets);
        }
    }

    /// <summary>Whether the message has a question; <c>false</c> if there is an error.</summary>
    public bool HasQuestion { get; private set; }

    /// <summary>The name asked for, uncompressed and in lower case; empty without a question.</summary>
    public ReadOnlySpan<byte> QuestionName => _octets.AsSpan(_question.Owner.Start, _question.Owner.Length);

    /// <summary>The number of labels of <see cref="QuestionName"/>, the root not counted.</summary>
    public int QuestionLabels => _question.Owner.Labels;

    /// <summary><see cref="OctetHash.Compute"/> of <see cref="QuestionName"/>; 0 without a question.</summary>
    public ulong QuestionHash => _question.OwnerHash;

    /// <summary>The type asked for; 0 without a question.</summary>
    public RecordType QuestionType => _question.Type;

    /// <summary>The class asked for; 0 without a question.</summary>
    public RecordClass QuestionClass => _question.Class;

    /// <summary>Whether there is an OPT record.</summary>
    public bool HasOpt { get; private set; }

    /// <summary>The whole response code: the header's four bits and the eight of the OPT record above them (RFC 6891 section 6.1.3).</summary>
    public ResponseCode ExtendedResponseCode { get; private set; }

    /// <summary>The octets behind the last record; 0 if there is an error.</summary>
    public int TrailingBytes { get; private set; }

    /// <summary>Reads a message to its end.</summary>
    /// <param name="message">Exactly one message without any transport's length prefix.</param>
    /// <returns><see cref="DnsError.None"/>, or what is damaged; then there are no records.</returns>
    public DnsError Decode(ReadOnlySpan<byte> message)
    {
        TakeMessage(message);
        int end = CheckHeader() ? DecodeQuestion() : -1;
        if (end >= 0) end = DecodeRecords(end);
        if (end < 0) return Refuse();
        TrailingBytes = _length - end;
        return DnsError.None;
    }

    /// <summary>Packs the data of some records as <see cref="RdataSet.Pack"/> does: sorted, without duplicates.</summary>
    /// <param name="records">The numbers of the records; none of them malformed.</param>
    /// <param name="destination">Room for the set: two octets a record and their data.</param>
    /// <returns>The octets written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such record.</exception>
    public int PackSet(ReadOnlySpan<int> records, Span<byte> destination)
    {
        if (_places.Length < records.Length) _places = new (int, int)[Math.Max(records.Length, 2 * _places.Length)];
        for (int i = 0; i < records.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)records[i], (uint)Count, nameof(records));
            ref readonly ResponseRecord.Entry record = ref _records[records[i]];
            _places[i] = (record.DataStart, record.DataLength);
        }

        return RdataSet.Pack(_octets, _places.AsSpan(0, records.Length), destination);
    }

    private void TakeMessage(ReadOnlySpan<byte> message)
    {
        int needed = message.Length + Guard + Room;
        if (_octets.Length < needed || _octets.Length > KeptSize) _octets = new byte[Math.Max(needed, InitialSize)];
        message.CopyTo(_octets);
        _octets.AsSpan(message.Length, Guard).Clear();
        _length = message.Length;
        _used = message.Length + Guard;
        Error = DnsError.None;
        ErrorOffset = 0;
        ForgetNames();
    }

    /// <summary>The checks of <see cref="DnsReader"/> that need the header alone.</summary>
    private bool CheckHeader()
    {
        if (!DnsHeader.TryRead(_octets.AsSpan(0, _length), out _header)) return Fail(DnsError.HeaderTooShort, 0) >= 0;
        int records = _header.RecordCount;
        if (_header.QuestionCount > 1) Fail(DnsError.QuestionCount, 4); // RFC 9619
        else if (records > DnsReader.MaxRecords) Fail(DnsError.TooManyRecords, 6);
        else if (records * MinRecordLength > _length - DnsHeader.Length) Fail(DnsError.RecordCount, 6);
        return Error == DnsError.None;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private DnsError Refuse()
    {
        _question = default;
        HasQuestion = false;
        HasOpt = false;
        Count = 0;
        TrailingBytes = 0;
        ExtendedResponseCode = _header.ResponseCode;
        return Error;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Fail(DnsError error, int offset)
    {
        Error = error;
        ErrorOffset = offset;
        return -1;
    }

    /// <summary>Makes room in the arena. Places are offsets, so they stay good.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int room) => Array.Resize(ref _octets, checked(Math.Max(2 * _octets.Length, _used + room + Room)));
}
