using System.Runtime.CompilerServices;

namespace PassiveDns;

/// <summary>Walks over the data of one record by the one table, <see cref="RecordSchema"/>: canonical form, names and addresses inside.</summary>
public static partial class RecordData
{
    /// <summary>The longest rdata, in octets: RDLENGTH has 16 bits (RFC 1035 section 4.1.3).</summary>
    public const int MaxLength = 65_535;

    /// <summary>Turns rdata of a message into canonical form (RFC 4034 section 6.2): names expanded and, for the listed types, folded.</summary>
    /// <remarks>
    /// Names are expanded in every type whose name positions are known, because real resolvers use such records; data of other types is
    /// copied as it is (RFC 3597 section 4). In opaque data names are expanded too: a pointer means nothing outside its message.
    /// </remarks>
    /// <param name="message">The whole message: compressed names point into it.</param>
    /// <param name="offset">Where the rdata starts.</param>
    /// <param name="length">RDLENGTH; the rdata must fill it exactly.</param>
    /// <param name="type">The type.</param>
    /// <param name="destination">Room for the result; 65,535 octets always suffice, as longer data counts as malformed.</param>
    /// <param name="written">The octets written; 0 if the result is <see cref="RdataStatus.Malformed"/>.</param>
    /// <exception cref="ArgumentException">The room is too small for the result.</exception>
    public static RdataStatus Canonicalize(
        ReadOnlySpan<byte> message, int offset, int length, RecordType type, Span<byte> destination, out int written)
    {
        written = 0;
        int end = offset + length;
        if (type == RecordType.A) return length == 4 ? Copy(message, offset, 4, destination, out written) : RdataStatus.Malformed;
        if (type == RecordType.AAAA) return length == 16 ? Copy(message, offset, 16, destination, out written) : RdataStatus.Malformed;
        RecordSchema? schema = RecordSchema.Find(type);
        if (schema is null) return Copy(message, offset, length, destination, out written);
        if (!schema.IsSingleName) return Walk(schema, message, offset, end, destination, out written);
        RdataStatus status = ExpandName(schema, message, ref offset, end, destination, ref written);
        if (offset == end) return status;
        written = 0;
        return RdataStatus.Malformed;
    }

    private static RdataStatus Walk(RecordSchema schema, ReadOnlySpan<byte> message, int at, int end, Span<byte> destination, out int written)
    {
        written = 0;
        int done = 0;
        RdataStatus status = RdataStatus.Valid;
        foreach (FieldKind listed in schema.Fields)
        {
            FieldKind kind = RdataField.Resolve(listed, message, at);
            if (kind is FieldKind.Name or FieldKind.Names or FieldKind.OptionalName)
            {
                if (kind != FieldKind.Name && at == end) continue;
                do
                {
                    RdataStatus name = ExpandName(schema, message, ref at, end, destination, ref done);
                    if (name == RdataStatus.Malformed) return name;
                    if (name > status) status = name;
                }
                while (kind == FieldKind.Names && at < end);
                continue;
            }

            RdataStatus field = RdataField.Measure(kind, message, at, end, out int length);
            if (field == RdataStatus.Malformed || done + length > MaxLength) return RdataStatus.Malformed;
            if (field > status) status = field;
            message.Slice(at, length).CopyTo(destination[done..]);
            done += length;
            at += length;
        }

        if (at != end) return RdataStatus.Malformed; // octets are left over
        written = done;
        return status;
    }

    /// <summary>Expands one name; its own octets must lie inside the rdata, while a pointer may lead anywhere before.</summary>
    private static RdataStatus ExpandName(
        RecordSchema schema, ReadOnlySpan<byte> message, ref int at, int end, Span<byte> destination, ref int written)
    {
        if (at >= end || WireName.Read(message, at, out WireName name, out int next) != DnsError.None || next > end
            || written + name.Length > MaxLength)
        {
            return RdataStatus.Malformed;
        }

        if (destination.Length - written < name.Length)
        {
            throw new ArgumentException("The room is too small for the result; give 65,535 octets.", nameof(destination));
        }

        at = next;
        written += schema.FoldsNames ? name.CopyCanonicalTo(destination[written..]) : name.CopyTo(destination[written..]);
        return name.IsCompressed && !schema.AllowsCompression ? RdataStatus.NonstandardCompression : RdataStatus.Valid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static RdataStatus Copy(ReadOnlySpan<byte> message, int offset, int length, Span<byte> destination, out int written)
    {
        message.Slice(offset, length).CopyTo(destination);
        written = length;
        return RdataStatus.Valid;
    }
}
