namespace PassiveDns.Aggregation;

/// <summary>
/// Responses taken apart into RRsets with canonical data and scrubbed, one behind the other; one of them is at hand. All that is found out here follows from a
/// message alone, so it does not matter when, and on which thread. Its buffers are used again.
/// </summary>
internal sealed class Dissection(int maxRrsetRecords, bool rejectsCompressed)
{
    /// <summary>
    /// The most octets of a set in canonical form. Compressed names expand, so this is more than a message; the longest set that a 64 KiB message
    /// can hold honestly stays far below.
    /// </summary>
    public const int MaxRrsetOctets = 512 * 1024;

    private const int None = -1;

    private readonly ResponseDecoder _decoder = new();
    private readonly Scrubber _scrubber = new();
    private DissectedResponse _at; // the one at hand
    private Rrset[] _rrsets = new Rrset[32];
    private ulong[] _keys = new ulong[32]; // of _rrsets, side by side so that looking for one is a vector scan
    private byte[] _rdata = new byte[16 * 1024];
    private int _rdataUsed;

    // Of the message that is read.
    private RecordChain[] _chains = new RecordChain[32]; // of its RRsets
    private int[] _nextRecords = new int[64]; // of the same RRset
    private int[] _records = new int[64];

    public MessageNames Names { get; } = new();

    /// <summary>The response at hand.</summary>
    public ref readonly DissectedResponse At => ref _at;

    /// <summary>The RRsets of the response at hand.</summary>
    public Span<Rrset> Rrsets => _rrsets.AsSpan(_at.FirstRrset, _at.RrsetCount);

    /// <summary>The octets of the names and data of all responses.</summary>
    public int Octets => _rdataUsed + Names.Octets;

    public RdataSet Rdata(in Rrset rrset) => new(_rdata.AsSpan(rrset.RdataOffset, rrset.RdataLength));

    /// <summary>Forgets all responses.</summary>
    public void Clear()
    {
        Names.Clear();
        _rdataUsed = 0;
        _at = default;
    }

    /// <summary>Takes a message apart, behind the one at hand, and scrubs it. Framing damage rejects it whole. It is at hand then.</summary>
    public void Read(ReadOnlySpan<byte> message)
    {
        Names.Begin();
        _at = new() { FirstName = Names.First, FirstRrset = _at.FirstRrset + _at.RrsetCount };
        _at.Fate = Decode(message);
        if (_at.Fate == ResponseFate.Accepted)
        {
            _at.QuestionName = Names.Intern(new(_decoder.QuestionName, _decoder.QuestionLabels, _decoder.QuestionHash));
            GroupRecords();
            PackSets();
            _scrubber.Scrub(this);
            (_at.IsNegative, _at.IsReferral, _at.LastName) = (_scrubber.IsNegative, _scrubber.IsReferral, _scrubber.LastName);
            Finish();
        }

        _at.NameCount = Names.Count;
    }

    /// <summary>Takes a response to hand that was read before.</summary>
    public void Open(in DissectedResponse response)
    {
        _at = response;
        Names.Open(response.FirstName, response.NameCount);
    }

    /// <summary>The number of the RRset, or -1.</summary>
    public int Find(DnsSection section, int owner, RecordType type, RecordType covered = RecordType.None) =>
        _keys.AsSpan(_at.FirstRrset, _at.RrsetCount).IndexOf(Key(section, owner, type, covered));

    public static void Settle(ref Rrset rrset, RrsetFate fate)
    {
        rrset.Fate = fate;
        rrset.IsSettled = true;
    }

    /// <summary>The label count of the signer's name of a signature (RFC 4034 section 3.1.7) if it is an ancestor of the owner, or -1.</summary>
    public int SignerLabels(in Rrset rrset, NameView owner)
    {
        const int SignerOffset = 18; // RFC 4034 section 3.1
        RdataSet.Enumerator records = Rdata(rrset).GetEnumerator();
        if (!records.MoveNext() || records.Current.Length <= SignerOffset) return -1;
        ReadOnlySpan<byte> rest = records.Current[SignerOffset..];
        Span<byte> folded = stackalloc byte[DomainName.MaxWireLength];
        int length = 0;
        int labels = 0;
        while (rest[length] != 0)
        {
            labels++;
            length += rest[length] + 1;
            if (length >= rest.Length) return -1;
        }

        if (++length > folded.Length || labels > owner.Labels) return -1;
        for (int i = 0; i < length; i++) folded[i] = rest[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(rest[i] | 0x20) : rest[i]; // a length octet is no letter
        return owner.Suffix(labels).SequenceEqual(folded[..length]) ? labels : -1;
    }

    private ResponseFate Decode(ReadOnlySpan<byte> message)
    {
        if (!DnsHeader.TryRead(message, out DnsHeader header)) return ResponseFate.MalformedHeaderTooShort;
        _at.IsAuthoritative = header.IsAuthoritative;
        if (!header.IsResponse) return ResponseFate.NotAResponse;
        if (header.Opcode != 0) return ResponseFate.Opcode;
        if (header.IsTruncated) return ResponseFate.Truncated;
        DnsError error = _decoder.Decode(message);
        if (error != DnsError.None) return ResponseFate.MalformedHeaderTooShort + (error - DnsError.HeaderTooShort);
        _at.ResponseCode = _decoder.ExtendedResponseCode;
        _at.QuestionType = _decoder.QuestionType;
        _at.HasTrailingBytes = _decoder.TrailingBytes > 0;
        return Outcome();
    }

    private ResponseFate Outcome() => _at.ResponseCode switch
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
            int last = _at.RrsetCount - 1;
            int found = !isIn ? None // another class is another RRset and never grows
                : last >= 0 && _keys[_at.FirstRrset + last] == key ? last
                : _keys.AsSpan(_at.FirstRrset, _at.RrsetCount).IndexOf(key);
            _nextRecords[i] = None;
            if (found >= 0)
            {
                ref RecordChain chain = ref _chains[found];
                _nextRecords[chain.Last] = i;
                chain.Last = i;
                chain.Count++;
                ref Rrset rrset = ref _rrsets[_at.FirstRrset + found];
                rrset.TimeToLive = Math.Min(rrset.TimeToLive, record.TimeToLive); // RFC 2181 section 5.2: they should be equal; the lowest is safe
                continue;
            }

            AddRrset(isIn ? key : ulong.MaxValue, i, new()
            {
                Owner = owner,
                Type = type,
                Covered = covered,
                Section = record.Section,
                TimeToLive = record.TimeToLive,
                IsSettled = !isIn || IsMeta(type),
                Fate = !isIn ? RrsetFate.Class : RrsetFate.MetaType,
            });
        }
    }

    private void AddRrset(ulong key, int record, in Rrset rrset)
    {
        int at = _at.FirstRrset + _at.RrsetCount;
        if (at == _rrsets.Length)
        {
            Array.Resize(ref _rrsets, 2 * at);
            Array.Resize(ref _keys, 2 * at);
        }

        if (_at.RrsetCount == _chains.Length) Array.Resize(ref _chains, 2 * _chains.Length);
        _keys[at] = key;
        _rrsets[at] = rrset;
        _chains[_at.RrsetCount++] = new() { First = record, Last = record, Count = 1 };
    }

    /// <summary>RFC 6895 section 3.1: 0 and 128 to 255 are for questions and messages, not for data.</summary>
    private static bool IsMeta(RecordType type) => type is RecordType.None or >= (RecordType)128 and <= (RecordType)255;

    private void PackSets()
    {
        Span<Rrset> rrsets = Rrsets;
        for (int i = 0; i < rrsets.Length; i++)
        {
            if (rrsets[i].IsSettled) continue;
            if (_chains[i].Count > maxRrsetRecords) Settle(ref rrsets[i], RrsetFate.TooLarge);
            else Pack(ref rrsets[i], in _chains[i]);
        }
    }

    private void Pack(ref Rrset rrset, in RecordChain chain)
    {
        if (_records.Length < chain.Count) _records = new int[Math.Max(chain.Count, 2 * _records.Length)];
        int count = 0;
        int octets = 0;
        bool isCompressed = false;
        for (int i = chain.First; i >= 0; i = _nextRecords[i])
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
            _at.CompressedRrsets++;
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
        rrset.RdataHash = count == 1 ? _decoder[chain.First].DataHash : OctetHash.Compute(room[..rrset.RdataLength]);
        _rdataUsed += rrset.RdataLength;
    }

    /// <summary>What else is the same whenever it is looked at.</summary>
    private void Finish()
    {
        if (_at.RrsetCount > 0 && Names[Rrsets[0].Owner] is { Labels: > 0 } first) _at.ZoneHash = OctetHash.Compute(first.Suffix(first.Labels - 1));
        foreach (ref Rrset rrset in Rrsets)
        {
            if (rrset.IsSettled) continue;
            NameView owner = Names[rrset.Owner];
            rrset.KeyHash = SightingTable.KeyHash(owner.Hash, rrset.Type, rrset.RdataHash);
            rrset.StartLabels = (short)StartOfWalk(in rrset, owner);
            rrset.IsRepeated = IsRepeated(in rrset);
        }
    }

    /// <summary>
    /// The label count of the closest name that can be the zone of an RRset. A DS set belongs to the parent (RFC 4034 section 5), and so do its
    /// signatures; any signature names its zone itself (RFC 4034 section 3.1.7). -1 if there is none.
    /// </summary>
    private int StartOfWalk(in Rrset rrset, NameView owner)
    {
        if (rrset.Type == RecordType.DS) return owner.Labels - 1;
        if (rrset.Type != RecordType.RRSIG) return owner.Labels;
        int signer = SignerLabels(in rrset, owner);
        return signer >= 0 ? signer : rrset.Covered == RecordType.DS ? owner.Labels - 1 : owner.Labels;
    }

    /// <summary>The same set in another section of one response is one sighting.</summary>
    private bool IsRepeated(in Rrset rrset)
    {
        for (DnsSection section = DnsSection.Answer; section < rrset.Section; section++)
        {
            int other = Find(section, rrset.Owner, rrset.Type, rrset.Covered);
            if (other < 0) continue;
            ref readonly Rrset earlier = ref Rrsets[other];
            if (!earlier.IsSettled && !earlier.IsRepeated && Rdata(earlier).Packed.SequenceEqual(Rdata(rrset).Packed)) return true;
        }

        return false;
    }

    /// <summary>The records of an RRset.</summary>
    private struct RecordChain
    {
        public int First;
        public int Last;
        public int Count;
    }
}
