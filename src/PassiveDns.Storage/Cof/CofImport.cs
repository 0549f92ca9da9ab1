using System.Globalization;
using System.IO.Pipelines;
using PassiveDns.Storage.Merging;

namespace PassiveDns.Storage.Cof;

/// <summary>Turns lines of the Common Output Format into batches of observations. The same lines give the same batches.</summary>
/// <example>
/// <code>
/// while (await import.ReadAsync() is { } batch) await store.WriteAsync(batch);
/// </code>
/// </example>
public sealed class CofImport : IAsyncDisposable
{
    // Changes whenever the same input begins to give other batches: then an id must not be mistaken for one of before.
    private const string Law = "PassiveDns COF import 2";

    private const int MaxBatchOctets = 64 << 20;

    private readonly CofReader _reader;
    private readonly CofImportOptions _options;
    private readonly RowCollector _rows = new();
    private ulong _sequence;
    private bool _isAtEnd;

    /// <summary>Imports from a pipe.</summary>
    /// <param name="input">The lines, unpacked; see <see cref="CofReader"/>. Disposing completes it.</param>
    /// <param name="options">The sensor, the epoch and the bounds.</param>
    public CofImport(PipeReader input, CofImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _reader = new(input, options.Lines, [options.Sensor.Fingerprint]);
    }

    /// <summary>What became of the lines.</summary>
    public CofReport Report => _reader.Report;

    /// <summary>What became of the rows in them.</summary>
    public Tally<CofRowFate> Rows { get; } = new();

    /// <summary>Computes the epoch of a file: a digest of its octets and of all that decides which batches come out of it.</summary>
    /// <param name="content">The file as it is stored, packed or not; it is read to its end.</param>
    /// <param name="options">How it will be imported; <see cref="CofImportOptions.Sensor"/> and <see cref="CofImportOptions.Epoch"/> do not matter.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ValueTask<ulong> ComputeEpochAsync(Stream content, CofImportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        CofReaderOptions lines = options.Lines;
        return ContentEpoch.ComputeAsync(
            content,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Law}\n{options.MaxRowsPerBatch}\n{lines.Strict}\n{lines.UnstatedProvenance}\n{lines.KeepWitnesses}\n{lines.MaxLineLength}\n{lines.MaxRrsetRecords}\n"),
            cancellationToken);
    }

    /// <summary>Makes the next batch.</summary>
    /// <param name="cancellationToken">Ends waiting for input.</param>
    /// <returns>The batch, or <c>null</c> at the end.</returns>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public async ValueTask<ObservationBatch?> ReadAsync(CancellationToken cancellationToken = default)
    {
        while (!_isAtEnd && _rows.Count < _options.MaxRowsPerBatch && _rows.Octets < MaxBatchOctets)
        {
            if (_reader.TryRead() || await _reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                Rows.Count(_rows.Add(_reader.Current) ? CofRowFate.Observed : CofRowFate.Merged);
            else
                _isAtEnd = true;
        }

        return _rows.Count == 0 ? null : new(new(_options.Sensor, _options.Epoch, ++_sequence), _rows.Take());
    }

    /// <summary>The account as lines: what became of the lines, then of the rows in them.</summary>
    public IReadOnlyList<StageCount> ToAccount() => [.. Report.ToAccount(), .. Rows.ToAccount("rows", _ => false)];

    /// <summary>Completes the input.</summary>
    public ValueTask DisposeAsync() => _reader.DisposeAsync();
}
