namespace PassiveDns;

/// <summary>The account of a <see cref="ZoneReader"/>: every entry has exactly one fate, and every faulty one exactly one error.</summary>
public sealed class ZoneReport
{
    private readonly List<ZoneFault> _faults = [];
    private readonly int _maxKept;

    internal ZoneReport(int maxKept) => _maxKept = maxKept;

    /// <summary>Entries by fate; a line that <c>$GENERATE</c> made is an entry of its own.</summary>
    public Tally<ZoneEntryFate> Entries { get; } = new();

    /// <summary>Faulty entries by error.</summary>
    public Tally<ZoneError> Errors { get; } = new();

    /// <summary>The first faults, at most <see cref="ZoneReaderOptions.MaxKeptFaults"/>; all of them are counted.</summary>
    public IReadOnlyList<ZoneFault> Faults => _faults;

    /// <summary>The account as lines: fates that are no faults, then faults by error.</summary>
    public IReadOnlyList<StageCount> ToAccount() =>
    [
        .. Entries.ToAccount("entries", fate => fate == ZoneEntryFate.OutOfZone).Where(line => line.Fate != "faulty"),
        .. Errors.ToAccount("entries", _ => true),
    ];

    internal void Add(in ZoneFault fault)
    {
        Entries.Count(ZoneEntryFate.Faulty);
        Errors.Count(fault.Error);
        if (_faults.Count < _maxKept) _faults.Add(fault);
    }
}
