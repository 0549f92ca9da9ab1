namespace PassiveDns.Storage.Cof;

/// <summary>The account of a <see cref="CofReader"/>: every line has exactly one fate, and every faulty one exactly one error.</summary>
public sealed class CofReport
{
    private readonly List<CofFault> _faults = [];
    private readonly int _maxKept;

    internal CofReport(int maxKept) => _maxKept = maxKept;

    /// <summary>Lines by fate.</summary>
    public Tally<CofLineFate> Lines { get; } = new();

    /// <summary>Faulty lines by error.</summary>
    public Tally<CofError> Errors { get; } = new();

    /// <summary>The first faults, at most <see cref="CofReaderOptions.MaxKeptFaults"/>; all of them are counted.</summary>
    public IReadOnlyList<CofFault> Faults => _faults;

    /// <summary>How the answer ended if it is framed. The last frame counts.</summary>
    public CofFramingEnd FramingEnd { get; internal set; }

    /// <summary>Rows read.</summary>
    public long Rows => Lines[CofLineFate.Row] + 2 * Lines[CofLineFate.TwoRows];

    /// <summary>Rows without a bailiwick, which are therefore <see cref="Provenance.Unverified"/> or of a zone file that is not named.</summary>
    public long RowsWithoutBailiwick { get; internal set; }

    /// <summary>The account as lines: fates that are no faults, then faults by error.</summary>
    public IReadOnlyList<StageCount> ToAccount() =>
    [
        .. Lines.ToAccount("lines", _ => false).Where(line => line.Fate != "faulty"),
        .. Errors.ToAccount("lines", _ => true),
    ];

    internal void Add(CofError error, long line)
    {
        Lines.Count(CofLineFate.Faulty);
        Errors.Count(error);
        if (_faults.Count < _maxKept) _faults.Add(new(error, line));
    }
}
