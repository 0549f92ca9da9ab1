using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace PassiveDns;

/// <summary>
/// Rdata as text: the presentation form of a zone file, so that the text can be read back. Data without such a form, or against the rules
/// of its type, becomes <c>\# length hex</c> (RFC 3597 section 5). Texts are for people and for exports; compare rdata, never its text.
/// </summary>
public static partial class RdataText
{
    /// <summary>Writes canonical rdata as text.</summary>
    /// <param name="type">The type.</param>
    /// <param name="canonical">Canonical rdata.</param>
    public static string Format(RecordType type, ReadOnlySpan<byte> canonical)
    {
        Span<byte> small = stackalloc byte[1024];
        if (TryFormat(type, canonical, small, out int written)) return Encoding.ASCII.GetString(small[..written]);
        for (int room = 8 * 1024; ; room *= 4) // at most 655,360 octets: a type bitmap, the widest text, makes 10 octets of a bit
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(room);
            bool fits = TryFormat(type, canonical, rented, out written);
            string? text = fits ? Encoding.ASCII.GetString(rented.AsSpan(0, written)) : null;
            ArrayPool<byte>.Shared.Return(rented);
            if (text is not null) return text;
        }
    }

    /// <summary>Writes canonical rdata as ASCII text, without allocating.</summary>
    /// <param name="type">The type.</param>
    /// <param name="canonical">Canonical rdata.</param>
    /// <param name="utf8">Room for the text.</param>
    /// <param name="written">The octets written; 0 if the result is <c>false</c>.</param>
    /// <returns><c>false</c> if the room is too small.</returns>
    public static bool TryFormat(RecordType type, ReadOnlySpan<byte> canonical, Span<byte> utf8, out int written)
    {
        AsciiWriter writer = new(utf8);
        RecordSchema? schema = RecordSchema.Find(type);
        if (schema is null || !TryWalk(schema, canonical, ref writer))
        {
            writer.Rewind();
            AddGeneric(canonical, ref writer);
        }

        written = writer.IsOverrun ? 0 : writer.Written;
        return !writer.IsOverrun;
    }

    /// <summary>Writes canonical rdata as text, without allocating.</summary>
    /// <param name="type">The type.</param>
    /// <param name="canonical">Canonical rdata.</param>
    /// <param name="destination">Room for the text.</param>
    /// <param name="written">The characters written; 0 if the result is <c>false</c>.</param>
    /// <returns><c>false</c> if the room is too small.</returns>
    public static bool TryFormat(RecordType type, ReadOnlySpan<byte> canonical, Span<char> destination, out int written)
    {
        // The octets go into the far half of the room and are widened from the front: what is overwritten has always been read before.
        Span<byte> upperHalf = MemoryMarshal.AsBytes(destination)[destination.Length..];
        if (!TryFormat(type, canonical, upperHalf, out written)) return false;
        for (int i = 0; i < written; i++) destination[i] = (char)upperHalf[i];
        return true;
    }

    /// <summary>The form of RFC 3597 section 5, which holds any data.</summary>
    private static void AddGeneric(scoped ReadOnlySpan<byte> data, ref AsciiWriter writer)
    {
        writer.Add("\\# "u8);
        writer.AddNumber((uint)data.Length);
        if (data.IsEmpty) return;
        writer.Add((byte)' ');
        writer.AddHex(data);
    }

    /// <returns><c>false</c> if the data breaks a rule of its type, or makes no text or none that can be read back.</returns>
    private static bool TryWalk(RecordSchema schema, scoped ReadOnlySpan<byte> data, ref AsciiWriter writer)
    {
        int at = 0;
        foreach (FieldKind listed in schema.Fields)
        {
            FieldKind kind = RdataField.Resolve(listed, data, at);
            if (RdataField.Measure(kind, data, at, data.Length, out int length) != RdataStatus.Valid) return false;
            if (kind == FieldKind.Location && !HasText(data.Slice(at, length))) return false;
            Add(kind, data.Slice(at, length), ref writer);
            at += length;
        }

        return at == data.Length && (writer.Written > 0 || writer.IsOverrun);
    }
}
