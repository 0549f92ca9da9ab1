using System.Buffers.Binary;

namespace PassiveDns;

public sealed partial class DnsWriter
{
    /// <summary>RFC 1035 section 4.1.4: the longest suffix that stands in the message already becomes a pointer to it.</summary>
    private void WriteName(DomainName name)
    {
        int labels = _compress ? name.LabelCount : 0;
        for (int kept = labels; kept > 0; kept--)
        {
            DomainName suffix = name.Ancestor(kept);
            if (!_names.TryGetValue(suffix, out int target))
            {
                if (_length <= MaxPointerTarget) _names.Add(suffix, _length);
                suffix.Wire[..(suffix.Wire[0] + 1)].CopyTo(Take(suffix.Wire[0] + 1));
                continue;
            }

            WriteU16((ushort)(0xC000 | target));
            return;
        }

        if (_compress) Take(1)[0] = 0;
        else name.Wire.CopyTo(Take(name.Wire.Length));
    }

    private void WriteData(RecordType type, ReadOnlySpan<byte> canonical)
    {
        RecordSchema? schema = _compress && MayCompress(type) ? RecordSchema.Find(type) : null;
        int at = 0;
        foreach (FieldKind field in schema is null ? [] : schema.Fields)
        {
            if (RdataField.Measure(field, canonical, at, canonical.Length, out int length) == RdataStatus.Malformed) break;
            ReadOnlySpan<byte> octets = canonical.Slice(at, length);
            if (field == FieldKind.Name && DomainName.TryFromWire(octets, out DomainName name)) WriteName(name);
            else octets.CopyTo(Take(length));
            at += length;
        }

        canonical[at..].CopyTo(Take(canonical.Length - at)); // types without names, and data that is not what its type says
    }

    /// <summary>The types of RFC 1035, in whose data senders may compress names. Receivers must expand some more (RFC 3597 section 4).</summary>
    private static bool MayCompress(RecordType type) => type is RecordType.NS or RecordType.MD or RecordType.MF or RecordType.CNAME or RecordType.SOA
        or RecordType.MB or RecordType.MG or RecordType.MR or RecordType.PTR or RecordType.MINFO or RecordType.MX;

    private void WriteU16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    private Span<byte> Take(int length)
    {
        _length += length;
        return _octets.AsSpan(_length - length, length);
    }
}
