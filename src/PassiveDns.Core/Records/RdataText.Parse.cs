using System.Globalization;

namespace PassiveDns;

public static partial class RdataText
{
    /// <summary>Reads the text of rdata into canonical rdata: as a zone file has it, or as <c>\# length hex</c> (RFC 3597 section 5).</summary>
    /// <remarks>
    /// Text is read leniently: quotes may be missing, hexadecimal and Base64 may be split by blanks, and letter case does not matter.
    /// </remarks>
    /// <param name="type">The type.</param>
    /// <param name="text">ASCII text on one line, without parentheses and comments.</param>
    /// <param name="destination">Room for the data; 65,535 octets always suffice.</param>
    /// <param name="written">The octets written; 0 if the result is <c>false</c>.</param>
    /// <param name="origin">What names without a final dot are relative to; the root if left out.</param>
    /// <returns><c>false</c> if the text is not of this type, or if the room is too small.</returns>
    public static bool TryParse(RecordType type, ReadOnlySpan<byte> text, Span<byte> destination, out int written, DomainName origin = default)
    {
        written = 0;
        if (destination.Length > RecordData.MaxLength) destination = destination[..RecordData.MaxLength];
        TextTokens tokens = new(text);
        OctetWriter writer = new(destination);
        RecordSchema? schema = RecordSchema.Find(type);
        bool parsed = text.Trim(" \t"u8).StartsWith("\\#"u8)
            ? TryParseGeneric(ref tokens, ref writer)
            : schema is not null && TryParseFields(schema, ref tokens, ref writer, origin.Wire);
        if (!parsed || !tokens.IsAtEnd || (schema is not null && !TryFold(schema, writer.Octets))) return false;
        written = writer.Written;
        return true;
    }

    private static bool TryParseGeneric(ref TextTokens tokens, ref OctetWriter writer)
    {
        return tokens.TryTakeWord(out ReadOnlySpan<byte> mark) && mark.SequenceEqual("\\#"u8)
            && tokens.TryTakeWord(out ReadOnlySpan<byte> length)
            && ushort.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out ushort octets)
            && writer.AddHex(tokens.TakeRest()) && writer.Written == octets;
    }

    private static bool TryParseFields(RecordSchema schema, ref TextTokens tokens, ref OctetWriter writer, ReadOnlySpan<byte> origin)
    {
        foreach (FieldKind listed in schema.Fields)
        {
            if (!TryParseField(RdataField.Resolve(listed, writer.Octets, writer.Written), ref tokens, ref writer, origin)) return false;
        }

        return true;
    }

    /// <summary>Checks uncompressed rdata against the table and folds its names in place. A broken rule is no error: such data is opaque.</summary>
    private static bool TryFold(RecordSchema schema, Span<byte> data)
    {
        int at = 0;
        foreach (FieldKind listed in schema.Fields)
        {
            FieldKind kind = RdataField.Resolve(listed, data, at);
            if (RdataField.Measure(kind, data, at, data.Length, out int length) == RdataStatus.Malformed) return false;
            Span<byte> field = data.Slice(at, length);
            if (schema.FoldsNames && kind is FieldKind.Name or FieldKind.Names or FieldKind.OptionalName) NameWire.Fold(field, field);
            at += length;
        }

        return at == data.Length;
    }

    private static bool TryParseName(ReadOnlySpan<byte> text, ReadOnlySpan<byte> origin, ref OctetWriter writer)
    {
        if (text is [(byte)'@']) return writer.Add(origin); // RFC 1035 section 5.1; a label "@" is written with a backslash
        Span<byte> name = stackalloc byte[DomainName.MaxWireLength + 1];
        int length = NameText.Parse(text, name);
        if (length <= 0) return false;
        if (IsAbsolute(text)) return writer.Add(name[..length]);
        length--; // the origin brings its own root octet
        return length + origin.Length <= DomainName.MaxWireLength && writer.Add(name[..length]) && writer.Add(origin);
    }

    /// <summary>Whether the final dot is there and is not an escaped one.</summary>
    private static bool IsAbsolute(ReadOnlySpan<byte> text)
    {
        if (text is not [.., (byte)'.']) return false;
        int backslashes = 0;
        while (backslashes < text.Length - 1 && text[text.Length - 2 - backslashes] == '\\') backslashes++;
        return backslashes % 2 == 0;
    }
}
