using System.Globalization;

namespace PassiveDns.Tool.Output;

/// <summary>How far an export has come, on one line of a terminal; silent when nobody looks.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="total">About how many rows there are.</param>
internal sealed class RowProgress(Terminal terminal, long total) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private readonly bool _visible = terminal.ErrorIsTerminal && !terminal.OutputIsTerminal; // rows and progress on one screen would mix
    private long _last = terminal.Clock.GetTimestamp();
    private bool _shown;

    /// <summary>Shows the number, a few times a second.</summary>
    /// <param name="rows">Rows written so far.</param>
    public void Report(long rows)
    {
        if (!_visible || terminal.Clock.GetElapsedTime(_last) < s_pause) return;
        _last = terminal.Clock.GetTimestamp();
        _shown = true;
        terminal.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r\u001b[K{rows:N0} of {Math.Max(rows, total):N0} rows"));
        terminal.Error.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_shown) return;
        _shown = false;
        terminal.Error.Write("\r\u001b[K");
        terminal.Error.Flush();
    }
}
