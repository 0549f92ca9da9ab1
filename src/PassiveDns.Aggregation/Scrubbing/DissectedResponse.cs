namespace PassiveDns.Aggregation;

/// <summary>One response taken apart into RRsets with canonical data. Its buffers are reused from response to response.</summary>
internal sealed class DissectedResponse(int maxRrsetRecords, bool rejectsCompressed)
{
    /// <summary>
    /// The most octets of a set in canonical form. Compressed names expand, so this is more than a message; the longest set that a 64 KiB message
    /// can hold honestly stays far below.
    /// </summary>
    public const int MaxRrsetOctets = 512 * 1024;

    private const int None = -1;

    private readonly ResponseDecoder _decoder = new();
    private int[] _nextRecords = new int[64]; // of the same RRset
    private Rrset[] _rrsets = new Rrset[32];
    private ulong[] _keys = new ulong[32]; // of _rrsets, side by side so that looking for one is a vector scan
    private byte[] _rdata = new byte[16 * 1024];
    private int[] _records = new int[64];
    private int _rdataUsed;

    public MessageNames Names { get; } = new();

    public DnsHeader Header { get; private set; }

    public ResponseCode ResponseCode => _decoder.ExtendedResponseCode;

    public int QuestionName { get; private set; }

    public RecordType QuestionType => _decoder.QuestionType;

    public bool HasTrailingBytes => _decoder.TrailingBytes > 0;

    /// <summary>RRsets in which a name was compressed in a type where RFC 3597 section 4 does not allow it.</summary>
    public int CompressedRrsets { get; private set; }

    public Span<Rrset> Rrsets => _rrsets.AsSpan(0, RrsetCount);

    public int RrsetCount { get; private set; }

    public RdataSet Rdata(in Rrset rrset) => new(_rdata.AsSpan(rrset.RdataOffset, rrset.RdataLength));

    /// <summary>Takes a message apart. Framing damage rejects it whole.</summary>
    /// <returns><see cref="ResponseFate.Accepted"/> if the RRsets can be looked at, or why nothing of the message is believed.</returns>
    public ResponseFate Read(ReadOnlySpan<byte> message)
    {
        Names.Clear();
        RrsetCount = 0;
        CompressedRrsets = 0;
        _rdataUsed = 0;
        if (!DnsHeader.TryRead(message, out DnsHeader header)) return ResponseFate.MalformedHeaderTooShort;
        Header = header;
        if (!header.IsResponse) return ResponseFate.NotAResponse;
        if (header.Opcode != 0) return ResponseFate.Opcode;
        if (header.IsTruncated) return ResponseFate.Truncated;
        DnsError error = _decoder.Decode(message);
        if (error != DnsError.None) return ResponseFate.MalformedHeaderTooShort + (error - DnsError.HeaderTooShort);
        ResponseFate fate = Outcome();
        if (fate != ResponseFate.Accepted) return fate;
        QuestionName = Names.Intern(new(_decoder.QuestionName, _decoder.QuestionLabels, _decoder.QuestionHash));
        GroupRecords();
        foreach (ref Rrset rrset in Rrsets)
        {
            if (rrset.IsSettled) continue;
            if (rrset.Records > maxRrsetRecords) Settle(ref rrset, RrsetFate.TooLarge);
            else Pack(ref rrset);
        }

        return fate;
    }

    /// <summary>The number of the RRset, or -1.</summary>
    public int Find(DnsSection section, int owner, RecordType type, RecordType covered = RecordType.None) =>
        _keys.AsSpan(0, RrsetCount).IndexOf(Key(section, owner, type, covered));

    public static void Settle(ref Rrset rrset, RrsetFate fate)
    {
        rrset.Fate = fate;
        rrset.IsSettled = true;
    }

    private ResponseFate Outcome() => ResponseCode switch
    {
        ResponseCode.NoError or ResponseCode.NameError when !_decoder.HasQuestion => ResponseFate.NoQuestion, // RFC 9619: exactly one
        ResponseCode.NoError or ResponseCode.NameError when _decoder.QuestionClass != RecordClass.IN => ResponseFate.Class,
        ResponseCode.NoError or ResponseCode.NameError when _decoder.Count == (_decoder.HasOpt ? 1 : 0) => ResponseFate.Empty,
        ResponseCode.NoError or ResponseCode.NameError => ResponseFate.Accepted,
        ResponseCode.FormatError => ResponseFate.RcodeFormerr,
        ResponseCode.ServerFailure => ResponseFate.RcodeServfail,
        ResponseCode.NotImplemented => ResponseFate.RcodeNotimp,
        ResponseCode.Refused => ResponseFate.RcodeRefused,
        _ => ResponseFate.RcodeOther,
    };

    private static ulong Key(DnsSection section, int owner, RecordType type, RecordType covered) =>
        (ulong)(ushort)type << 48 | (ulong)(ushort)covered << 32 | (ulong)(uint)owner << 2 | (uint)section;

    private void GroupRecords()
    {
        if (_nextRecords.Length < _decoder.Count) _nextRecords = new int[Math.Max(_decoder.Count, 2 * _nextRecords.Length)];
        for (int i = 0; i < _decoder.Count; i++)
        {
            ResponseRecord record = _decoder[i];
            RecordType type = record.Type;
            if (type == RecordType.OPT) continue; // EDNS is about the message; options are never stored (RFC 6891)
            int owner = Names.Intern(new(record.Owner, record.OwnerLabels, record.OwnerHash));
            RecordType covered = record.CoveredType;
            ulong key = Key(record.Section, owner, type, covered);
            bool isIn = record.Class == RecordClass.IN;
            int found = !isIn ? None // another class is another RRset and never grows
                : RrsetCount > 0 && _keys[RrsetCount - 1] == key ? RrsetCount - 1
                : _keys.AsSpan(0, RrsetCount).IndexOf(key);
            _nextRecords[i] = None;
            if (found >= 0)
            {
                ref Rrset rrset = ref _rrsets[found];
                _nextRecords[rrset.LastRecord] = i;
                rrset.LastRecord = i;
                rrset.Records++;
                rrset.TimeToLive = Math.Min(rrset.TimeToLive, record.TimeToLive); // RFC 2181 section 5.2: they should be equal; the lowest is safe
                continue;
            }

            AddRrset(isIn ? key : ulong.MaxValue, new()
            {
                Owner = owner,
                Type = type,
                Covered = covered,
                Section = record.Section,
                TimeToLive = record.TimeToLive,
                FirstRecord = i,
                LastRecord = i,
                Records = 1,
                IsSettled = !isIn || IsMeta(type),
                Fate = !isIn ? RrsetFate.Class : RrsetFate.MetaType,
            });
        }
    }

    private void AddRrset(ulong key, in Rrset rrset)
    {
        if (RrsetCount == _rrsets.Length)
        {
            Array.Resize(ref _rrsets, 2 * RrsetCount);
            Array.Resize(ref _keys, 2 * RrsetCount);
        }

        _keys[RrsetCount] = key;
        _rrsets[RrsetCount++] = rrset;
    }

    /// <summary>RFC 6895 section 3.1: 0 and 128 to 255 are for questions and messages, not for data.</summary>
    private static bool IsMeta(RecordType type) => type is RecordType.None or >= (RecordType)128 and <= (RecordType)255;

    private void Pack(ref Rrset rrset)
    {
        if (_records.Length < rrset.Records) _records = new int[Math.Max(rrset.Records, 2 * _records.Length)];
        int count = 0;
        int octets = 0;
        bool isCompressed = false;
        for (int i = rrset.FirstRecord; i >= 0; i = _nextRecords[i])
        {
            ResponseRecord record = _decoder[i];
            if (record.DataStatus == RdataStatus.Malformed)
            {
                Settle(ref rrset, RrsetFate.RdataMalformed); // a set with a hole is not the set
                return;
            }

            isCompressed |= record.DataStatus == RdataStatus.NonstandardCompression;
            _records[count++] = i;
            octets += 2 + record.Data.Length;
            if (octets > MaxRrsetOctets)
            {
                Settle(ref rrset, RrsetFate.TooLarge);
                return;
            }
        }

        if (isCompressed)
        {
            CompressedRrsets++;
            if (rejectsCompressed)
            {
                Settle(ref rrset, RrsetFate.RdataCompressed);
                return;
            }
        }

        if (_rdata.Length - _rdataUsed < octets) Array.Resize(ref _rdata, Math.Max(2 * _rdata.Length, _rdataUsed + octets));
        Span<byte> room = _rdata.AsSpan(_rdataUsed);
        rrset.RdataOffset = _rdataUsed;
        rrset.RdataLength = _decoder.PackSet(_records.AsSpan(0, count), room);
        rrset.RdataHash = count == 1 ? _decoder[rrset.FirstRecord].DataHash : OctetHash.Compute(room[..rrset.RdataLength]);
        _rdataUsed += rrset.RdataLength;
    }
}
