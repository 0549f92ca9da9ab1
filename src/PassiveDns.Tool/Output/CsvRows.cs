using PassiveDns.Storage.Cof;

namespace PassiveDns.Tool.Output;

/// <summary>Rows as CSV with the fields of the Common Output Format.</summary>
/// <param name="destination">Where the lines go.</param>
/// <param name="isExact">Whether to add the columns that make the same rows again.</param>
/// <param name="writesHeader">Whether the header comes first.</param>
internal sealed class CsvRows(Stream destination, bool isExact, bool writesHeader) : IRowOutput
{
    private readonly CofCsvWriter _writer = new(destination, isExact, writesHeader);

    /// <inheritdoc/>
    public void Write(ObservationRows rows) => _writer.Write(rows);

    /// <inheritdoc/>
    public void End()
    {
        _writer.Flush();
        destination.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // What was not ended is not wanted.
    }
}
