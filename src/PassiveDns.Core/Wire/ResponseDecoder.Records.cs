using System.Runtime.CompilerServices;

namespace PassiveDns;

public sealed partial class ResponseDecoder
{
    /// <returns>Where the records start, or -1.</returns>
    private int DecodeQuestion()
    {
        HasQuestion = _header.QuestionCount == 1;
        if (!HasQuestion)
        {
            _question = default;
            return DnsHeader.Length;
        }

        long name = Expand(DnsHeader.Length);
        if (name < 0)
        {
            name = ExpandSlowly(DnsHeader.Length, out DnsError error);
            if (name < 0) return FailName(error, DnsHeader.Length);
        }

        int next = (int)(name >> 32);
        if (next + 4 > _length) return Fail(DnsError.RecordOverrun, next);
        TakeOwner(ref _question, (int)name);
        _question.FixedPart = ReadFixedPart(next, out _) & 0xFFFF_FFFF_0000_0000; // a question has no TTL
        return next + 4;
    }

    /// <returns>Where the last record ends, or -1.</returns>
    private int DecodeRecords(int at)
    {
        HasOpt = false;
        ExtendedResponseCode = _header.ResponseCode;
        int nameBudget = 16 * _length + 65_536 - _question.Owner.Length; // as in DnsReader: work stays linear in the message
        int all = _header.RecordCount;
        if (_records.Length < all) _records = new ResponseRecord.Entry[Math.Max(all, 2 * _records.Length)];
        for (int count = 0; count < all; count++)
        {
            if (_octets.Length - _used < Room) Grow(Room);
            int next = at + 2;
            if (!IsKnownPointer(at, out int slot))
            {
                long name = Expand(at);
                if (name < 0)
                {
                    name = ExpandSlowly(at, out DnsError error);
                    if (name < 0) return FailName(error, at);
                }

                slot = (int)name;
                next = (int)(name >> 32);
            }

            ref ResponseRecord.Entry record = ref _records[count];
            TakeOwner(ref record, slot);
            if ((nameBudget -= record.Owner.Length) < 0) return Fail(next > _length ? DnsError.NameOverrun : DnsError.NameWork, at);
            if (next + FixedLength > _length) return next > _length ? Fail(DnsError.NameOverrun, at) : Fail(DnsError.RecordOverrun, next);
            ulong fixedPart = ReadFixedPart(next, out int length);
            next += FixedLength;
            if (next + length > _length) return Fail(DnsError.RdataOverrun, next - 2);
            record.FixedPart = fixedPart;
            record.Section = SectionOf(count);
            RecordType type = (RecordType)(fixedPart >> 48);
            if (type == RecordType.OPT && !TakeOptions(in record, at, next, length)) return -1;
            DecodeData(ref record, type, next, length);
            at = next + length;
        }

        Count = all;
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private DnsSection SectionOf(int record)
    {
        record -= _header.AnswerCount;
        return record < 0 ? DnsSection.Answer : record < _header.AuthorityCount ? DnsSection.Authority : DnsSection.Additional;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TakeOptions(in ResponseRecord.Entry record, int at, int options, int length)
    {
        // RFC 6891 section 6.1.1: at most one, in the additional section, owned by the root
        if (HasOpt || record.Section != DnsSection.Additional || record.Owner.Length != 1) return Fail(DnsError.OptMisplaced, at) >= 0;
        if (!DnsReader.AreOptionsSound(_octets.AsSpan(options, length))) return Fail(DnsError.OptMalformed, at) >= 0;
        HasOpt = true;
        ExtendedResponseCode = (ResponseCode)(record.TimeToLive >> 24 << 4 | (ushort)_header.ResponseCode);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FailName(DnsError error, int at) => Fail(error == DnsError.NameOverrun && at >= _length ? DnsError.RecordCount : error, at);
}
