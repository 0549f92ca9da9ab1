using System.Buffers.Binary;

namespace PassiveDns;

public sealed partial class ResponseDecoder
{
    /// <returns>Where the records start, or -1.</returns>
    private int DecodeQuestion()
    {
        HasQuestion = _header.QuestionCount == 1;
        _question = default;
        if (!HasQuestion) return DnsHeader.Length;
        int slot = Expand(DnsHeader.Length, out int next);
        if (slot < 0)
        {
            slot = ExpandSlowly(DnsHeader.Length, out next, out DnsError error);
            if (slot < 0) return FailName(error, DnsHeader.Length);
        }

        if (next + 4 > _length) return Fail(DnsError.RecordOverrun, next);
        TakeOwner(ref _question, slot);
        _question.Type = BinaryPrimitives.ReadUInt16BigEndian(_octets.AsSpan(next));
        _question.Class = BinaryPrimitives.ReadUInt16BigEndian(_octets.AsSpan(next + 2));
        return next + 4;
    }

    /// <returns>Where the last record ends, or -1.</returns>
    private int DecodeRecords(int at)
    {
        bool hasOpt = false;
        byte extendedBits = 0;
        int nameBudget = 16 * _length + 65_536 - _question.OwnerLength; // as in DnsReader: work stays linear in the message
        int all = _header.AnswerCount + _header.AuthorityCount + _header.AdditionalCount;
        if (_records.Length < all) _records = new ResponseRecord.Entry[Math.Max(all, 2 * _records.Length)];
        int authority = _header.AnswerCount;
        int additional = authority + _header.AuthorityCount;
        for (int count = 0; count < all; count++)
        {
            if (_octets.Length - _used < Room) Grow(Room);
            int start = at;
            int slot = Expand(start, out at);
            if (slot < 0)
            {
                slot = ExpandSlowly(start, out at, out DnsError error);
                if (slot < 0) return FailName(error, start);
            }

            ref ResponseRecord.Entry record = ref _records[count];
            TakeOwner(ref record, slot);
            if ((nameBudget -= record.OwnerLength) < 0) return Fail(DnsError.NameWork, start);
            if (at + FixedLength > _length) return Fail(DnsError.RecordOverrun, at);
            ulong fixedPart = BinaryPrimitives.ReadUInt64BigEndian(_octets.AsSpan(at));
            int length = BinaryPrimitives.ReadUInt16BigEndian(_octets.AsSpan(at + 8));
            at += FixedLength;
            if (at + length > _length) return Fail(DnsError.RdataOverrun, at - 2);
            record.Type = (ushort)(fixedPart >> 48);
            record.Class = (ushort)(fixedPart >> 32);
            record.TimeToLive = (uint)fixedPart;
            record.Section = count < authority ? DnsSection.Answer : count < additional ? DnsSection.Authority : DnsSection.Additional;
            if (record.Type == (ushort)RecordType.OPT)
            {
                // RFC 6891 section 6.1.1: at most one, in the additional section, owned by the root
                if (hasOpt || count < additional || record.OwnerLength != 1) return Fail(DnsError.OptMisplaced, start);
                hasOpt = true;
                extendedBits = (byte)(record.TimeToLive >> 24);
                if (!DnsReader.AreOptionsSound(_octets.AsSpan(at, length))) return Fail(DnsError.OptMalformed, start);
            }

            DecodeData(ref record, at, length);
            at += length;
        }

        Count = all;
        HasOpt = hasOpt;
        ExtendedResponseCode = (ResponseCode)(extendedBits << 4 | (ushort)_header.ResponseCode);
        return at;
    }

    private void TakeOwner(ref ResponseRecord.Entry record, int slot)
    {
        ref NameSlot name = ref _slots[slot];
        record.OwnerStart = name.Start;
        record.OwnerLength = name.Length;
        record.OwnerLabels = name.Labels;
        record.OwnerHash = name.Hash;
    }

    private int FailName(DnsError error, int at) => Fail(error == DnsError.NameOverrun && at >= _length ? DnsError.RecordCount : error, at);
}
