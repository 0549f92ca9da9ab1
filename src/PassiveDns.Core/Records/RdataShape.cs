namespace PassiveDns;

/// <summary>
/// A type's row in <see cref="RecordSchema"/> boiled down to the few shapes that nearly all rdata has: some octets of fixed length, names,
/// and one last field. <see cref="ResponseDecoder"/> takes those at once; everything else goes through <see cref="RecordData"/>.
/// </summary>
internal readonly struct RdataShape
{
    private static readonly RdataShape[] s_byType = MakeTable();

    /// <summary>What to do with data of this shape.</summary>
    public enum Kind : byte
    {
        /// <summary>Any octets are sound: there is no row for the type.</summary>
        Unknown,

        /// <summary>Exactly <see cref="Lead"/> octets.</summary>
        Fixed,

        /// <summary>One name that is folded, and nothing else.</summary>
        FoldedName,

        /// <summary><see cref="Lead"/> octets, one or two names that are folded, <see cref="Trail"/> octets.</summary>
        FoldedNames,

        /// <summary><see cref="Lead"/> octets, one name that keeps its case, and a last field if there is one.</summary>
        KeptName,

        /// <summary><see cref="Lead"/> octets and a last field that takes the rest.</summary>
        Rest,

        /// <summary>Something else: it is walked field by field.</summary>
        Other,
    }

    /// <summary>The shape.</summary>
    public Kind Form { get; private init; }

    /// <summary>The octets of fixed length at the start.</summary>
    public byte Lead { get; private init; }

    /// <summary>How many names follow.</summary>
    public byte Names { get; private init; }

    /// <summary>The octets of fixed length behind the names.</summary>
    public byte Trail { get; private init; }

    /// <summary>The last field, or <see cref="FieldKind.None"/>.</summary>
    public FieldKind Last { get; private init; }

    /// <summary>Whether the names may be compressed.</summary>
    public bool AllowsCompression { get; private init; }

    /// <summary>The shape of a type's data.</summary>
    public static ref readonly RdataShape Of(RecordType type)
    {
        RdataShape[] table = s_byType;
        if ((uint)type < (uint)table.Length) return ref table[(int)type];
        if (type is RecordType.TA or RecordType.DLV) return ref table[(int)RecordType.DS]; // RFC 4431 section 2: as DS
        return ref table[0];
    }

    private static RdataShape[] MakeTable()
    {
        RdataShape[] table = new RdataShape[512]; // all types that the registry has given out, but for TA and DLV
        for (int i = 0; i < table.Length; i++) table[i] = Make(RecordSchema.Find((RecordType)i));
        return table;
    }

    private static RdataShape Make(RecordSchema? schema)
    {
        if (schema is null) return default;
        ReadOnlySpan<FieldKind> fields = schema.Fields.AsSpan();
        int lead = TakeFixed(ref fields);
        int names = 0;
        for (; fields is [FieldKind.Name, ..]; fields = fields[1..]) names++;
        int trail = names > 0 ? TakeFixed(ref fields) : 0;
        FieldKind last = fields is [var only] && TakesRest(only) ? only : FieldKind.None;
        bool whole = fields.Length == (last == FieldKind.None ? 0 : 1);
        Kind kind = (whole, schema.FoldsNames, names) switch
        {
            (false, _, _) => Kind.Other,
            (_, _, 0) when last == FieldKind.None => Kind.Fixed,
            (_, _, 0) => Kind.Rest,
            (_, true, 1) when lead + trail == 0 && last == FieldKind.None => Kind.FoldedName,
            (_, true, 1 or 2) when last == FieldKind.None => Kind.FoldedNames,
            (_, false, 1) when trail == 0 => Kind.KeptName,
            _ => Kind.Other,
        };
        return new()
        {
            Form = kind,
            Lead = (byte)lead,
            Names = (byte)names,
            Trail = (byte)trail,
            Last = last,
            AllowsCompression = schema.AllowsCompression,
        };
    }

    private static int TakeFixed(ref ReadOnlySpan<FieldKind> fields)
    {
        int octets = 0;
        for (; !fields.IsEmpty; fields = fields[1..])
        {
            int field = fields[0] switch
            {
                FieldKind.U8 or FieldKind.Algorithm or FieldKind.Protocol or FieldKind.NotificationScheme => 1,
                FieldKind.U16 or FieldKind.TypeNumber or FieldKind.CertificateType => 2,
                FieldKind.U32 or FieldKind.Time or FieldKind.Address4 => 4,
                FieldKind.Eui48 => 6,
                FieldKind.U64 or FieldKind.Eui64 or FieldKind.Locator64 => 8,
                FieldKind.Address6 => 16,
                _ => 0,
            };
            if (field == 0) break;
            octets += field;
        }

        return octets;
    }

    private static bool TakesRest(FieldKind kind) => kind is FieldKind.CharStrings or FieldKind.Text or FieldKind.Hex or FieldKind.DelegationDigest
        or FieldKind.ZoneDigest or FieldKind.Base64 or FieldKind.OptionalBase64 or FieldKind.Base64OrHyphen or FieldKind.TypeBitmap
        or FieldKind.OptionalTypeBitmap or FieldKind.SvcParams;
}
