namespace PassiveDns;

/// <summary>The bounds of a <see cref="ZoneReader"/>.</summary>
public sealed record ZoneReaderOptions
{
    /// <summary>
    /// The directory under which files named by <c>$INCLUDE</c> must lie; names are relative to it. <c>null</c>, the default: nothing is
    /// included, as is right for files from elsewhere.
    /// </summary>
    public string? IncludeDirectory { get; init; }

    /// <summary>The longest entry with all its lines and comments, in octets, 1,024 to 64 MiB. Default 1 MiB, more than the widest text of 65,535 octets of data.</summary>
    public int MaxEntryLength { get; init; } = 1 << 20;

    /// <summary>The most records that one <c>$GENERATE</c> may make, 0 to 1,048,576. All of them together may make 16 times so many. Default 65,536.</summary>
    public int MaxGeneratedRecords { get; init; } = 65_536;

    /// <summary>The most faults of which the place is kept, 0 or more; all are counted. Default 100.</summary>
    public int MaxKeptFaults { get; init; } = 100;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxEntryLength, 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxEntryLength, 64 << 20);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxGeneratedRecords);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxGeneratedRecords, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxKeptFaults);
    }
}
