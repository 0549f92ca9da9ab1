namespace PassiveDns;

public sealed partial class ResponseDecoder
{
    /// <summary>Makes rdata canonical. Data that is canonical already stays where it is; the rest is rebuilt in the arena.</summary>
    private void DecodeData(ref ResponseRecord.Entry record, int at, int length)
    {
        RdataShape shape = RdataShape.Of((RecordType)record.Type);
        record.DataStart = at;
        record.DataLength = length;
        record.DataStatus = RdataStatus.Valid;
        int end = at + length;
        switch (shape.Form)
        {
            case RdataShape.Kind.Unknown:
            case RdataShape.Kind.Fixed when length == shape.Lead:
                break;
            case RdataShape.Kind.FoldedName:
                if (TakeFoldedName(ref record, shape, at, end)) return;
                TakeOther(ref record, at, length);
                break;
            case RdataShape.Kind.FoldedNames:
                if (!TakeFoldedNames(ref record, shape, at, end)) TakeOther(ref record, at, length);
                break;
            case RdataShape.Kind.KeptName:
                int behind = SkipPlainName(at + shape.Lead, end);
                if (behind < 0 || !TakeRest(ref record, shape, behind, end)) TakeOther(ref record, at, length);
                break;
            case RdataShape.Kind.Rest when length >= shape.Lead && TakeRest(ref record, shape, at + shape.Lead, end):
                break;
            default:
                TakeOther(ref record, at, length);
                break;
        }

        record.DataHash = HashAt(record.DataStart, record.DataLength);
    }

    /// <summary>The whole data is a name: the name's place in the arena serves for it, and so does its hash.</summary>
    private bool TakeFoldedName(ref ResponseRecord.Entry record, RdataShape shape, int at, int end)
    {
        if (at >= end) return false;
        int slot = Expand(at, out int next);
        if (slot < 0 || next != end) return false;
        ref NameSlot name = ref _slots[slot];
        record.DataStart = name.Start;
        record.DataLength = name.Length;
        record.DataHash = name.Hash;
        if (!shape.AllowsCompression && next - at != name.Length) record.DataStatus = RdataStatus.NonstandardCompression;
        return true;
    }

    private bool TakeFoldedNames(ref ResponseRecord.Entry record, RdataShape shape, int at, int end)
    {
        int next = at + shape.Lead;
        if (next >= end) return false;
        int first = Expand(next, out next);
        if (first < 0) return false;
        NameSlot name1 = _slots[first];
        NameSlot name2 = default;
        bool plain = next - at - shape.Lead == name1.Length; // a compressed name is always shorter than itself
        if (shape.Names == 2)
        {
            if (next >= end) return false;
            int from = next;
            int second = Expand(from, out next);
            if (second < 0) return false;
            name2 = _slots[second];
            plain &= next - from == name2.Length;
        }

        if (next + shape.Trail != end) return false;
        Span<byte> arena = _octets.AsSpan(_used);
        ReadOnlySpan<byte> octets = _octets;
        record.DataStart = _used;
        record.DataLength = shape.Lead + name1.Length + name2.Length + shape.Trail;
        octets.Slice(at, shape.Lead).CopyTo(arena);
        octets.Slice(name1.Start, name1.Length).CopyTo(arena[shape.Lead..]);
        octets.Slice(name2.Start, name2.Length).CopyTo(arena[(shape.Lead + name1.Length)..]);
        octets.Slice(next, shape.Trail).CopyTo(arena[(record.DataLength - shape.Trail)..]);
        _used += record.DataLength;
        if (!shape.AllowsCompression && !plain) record.DataStatus = RdataStatus.NonstandardCompression;
        return true;
    }

    /// <summary>Walks over a name that is not compressed and ends within the data.</summary>
    /// <returns>The offset behind it, or -1.</returns>
    private int SkipPlainName(int at, int end)
    {
        ReadOnlySpan<byte> octets = _octets.AsSpan(0, end);
        int start = at;
        while ((uint)at < (uint)octets.Length)
        {
            int label = octets[at];
            if (label == 0) return at + 1 - start <= DomainName.MaxWireLength ? at + 1 : -1;
            if (label > DomainName.MaxLabelLength) return -1;
            at += label + 1;
        }

        return -1;
    }

    /// <summary>Judges the last field.</summary>
    private bool TakeRest(ref ResponseRecord.Entry record, RdataShape shape, int at, int end)
    {
        if (shape.Last == FieldKind.None) return at == end;
        if (shape.Last == FieldKind.Base64)
        {
            if (at == end) record.DataStatus = RdataStatus.Opaque;
            return true;
        }

        record.DataStatus = RdataField.Measure(shape.Last, _octets, at, end, out int length);
        return record.DataStatus != RdataStatus.Malformed && at + length == end;
    }

    /// <summary>Everything that has no simple shape, or is damaged, goes the way of the table.</summary>
    private void TakeOther(ref ResponseRecord.Entry record, int at, int length)
    {
        int room = Math.Min(RecordData.MaxLength, (length + 1) * 128); // each two octets may be a pointer to 255
        if (_octets.Length - _used < room + Room) Grow(room + Room);
        record.DataStatus = RecordData.Canonicalize(
            _octets.AsSpan(0, _length), at, length, (RecordType)record.Type, _octets.AsSpan(_used), out int written);
        record.DataStart = _used;
        record.DataLength = written;
        _used += written;
    }
}
