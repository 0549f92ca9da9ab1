namespace PassiveDns;

/// <summary>Rdata as text.</summary>
public static class RdataText
{
    /// <summary>Text.</summary>
    public static string Format(RecordType type, ReadOnlySpan<byte> canonical) => throw new NotSupportedException();
}
