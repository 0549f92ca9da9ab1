using System.Runtime.CompilerServices;

namespace PassiveDns;

public sealed partial class ResponseDecoder
{
    /// <summary>Makes rdata canonical. Data that is canonical already stays where it is; the rest is rebuilt in the arena.</summary>
    private void DecodeData(ref ResponseRecord.Entry record, RecordType type, int at, int length)
    {
        ref readonly RdataShape shape = ref RdataShape.Of(type);
        record.DataStart = at;
        record.DataLength = (ushort)length;
        record.DataStatus = RdataStatus.Valid;
        int end = at + length;

        // tests in the order of how common the shapes are: processors guess these better than the jump of a switch
        RdataShape.Kind form = shape.Form;
        bool taken;
        if (form == RdataShape.Kind.Fixed)
        {
            if (length == shape.Lead)
            {
                record.DataHash = HashFewAt(at, length);
                return;
            }

            taken = false;
        }
        else if (form == RdataShape.Kind.FoldedName)
        {
            if (TakeFoldedName(ref record, in shape, at, length)) return;
            taken = false;
        }
        else if (form == RdataShape.Kind.KeptName)
        {
            int behind = length > shape.Lead ? SkipPlainName(at + shape.Lead) : 0;
            taken = behind != 0 && behind <= end && TakeRest(ref record, in shape, behind, end);
        }
        else if (form == RdataShape.Kind.Rest)
        {
            taken = length >= shape.Lead && TakeRest(ref record, in shape, at + shape.Lead, end);
        }
        else if (form == RdataShape.Kind.FoldedNames)
        {
            taken = TakeFoldedNames(ref record, in shape, at, end);
        }
        else
        {
            taken = form == RdataShape.Kind.Unknown;
        }

        if (!taken) TakeOther(ref record, at, length);
        record.DataHash = HashAt(record.DataStart, record.DataLength);
    }

    /// <summary>The whole data is a name: the name's place in the arena serves for it, and so does its hash.</summary>
    private bool TakeFoldedName(ref ResponseRecord.Entry record, in RdataShape shape, int at, int length)
    {
        if (length == 0) return false;
        long found = Expand(at);
        if (found >> 32 != at + length) return false;
        ref NameSlot name = ref Slot((int)found);
        record.DataStart = name.Place.Start;
        record.DataLength = name.Place.Length;
        record.DataHash = name.Hash;
        if (!shape.AllowsCompression && length != name.Place.Length) record.DataStatus = RdataStatus.NonstandardCompression;
        return true;
    }

    private bool TakeFoldedNames(ref ResponseRecord.Entry record, in RdataShape shape, int at, int end)
    {
        int next = at + shape.Lead;
        if (next >= end) return false;
        long found = Expand(next);
        if (found < 0) return false;
        NamePlace name1 = Slot((int)found).Place;
        NamePlace name2 = default;
        bool plain = (found >> 32) - next == name1.Length; // a compressed name never has the length of the whole one
        next = (int)(found >> 32);
        if (shape.Names == 2)
        {
            if (next >= end) return false;
            found = Expand(next);
            if (found < 0) return false;
            name2 = Slot((int)found).Place;
            plain &= (found >> 32) - next == name2.Length;
            next = (int)(found >> 32);
        }

        if (next + shape.Trail != end) return false;
        record.DataStart = _used;
        _used = Rebuild(_used, at, shape.Lead, name1, name2, next, shape.Trail);
        record.DataLength = (ushort)(_used - record.DataStart);
        if (!shape.AllowsCompression && !plain) record.DataStatus = RdataStatus.NonstandardCompression;
        return true;
    }

    /// <summary>Judges the last field.</summary>
    private bool TakeRest(ref ResponseRecord.Entry record, in RdataShape shape, int at, int end)
    {
        if (shape.Last == FieldKind.None) return at == end;
        if (shape.Last is FieldKind.Base64 && at < end) return true;
        if (shape.Last is FieldKind.TypeBitmap && at + 2 < end && IsOneWindow(_octets.AsSpan(at, end - at))) return true;
        record.DataStatus = RdataField.Measure(shape.Last, _octets, at, end, out int length);
        return record.DataStatus != RdataStatus.Malformed && at + length == end;
    }

    /// <summary>Whether a type bitmap is the usual one: window 0 with a type in its last octet, and nothing else (RFC 4034 section 4.1.2).</summary>
    private static bool IsOneWindow(ReadOnlySpan<byte> bitmap) =>
        bitmap[0] == 0 && bitmap[1] <= 32 && bitmap[1] + 2 == bitmap.Length && bitmap[^1] != 0;

    /// <summary>Everything that has no simple shape, or is damaged, goes the way of the table.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeOther(ref ResponseRecord.Entry record, int at, int length)
    {
        int room = Math.Min(RecordData.MaxLength, (length + 1) * 128); // each two octets may be a pointer to 255
        if (_octets.Length - _used < room + Room) Grow(room + Room);
        record.DataStatus = RecordData.Canonicalize(
            _octets.AsSpan(0, _length), at, length, record.Type, _octets.AsSpan(_used), out int written);
        record.DataLength = (ushort)written;
        if (record.DataStatus == RdataStatus.Malformed) return; // the start stays in the message, where CoveredType looks
        record.DataStart = _used;
        _used += written;
    }
}
