namespace PassiveDns.Aggregation;

/// <summary>How a <see cref="ResponseAggregator"/> verifies, holds and hands on what it is given. The defaults suit one busy sensor.</summary>
public sealed record AggregationOptions
{
    /// <summary>The sensor whose rows and batches these are.</summary>
    public SensorId Sensor { get; init; }

    /// <summary>The run of the sensor (see <see cref="BatchId.Epoch"/>): the same for the same input where a repeated import must not count twice.</summary>
    public ulong Epoch { get; init; }

    /// <summary>
    /// How long sightings are summed before they are handed on, in the time of the data. Windows are aligned to 1970, so that their borders depend
    /// on the data alone. One second or more; default one hour.
    /// </summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Octets that the rows held may take, 1 MiB to 1 GiB. When they are used up, the older half of the rows leaves early as batches. Default 256 MiB.
    /// As much again is used for the rows of the window before: until they are taken, and then it is kept for the next window. When a window ends before that, its rows
    /// become batches at once. The verifier's cache and the waiting room have bounds of their own; a memo of responses that may come again takes up to an eighth of it beside it, at most 32 MiB.
    /// </summary>
    public long MemoryBudget { get; init; } = 256L << 20;

    /// <summary>The most rows of one batch, 1 or more; a batch also ends when its rows reach some 64 MiB. Default 50,000.</summary>
    public int MaxRowsPerBatch { get; init; } = 50_000;

    /// <summary>Where verification starts: the root servers. Default: the real ones.</summary>
    public RootHints RootHints { get; init; } = RootHints.Default;

    /// <summary>
    /// What an earlier run has learnt of zones and their servers (<see cref="ResponseAggregator.GetDelegations"/>), so that this one verifies from the start.
    /// Default: nothing.
    /// </summary>
    public DelegationSnapshot Delegations { get; init; } = DelegationSnapshot.Empty;

    /// <summary>
    /// Whether RRsets that nothing supports become rows with <see cref="Provenance.Unverified"/>. <c>false</c>: they are dropped and counted.
    /// Default <c>true</c>.
    /// </summary>
    public bool KeepUnverified { get; init; } = true;

    /// <summary>
    /// The most records an RRset may have; a larger one is rejected whole and counted, never clipped (a clipped set is not the set that was
    /// published). Default 4096, which is all that a message can hold.
    /// </summary>
    public int MaxRrsetRecords { get; init; } = DnsReader.MaxRecords;

    /// <summary>
    /// How long a name server's name or address, once verified, stays good after it was last seen, in the time of the data. Default 7 days: the
    /// TTLs of delegations reach 2 days, and resolvers hold on to them.
    /// </summary>
    public TimeSpan DelegationGrace { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The most names the verifier remembers (zones and their name servers, about 200 octets each); the least recently used leave first. 1024 or more;
    /// default 500,000.
    /// </summary>
    public int MaxDelegationNames { get; init; } = 500_000;

    /// <summary>
    /// How long an RRset waits for the delegation that would verify it, in the time of the data; it is also how much earlier than a delegation's
    /// first sight data may be verified by it. Default one hour.
    /// </summary>
    public TimeSpan WaitingTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The most RRsets that wait at one time; the oldest is decided first. Default 200,000.</summary>
    public int MaxWaiting { get; init; } = 200_000;

    /// <summary>Octets that waiting RRsets may take, 1 MiB or more; the oldest is decided first. Default 64 MiB.</summary>
    public long MaxWaitingBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Whether a key that comes up is told of before its sums: at once, but for so much time of the data, during which such rows are gathered. Their count
    /// is 0, and their sums follow when they leave, so nothing counts twice. A key is told of once, as far as the last million keys go back. For feeds of
    /// what is newly observed. One second or more; zero, the default: rows leave with their sums only.
    /// </summary>
    public TimeSpan FirstSightingDelay { get; init; }

    /// <summary>
    /// When names that are made up (random subdomains, tunnels) are folded into one wildcard row for their parent; <c>null</c>: never. What it folds is counted,
    /// and such a row says so (<see cref="SightingFolding.Names"/>). It uses a sixteenth of <see cref="MemoryBudget"/>. Default: the defaults of <see cref="FloodGuardOptions"/>.
    /// </summary>
    public FloodGuardOptions? FloodGuard { get; init; } = new();

    /// <summary>
    /// How many sets of one owner, type, bailiwick and provenance are kept in a day (UTC); further ones are folded into their union
    /// (<see cref="SightingFolding.Sets"/>), and each of their records is still counted exactly (<see cref="SightingFolding.Records"/>). 16 or more, or 0: no cap.
    /// It uses an eighth of <see cref="MemoryBudget"/> at most. Default 1,024.
    /// </summary>
    public int MaxSetsPerDay { get; init; } = 1024;

    /// <summary>
    /// Whether an RRset is dropped in which a name is compressed in a type where RFC 3597 section 4 does not allow it (DNAME, RRSIG, SVCB ...). Servers that do so exist, so
    /// by default such names are expanded and the sets only counted (<see cref="AggregationReport.NonstandardCompression"/>). Default <c>false</c>.
    /// </summary>
    public bool StrictCompression { get; init; }

    /// <summary>
    /// Whether what servers said is not there is kept, as a stream apart: take it with <see cref="ResponseAggregator.TryTakeNegativeEvidence"/>. It may use
    /// an eighth of <see cref="MemoryBudget"/> beside it. Default <c>false</c>.
    /// </summary>
    public bool KeepNegativeEvidence { get; init; }

    /// <summary>
    /// Whether whole RRsets that scrubbing takes out, and those that nothing supports, are kept as batches apart, for a store of their own: take them with
    /// <see cref="ResponseAggregator.TryTakeChaff"/>. The other batches then hold none of them, even with <see cref="KeepUnverified"/>. All have
    /// <see cref="Provenance.Unverified"/> and the root as bailiwick. They may use a quarter of <see cref="MemoryBudget"/> beside it. Default <c>false</c>.
    /// </summary>
    public bool KeepChaff { get; init; }

    internal void Validate()
    {
        if (FirstSightingDelay != TimeSpan.Zero) ArgumentOutOfRangeException.ThrowIfLessThan(FirstSightingDelay, TimeSpan.FromSeconds(1));
        FloodGuard?.Validate();
        if (MaxSetsPerDay != 0) ArgumentOutOfRangeException.ThrowIfLessThan(MaxSetsPerDay, 16);
        ArgumentNullException.ThrowIfNull(RootHints);
        ArgumentNullException.ThrowIfNull(Delegations);
        ArgumentOutOfRangeException.ThrowIfLessThan(Window, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(MemoryBudget, 1L << 20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MemoryBudget, 1L << 30);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRowsPerBatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRrsetRecords, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DelegationGrace, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDelegationNames, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(WaitingTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaiting, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxWaitingBytes, 1L << 20);
    }
}
