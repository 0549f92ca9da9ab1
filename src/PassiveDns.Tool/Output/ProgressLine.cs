namespace PassiveDns.Tool.Output;

/// <summary>One line on a terminal that is written over and over, and is gone in the end; elsewhere, if at all, a plain line now and then.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="isForScreensOnly">Whether it is silent where nobody looks, and where the answer is on the same screen.</param>
internal sealed class ProgressLine(Terminal terminal, bool isForScreensOnly = false) : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(200);

    private readonly bool _visible = !isForScreensOnly || (terminal.ErrorIsTerminal && !terminal.OutputIsTerminal);
    private long _last = terminal.Clock.GetTimestamp();
    private bool _shown;

    /// <summary>Whether it is time for a new line; if it is, write one.</summary>
    public bool IsDue()
    {
        if (!_visible || terminal.Clock.GetElapsedTime(_last) < (terminal.ErrorIsTerminal ? s_glance : s_pause)) return false;
        _last = terminal.Clock.GetTimestamp();
        return true;
    }

    /// <summary>Shows a line in place of the one before.</summary>
    /// <param name="line">The line.</param>
    public void Write(string line)
    {
        if (!terminal.ErrorIsTerminal)
        {
            terminal.Error.WriteLine(line);
            return;
        }

        _shown = true;
        terminal.Error.Write($"\r\u001b[K{line}");
        terminal.Error.Flush();
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (!_shown) return;
        _shown = false;
        terminal.Error.Write("\r\u001b[K");
        terminal.Error.Flush();
    }
}
