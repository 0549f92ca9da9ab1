using System.Globalization;

namespace PassiveDns.Tool.Output;

/// <summary>How far the reading of a file has come, on one line of a terminal; elsewhere a plain line now and then.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="name">The name of the file.</param>
internal sealed class LineProgress(Terminal terminal, string name) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(200);

    private long _last = terminal.Clock.GetTimestamp();
    private bool _shown;

    /// <summary>Shows the numbers.</summary>
    /// <param name="read">Octets read so far.</param>
    /// <param name="total">Octets in all, or <c>null</c> if that is unknown.</param>
    /// <param name="items">What came out of them so far, such as rows.</param>
    /// <param name="unit">The word for that.</param>
    public void Report(long read, long? total, long items, string unit)
    {
        if (terminal.Clock.GetElapsedTime(_last) < (terminal.ErrorIsTerminal ? s_glance : s_pause)) return;
        _last = terminal.Clock.GetTimestamp();
        string share = total is { } all ? $"{Quantity.Bytes(read)} of {Quantity.Bytes(all)}" : Quantity.Bytes(read);
        string line = string.Create(CultureInfo.InvariantCulture, $"{Visible.OneLine(name)}: {share}, {items:N0} {unit}");
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
