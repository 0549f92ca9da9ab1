namespace PassiveDns.Storage.Batches;

/// <summary>The account of a <see cref="BatchFileReader"/>.</summary>
public sealed class BatchFileReport
{
    private readonly List<BatchFileFault> _faults = [];
    private readonly int _maxKept;

    internal BatchFileReport(int maxKept) => _maxKept = maxKept;

    /// <summary>Batches read.</summary>
    public long Batches { get; internal set; }

    /// <summary>Rows in them.</summary>
    public long Rows { get; internal set; }

    /// <summary>Faults by error.</summary>
    public Tally<BatchFileError> Errors { get; } = new();

    /// <summary>The first faults; all of them are counted.</summary>
    public IReadOnlyList<BatchFileFault> Faults => _faults;

    /// <summary>The account as lines: the batches, then faults by error.</summary>
    public IReadOnlyList<StageCount> ToAccount() => [new("records", "batch", Batches, false), .. Errors.ToAccount("records", _ => true)];

    internal void Add(BatchFileError error, long offset)
    {
        Errors.Count(error);
        if (_faults.Count < _maxKept) _faults.Add(new(error, offset));
    }
}
