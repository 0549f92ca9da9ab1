using System.Collections.Immutable;

namespace PassiveDns;

public static partial class RecordData
{
    /// <summary>The address that a record of type A or AAAA holds.</summary>
    /// <param name="type">The type.</param>
    /// <param name="canonical">Canonical rdata.</param>
    /// <param name="address">The address.</param>
    /// <returns><c>false</c> if the type is another one or the data has not the length of an address.</returns>
    public static bool TryGetAddress(RecordType type, ReadOnlySpan<byte> canonical, out HostAddress address)
    {
        bool holds = (type == RecordType.A && canonical.Length == 4) || (type == RecordType.AAAA && canonical.Length == 16);
        address = holds ? HostAddress.FromBytes(canonical) : default;
        return holds;
    }

    /// <summary>
    /// The name that a record points to: NS, CNAME, DNAME, PTR, MX, SRV, NAPTR, SVCB, HTTPS, SOA (primary server) and the like. It is the
    /// root for a null MX (RFC 7505) and the like.
    /// </summary>
    /// <param name="type">The type.</param>
    /// <param name="canonical">Canonical rdata.</param>
    /// <param name="buffer">255 octets to fold a name in where canonical rdata keeps its case (SVCB, HTTPS).</param>
    /// <param name="target">The name in canonical wire format, folded to lower case.</param>
    /// <returns><c>false</c> if records of this type point to no name, or if this one does not (a gateway that is an address).</returns>
    public static bool TryGetTarget(RecordType type, ReadOnlySpan<byte> canonical, Span<byte> buffer, out ReadOnlySpan<byte> target)
    {
        target = default;
        RecordSchema? schema = RecordSchema.Find(type);
        if (schema is null || schema.TargetField < 0) return false;
        int at = 0;
        for (int i = 0; i < schema.TargetField; i++)
        {
            if (RdataField.Measure(schema.Fields[i], canonical, at, canonical.Length, out int length) == RdataStatus.Malformed) return false;
            at += length;
        }

        if (RdataField.Resolve(schema.Fields[schema.TargetField], canonical, at) != FieldKind.Name) return false;
        int name = NameWire.Measure(canonical[at..]);
        if (name < 0) return false;
        target = canonical.Slice(at, name);
        if (schema.FoldsNames) return true;
        NameWire.Fold(target, buffer);
        target = buffer[..name];
        return true;
    }

    /// <summary>The addresses in a record's <c>ipv4hint</c> and <c>ipv6hint</c> (RFC 9460 section 7.3): where the service may be reached before its name is resolved.</summary>
    /// <param name="type">The type.</param>
    /// <param name="canonical">Canonical rdata.</param>
    /// <returns>Empty if the type is neither SVCB nor HTTPS, or the record has no hints.</returns>
    public static ImmutableArray<HostAddress> GetAddressHints(RecordType type, ReadOnlySpan<byte> canonical)
    {
        if (type is not (RecordType.SVCB or RecordType.HTTPS) || canonical.Length < 3) return [];
        int name = NameWire.Measure(canonical[2..]);
        if (name < 0) return [];
        ImmutableArray<HostAddress>.Builder hints = ImmutableArray.CreateBuilder<HostAddress>();
        ReadOnlySpan<byte> rest = canonical[(2 + name)..];
        while (ServiceParams.TryRead(ref rest, out ushort key, out ReadOnlySpan<byte> value))
        {
            int length = key switch { ServiceParams.Ipv4Hint => 4, ServiceParams.Ipv6Hint => 16, _ => 0 };
            for (; length > 0 && value.Length >= length; value = value[length..]) hints.Add(HostAddress.FromBytes(value[..length]));
        }

        return hints.ToImmutable();
    }
}
