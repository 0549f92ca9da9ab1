using System.Collections.Immutable;

namespace PassiveDns;

/// <summary>
/// One row of the one table of record types: the fields of a type and the rules for the names in it. There is no class per type; a new
/// type is a new row. A type without a row is opaque (RFC 3597).
/// </summary>
public sealed partial class RecordSchema
{
    private RecordSchema(RecordType type, NameRules rules, int target, FieldKind[] fields)
    {
        Type = type;
        Mnemonic = RecordTypeNames.Format(type);
        Fields = ImmutableArray.Create(fields);
        FoldsNames = (rules & NameRules.Fold) != 0;
        AllowsCompression = (rules & NameRules.Compress) != 0;
        TargetField = target;
        IsSingleName = fields is [FieldKind.Name];
    }

    /// <summary>The type.</summary>
    public RecordType Type { get; }

    /// <summary>The type's name as the IANA registry writes it.</summary>
    public string Mnemonic { get; }

    /// <summary>The fields in the order of the wire, which is the order of the text too.</summary>
    public ImmutableArray<FieldKind> Fields { get; }

    /// <summary>
    /// Whether names in the data are folded to lower case: the list of RFC 4034 section 6.2 without NSEC and RRSIG
    /// (RFC 6840 section 5.1 took NSEC out; signers never folded the name in RRSIG either).
    /// </summary>
    public bool FoldsNames { get; }

    /// <summary>Whether names may be compressed: in the types of RFC 1035 and those that RFC 3597 section 4 tells receivers to expand.</summary>
    public bool AllowsCompression { get; }

    /// <summary>The index in <see cref="Fields"/> of the name that the record points to, or -1.</summary>
    public int TargetField { get; }

    /// <summary>Whether the data is one name and nothing else, the most common shape beside an address.</summary>
    internal bool IsSingleName { get; }

    /// <summary>Finds the row of a type.</summary>
    /// <param name="type">Any type.</param>
    /// <returns>The row, or <c>null</c> if the data of the type is opaque.</returns>
    public static RecordSchema? Find(RecordType type)
    {
        RecordSchema?[] rows = s_rows;
        if ((int)type < rows.Length) return rows[(int)type];
        return type switch
        {
            RecordType.TA => s_ta,
            RecordType.DLV => s_dlv,
            _ => null,
        };
    }

    [Flags]
    private enum NameRules : byte
    {
        None = 0,
        Fold = 1,
        Compress = 2,
    }
}
