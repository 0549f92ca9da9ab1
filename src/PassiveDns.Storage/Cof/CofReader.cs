using System.IO.Pipelines;

namespace PassiveDns.Storage.Cof;

/// <summary>
/// Reads rows of the Common Output Format (draft-dulaunoy-dnsop-passive-dns-cof-13): one JSON object a line. What the programs of others write is understood
/// as well (see <see cref="CofReaderOptions.Strict"/>). A line that cannot be read is counted by reason, and reading goes on behind it.
/// </summary>
/// <remarks>
/// CSV is read, too, if the first line is a header with the names of fields (see <see cref="CofCsvWriter"/>).
/// Data is stored as octets, never as text: <c>rdata_wire</c> if a row has it, else what the text of <c>rdata</c> means for the type. The fields
/// that <see cref="CofOptions"/> adds are read back, so that an export with <see cref="CofOptions.Exact"/> makes the same rows again; witnesses only where
/// <see cref="CofReaderOptions.KeepWitnesses"/> says that they are to be believed.
/// </remarks>
public sealed class CofReader : IAsyncDisposable
{
    private readonly LineInput _input;
    private readonly CofLine _line;
    private bool _isDamageTold;
    private bool _hasSecondRow;

    /// <summary>Reads from a pipe.</summary>
    /// <param name="input">The lines, unpacked. A pipe that throws <see cref="InvalidDataException"/> says that what it unpacks is damaged. Disposing completes it.</param>
    /// <param name="options">The options, or <c>null</c> for the defaults.</param>
    public CofReader(PipeReader input, CofReaderOptions? options = null)
        : this(input, options ?? CofReaderOptions.Default, [])
    {
    }

    internal CofReader(PipeReader input, CofReaderOptions options, ReadOnlySpan<uint> witnesses)
    {
        ArgumentNullException.ThrowIfNull(input);
        options.Validate();
        _input = new(input, options.MaxLineLength);
        _line = new(options, witnesses);
        Report = new(options.MaxKeptFaults);
    }

    /// <summary>What became of the lines so far.</summary>
    public CofReport Report { get; }

    /// <summary>The line of the current row, from 1.</summary>
    public long Line => _input.Line;

    /// <summary>The current row; it borrows the reader and is valid until the next read.</summary>
    public ObservationRow Current => _line.Row;

    /// <summary>Moves to the next row.</summary>
    /// <param name="cancellationToken">Ends waiting for input.</param>
    /// <returns><c>false</c> at the end of the input.</returns>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default) =>
        TryRead() ? ValueTask.FromResult(true) : ReadSlowlyAsync(cancellationToken);

    /// <summary>Moves to the next row if it stands in what was already read from the input, without waiting.</summary>
    /// <returns><c>false</c> if it must be waited for: <see cref="ReadAsync"/> then knows whether there is one.</returns>
    public bool TryRead()
    {
        if (_hasSecondRow)
        {
            _hasSecondRow = false;
            _line.MoveToZoneRow();
            CountRow();
            return true;
        }

        while (_input.TryTake(out ReadOnlySpan<byte> octets, out bool isTooLong))
        {
            CofError error = isTooLong ? CofError.LineTooLong : _line.Read(octets, isFirst: _input.Line == 1);
            if (_line.Framing is { } framing && error == CofError.None) Report.FramingEnd = framing;
            if (error != CofError.None)
            {
                Report.Add(error, _input.Line);
                continue;
            }

            Report.Lines.Count(_line.Fate);
            if (_line.Fate is not (CofLineFate.Row or CofLineFate.TwoRows)) continue;
            _hasSecondRow = _line.Fate == CofLineFate.TwoRows;
            CountRow();
            return true;
        }

        return false;
    }

    /// <summary>Completes the input.</summary>
    public ValueTask DisposeAsync() => _input.DisposeAsync();

    private async ValueTask<bool> ReadSlowlyAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (_input.IsAtEnd)
            {
                if (_input.IsDamaged && !_isDamageTold) Report.Add(CofError.DamagedCompression, _input.Line + 1);
                _isDamageTold = _input.IsDamaged;
                return false;
            }

            await _input.FillAsync(cancellationToken).ConfigureAwait(false);
        }
        while (!TryRead());
        return true;
    }

    private void CountRow()
    {
        if (!_line.HasBailiwick) Report.RowsWithoutBailiwick++;
    }
}
