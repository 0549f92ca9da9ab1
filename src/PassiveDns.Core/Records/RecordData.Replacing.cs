namespace PassiveDns;

public static partial class RecordData
{
    /// <summary>Copies canonical rdata and replaces names in it, in whatever field they stand. Data of unknown types holds no names (RFC 3597).</summary>
    /// <param name="type">The type.</param>
    /// <param name="canonical">Canonical rdata.</param>
    /// <param name="replace">Is asked for each name.</param>
    /// <param name="destination">Room for the result; 65,535 octets always suffice.</param>
    /// <param name="written">The octets written.</param>
    /// <returns>Whether a name was replaced; if not, <paramref name="destination"/> holds nothing of use.</returns>
    public static bool TryReplaceNames(RecordType type, ReadOnlySpan<byte> canonical, NameReplacement replace, Span<byte> destination, out int written)
    {
        ArgumentNullException.ThrowIfNull(replace);
        written = 0;
        if (RecordSchema.Find(type) is not { } schema) return false;
        bool isChanged = false;
        int at = 0;
        Span<byte> folded = stackalloc byte[DomainName.MaxWireLength];
        Span<byte> replacement = stackalloc byte[DomainName.MaxWireLength];
        foreach (FieldKind listed in schema.Fields)
        {
            FieldKind kind = RdataField.Resolve(listed, canonical, at);
            if (kind is FieldKind.Name or FieldKind.Names or FieldKind.OptionalName)
            {
                for (bool isFirst = true; at < canonical.Length && (isFirst || kind == FieldKind.Names); isFirst = false)
                {
                    int length = NameWire.Measure(canonical[at..]);
                    if (length < 0) return false;
                    NameWire.Fold(canonical.Slice(at, length), folded);
                    int replaced = replace(folded[..length], replacement);
                    ReadOnlySpan<byte> name = replaced > 0 ? replacement[..replaced] : canonical.Slice(at, length);
                    isChanged |= replaced > 0;
                    if (name.Length > destination.Length - written) return false;
                    name.CopyTo(destination[written..]);
                    written += name.Length;
                    at += length;
                }

                continue;
            }

            if (RdataField.Measure(kind, canonical, at, canonical.Length, out int octets) == RdataStatus.Malformed || octets > destination.Length - written) return false;
            canonical.Slice(at, octets).CopyTo(destination[written..]);
            written += octets;
            at += octets;
        }

        return isChanged && at == canonical.Length;
    }
}
