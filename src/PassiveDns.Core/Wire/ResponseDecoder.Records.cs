using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace PassiveDns;

public sealed partial class ResponseDecoder
{
    /// <returns>Where the records start, or -1.</returns>
    private int DecodeQuestion()
    {
        HasQuestion = _header.QuestionCount == 1;
        _question = default;
        if (!HasQuestion) return DnsHeader.Length;
        long name = Expand(DnsHeader.Length);
        if (name < 0)
        {
            name = ExpandSlowly(DnsHeader.Length, out DnsError error);
            if (name < 0) return FailName(error, DnsHeader.Length);
        }

        int next = (int)(name >> 32);
        if (next + 4 > _length) return Fail(DnsError.RecordOverrun, next);
        TakeOwner(ref _question, (int)name);
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
            int slot = FindPointedName(at);
            int next = at + 2;
            if (slot < 0 && IsRoot(at))
            {
                slot = RootSlot;
                next = at + 1;
            }
            else if (slot < 0)
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
            if ((nameBudget -= record.OwnerLength) < 0) return Fail(DnsError.NameWork, at);
            if (next + FixedLength > _length) return Fail(DnsError.RecordOverrun, next);
            ulong fixedPart = ReadFixedPart(next, out int length);
            next += FixedLength;
            if (next + length > _length) return Fail(DnsError.RdataOverrun, next - 2);
            RecordType type = (RecordType)(fixedPart >> 48);
            record.Type = (ushort)type;
            record.Class = (ushort)(fixedPart >> 32);
            record.TimeToLive = (uint)fixedPart;
            record.Section = count < authority ? DnsSection.Answer : count < additional ? DnsSection.Authority : DnsSection.Additional;
            if (type == RecordType.OPT)
            {
                // RFC 6891 section 6.1.1: at most one, in the additional section, owned by the root
                if (hasOpt || count < additional || record.OwnerLength != 1) return Fail(DnsError.OptMisplaced, at);
                hasOpt = true;
                extendedBits = (byte)(record.TimeToLive >> 24);
                if (!DnsReader.AreOptionsSound(_octets.AsSpan(next, length))) return Fail(DnsError.OptMalformed, at);
            }

            DecodeData(ref record, type, next, length);
            at = next + length;
        }

        Count = all;
        HasOpt = hasOpt;
        ExtendedResponseCode = (ResponseCode)(extendedBits << 4 | (ushort)_header.ResponseCode);
        return at;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FailName(DnsError error, int at) => Fail(error == DnsError.NameOverrun && at >= _length ? DnsError.RecordCount : error, at);
}
