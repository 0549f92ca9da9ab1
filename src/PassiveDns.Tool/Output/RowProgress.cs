using System.Globalization;

namespace PassiveDns.Tool.Output;

/// <summary>How far an export has come; silent when nobody looks.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="total">About how many rows there are.</param>
internal sealed class RowProgress(Terminal terminal, long total) : IDisposable
{
    private readonly ProgressLine _line = new(terminal, isForScreensOnly: true); // rows and progress on one screen would mix

    /// <summary>Shows the number, a few times a second.</summary>
    /// <param name="rows">Rows written so far.</param>
    public void Report(long rows)
    {
        if (_line.IsDue()) _line.Write(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} of {Math.Max(rows, total):N0} rows"));
    }

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
