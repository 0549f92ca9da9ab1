using System.Globalization;

namespace PassiveDns.Tool.Output;

/// <summary>How far the import of a zone file has come, on one line of a terminal; elsewhere a plain line now and then.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="file">The file that is being read.</param>
internal sealed class ZoneProgress(Terminal terminal, FileStream file) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(200);

    private long _last = terminal.Clock.GetTimestamp();
    private bool _shown;

    /// <summary>Shows the numbers.</summary>
    /// <param name="rows">Rows so far.</param>
    public void Report(long rows)
    {
        if (terminal.Clock.GetElapsedTime(_last) < (terminal.ErrorIsTerminal ? s_glance : s_pause)) return;
        _last = terminal.Clock.GetTimestamp();
        string line = string.Create(
            CultureInfo.InvariantCulture, $"{Visible.OneLine(file.Name)}: {Quantity.Bytes(file.Position)} of {Quantity.Bytes(file.Length)}, {rows:N0} rows");
        if (!terminal.ErrorIsTerminal)
        {
            terminal.Error.WriteLine(line);
            return;
        }

        _shown = true;
        terminal.Error.Write($"\r\u001b[K{line}");
        terminal.Error.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_shown) return;
        terminal.Error.Write("\r\u001b[K");
        terminal.Error.Flush();
    }
}
