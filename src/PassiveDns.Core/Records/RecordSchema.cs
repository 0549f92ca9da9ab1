namespace PassiveDns;

/// <summary>The one table of record types.</summary>
public sealed class RecordSchema
{
}
