namespace PassiveDns.Storage.Cof;

/// <summary>How lines of the Common Output Format are read.</summary>
public sealed record CofReaderOptions
{
    /// <summary>The defaults.</summary>
    public static CofReaderOptions Default { get; } = new();

    /// <summary>
    /// Whether a line must be as the draft says. <c>false</c>, the default: what other programs write is understood, too, such as numbers in quotes,
    /// dates, DNSDB's envelopes and the lines of the passivedns log.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>
    /// The provenance of rows that state none, name a bailiwick and were seen in traffic. <see cref="Provenance.Estimated"/>, the default, is what the
    /// draft says of its bailiwick: a best estimate. Rows without a bailiwick are <see cref="Provenance.Unverified"/> whatever stands here.
    /// </summary>
    public Provenance UnstatedProvenance { get; init; } = Provenance.Estimated;

    /// <summary>
    /// Whether the <c>witnesses</c> that rows state are believed instead of the sensor that imports them. <c>false</c>, the default: a file could claim
    /// eight witnesses and pass any filter on their number. For exports of stores of your own.
    /// </summary>
    public bool KeepWitnesses { get; init; }

    /// <summary>The longest line in octets, 1,024 to 64 MiB. Default 4 MiB.</summary>
    public int MaxLineLength { get; init; } = 4 << 20;

    /// <summary>The most records an RRset may have; a larger one is rejected whole and counted, never clipped. Default 4,096, which is all that a message can hold.</summary>
    public int MaxRrsetRecords { get; init; } = DnsReader.MaxRecords;

    /// <summary>The most faults of which the place is kept, 0 or more; all are counted. Default 100.</summary>
    public int MaxKeptFaults { get; init; } = 100;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxLineLength, 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxLineLength, 64 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRrsetRecords, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxKeptFaults);
        if (!Enum.IsDefined(UnstatedProvenance)) throw new ArgumentException("UnstatedProvenance is no kind of provenance.", nameof(UnstatedProvenance));
    }
}
