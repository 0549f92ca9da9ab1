using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PassiveDns.Aggregation;

/// <summary>One response taken apart into RRsets with canonical data. Its buffers are reused from response to response.</summary>
internal sealed class DissectedResponse(KeyedHash hash, int maxRrsetRecords)
{
    /// <summary>
    /// The most octets of a set in canonical form. Compressed names expand, so this is more than a message; the longest set that a 64 KiB message
    /// can hold honestly stays far below.
    /// </summary>
    public const int MaxRrsetOctets = 512 * 1024;

    private Record[] _records = new Record[64];
    private Rrset[] _rrsets = new Rrset[32];
    private ulong[] _keys = new ulong[32]; // of _rrsets, side by side so that looking for one is a vector scan
    private byte[] _rdata = new byte[16 * 1024];
    private byte[] _scratch = new byte[2 * ushort.MaxValue];
    private (int Offset, int Length)[] _order = new (int, int)[64];
    private int _recordCount;
    private int _rdataUsed;

    public MessageNames Names { get; } = new(hash);

    public DnsHeader Header { get; private set; }

    public ResponseCode ResponseCode { get; private set; }

    public int QuestionName { get; private set; }

    public RecordType QuestionType { get; private set; }

    public bool HasTrailingBytes { get; private set; }

    public Span<Rrset> Rrsets => _rrsets.AsSpan(0, RrsetCount);

    public int RrsetCount { get; private set; }

    public RdataSet Rdata(in Rrset rrset) => new(_rdata.AsSpan(rrset.RdataOffset, rrset.RdataLength));

    /// <summary>Takes a message apart. Framing damage rejects it whole.</summary>
    /// <returns><see cref="ResponseFate.Accepted"/> if the RRsets can be looked at, or why nothing of the message is believed.</returns>
    public ResponseFate Read(ReadOnlySpan<byte> message)
    {
        Names.Clear();
        RrsetCount = 0;
        _recordCount = 0;
        _rdataUsed = 0;
        DnsReader reader = new(message);
        Header = reader.Header;
        if (reader.Error == DnsError.HeaderTooShort) return Malformed(reader.Error);
        if (!Header.IsResponse) return ResponseFate.NotAResponse;
        if (Header.Opcode != 0) return ResponseFate.Opcode;
        if (Header.IsTruncated) return ResponseFate.Truncated;
        bool hasQuestion = false;
        RecordClass questionClass = default;
        while (reader.Read())
        {
            if (reader.Section == DnsSection.Question)
            {
                hasQuestion = true;
                questionClass = reader.Class;
                QuestionType = reader.Type;
                QuestionName = Names.Intern(reader.Name, message);
            }
            else if (reader.Type != RecordType.OPT) // EDNS is about the message; options are never stored (RFC 6891)
            {
                AddRecord(in reader, message);
            }
        }

        if (reader.Error != DnsError.None) return Malformed(reader.Error);
        ResponseCode = reader.ExtendedResponseCode;
        HasTrailingBytes = reader.TrailingBytes > 0;
        ResponseFate fate = Outcome(hasQuestion, questionClass);
        if (fate == ResponseFate.Accepted) Canonicalize(message);
        return fate;
    }

    /// <summary>The number of the RRset, or -1.</summary>
    public int Find(DnsSection section, int owner, RecordType type, RecordType covered = RecordType.None) =>
        _keys.AsSpan(0, RrsetCount).IndexOf(Key(section, owner, type, covered));

    private ResponseFate Outcome(bool hasQuestion, RecordClass questionClass) => ResponseCode switch
    {
        ResponseCode.NoError or ResponseCode.NameError when !hasQuestion => ResponseFate.NoQuestion, // RFC 9619: exactly one
        ResponseCode.NoError or ResponseCode.NameError when questionClass != RecordClass.IN => ResponseFate.Class,
        ResponseCode.NoError or ResponseCode.NameError when _recordCount == 0 => ResponseFate.Empty,
        ResponseCode.NoError or ResponseCode.NameError => ResponseFate.Accepted,
        ResponseCode.FormatError => ResponseFate.RcodeFormerr,
        ResponseCode.ServerFailure => ResponseFate.RcodeServfail,
        ResponseCode.NotImplemented => ResponseFate.RcodeNotimp,
        ResponseCode.Refused => ResponseFate.RcodeRefused,
        _ => ResponseFate.RcodeOther,
    };

    private static ResponseFate Malformed(DnsError error) => ResponseFate.MalformedHeaderTooShort + (error - DnsError.HeaderTooShort);

    private static ulong Key(DnsSection section, int owner, RecordType type, RecordType covered) =>
        (ulong)(ushort)type << 48 | (ulong)(ushort)covered << 32 | (ulong)(uint)owner << 2 | (uint)section;

    private void AddRecord(in DnsReader reader, ReadOnlySpan<byte> message)
    {
        if (_recordCount == _records.Length) Array.Resize(ref _records, 2 * _recordCount);
        int owner = Names.Intern(reader.Name, message);
        RecordType type = reader.Type;
        RecordType covered = RecordType.None;
        if (type is RecordType.RRSIG or RecordType.SIG && reader.Data.Length >= 2)
        {
            covered = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(reader.Data);
        }

        int record = _recordCount++;
        _records[record] = new() { Offset = reader.DataOffset, Length = reader.Data.Length, Next = -1 };
        ulong key = Key(reader.Section, owner, type, covered);
        bool isIn = reader.Class == RecordClass.IN;
        int found = !isIn ? -1 // another class is another RRset and never grows
            : RrsetCount > 0 && _keys[RrsetCount - 1] == key ? RrsetCount - 1
            : _keys.AsSpan(0, RrsetCount).IndexOf(key);
        if (found >= 0)
        {
            ref Rrset rrset = ref _rrsets[found];
            _records[rrset.LastRecord].Next = record;
            rrset.LastRecord = record;
            rrset.Records++;
            rrset.TimeToLive = Math.Min(rrset.TimeToLive, reader.TimeToLive); // RFC 2181 section 5.2: they should be equal; the lowest is safe
            return;
        }

        AddRrset(key, new()
        {
            Owner = owner,
            Type = type,
            Covered = covered,
            Section = reader.Section,
            TimeToLive = reader.TimeToLive,
            FirstRecord = record,
            LastRecord = record,
            Records = 1,
            IsSettled = !isIn || IsMeta(type),
            Fate = !isIn ? RrsetFate.Class : RrsetFate.MetaType,
        });
        if (!isIn) _keys[RrsetCount - 1] = ulong.MaxValue;
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
    private static bool IsMeta(RecordType type) => type is RecordType.None or RecordType.OPT or >= (RecordType)128 and <= (RecordType)255;

    private void Canonicalize(ReadOnlySpan<byte> message)
    {
        foreach (ref Rrset rrset in Rrsets)
        {
            if (rrset.IsSettled) continue;
            if (rrset.Records > maxRrsetRecords) Settle(ref rrset, RrsetFate.TooLarge);
            else CanonicalizeSet(message, ref rrset);
        }
    }

    private void CanonicalizeSet(ReadOnlySpan<byte> message, ref Rrset rrset)
    {
        if (rrset.Records > _order.Length) _order = new (int, int)[Math.Max(rrset.Records, 2 * _order.Length)];
        int used = 0;
        int count = 0;
        for (int i = rrset.FirstRecord; i >= 0; i = _records[i].Next)
        {
            ref readonly Record record = ref _records[i];
            if (_scratch.Length - used < ushort.MaxValue) Array.Resize(ref _scratch, 2 * _scratch.Length); // names expand, so the data may grow
            RdataStatus status = RecordData.Canonicalize(message, record.Offset, record.Length, rrset.Type, _scratch.AsSpan(used), out int written);
            if (status == RdataStatus.Malformed)
            {
                Settle(ref rrset, RrsetFate.RdataMalformed); // a set with a hole is not the set
                return;
            }

            _order[count++] = (used, written);
            used += written;
            if (used + 2 * count > MaxRrsetOctets)
            {
                Settle(ref rrset, RrsetFate.TooLarge);
                return;
            }
        }

        int packed = used + 2 * count;
        if (_rdata.Length - _rdataUsed < packed) Array.Resize(ref _rdata, Math.Max(2 * _rdata.Length, _rdataUsed + packed));
        rrset.RdataOffset = _rdataUsed;
        rrset.RdataLength = RdataSet.Pack(_scratch, _order.AsSpan(0, count), _rdata.AsSpan(_rdataUsed));
        _rdataUsed += rrset.RdataLength;
    }

    public static void Settle(ref Rrset rrset, RrsetFate fate)
    {
        rrset.Fate = fate;
        rrset.IsSettled = true;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Record
    {
        public int Offset;
        public int Length;
        public int Next;
    }
}
