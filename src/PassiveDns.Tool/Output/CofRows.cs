using PassiveDns.Storage.Cof;

namespace PassiveDns.Tool.Output;

/// <summary>Rows as Passive DNS Common Output Format: one JSON object a line.</summary>
/// <param name="destination">Where the lines go.</param>
/// <param name="options">Which fields to add.</param>
internal sealed class CofRows(Stream destination, CofOptions options) : IRowOutput
{
    private readonly CofWriter _writer = new(destination, options);

    /// <inheritdoc/>
    public void Write(ObservationRows rows) => _writer.Write(rows);

    /// <inheritdoc/>
    public void End()
    {
        _writer.Flush();
        destination.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
