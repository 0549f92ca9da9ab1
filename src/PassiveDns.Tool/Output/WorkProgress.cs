using System.Globalization;
using PassiveDns.Storage;

namespace PassiveDns.Tool.Output;

/// <summary>How far work on a store has come, on one line of a terminal; elsewhere a plain line now and then.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="what">What is done, such as <c>verified</c>.</param>
/// <param name="unit">The word for what is counted, or <c>null</c> for octets.</param>
internal sealed class WorkProgress(Terminal terminal, string what, string? unit = null) : IProgress<StoreProgress>, IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private long _last = terminal.Clock.GetTimestamp();
    private bool _shown;

    /// <inheritdoc/>
    public void Report(StoreProgress value)
    {
        lock (_lock)
        {
            if (terminal.Clock.GetElapsedTime(_last) < (terminal.ErrorIsTerminal ? s_glance : s_pause)) return;
            _last = terminal.Clock.GetTimestamp();
            string share = unit is null
                ? $"{Quantity.Bytes(value.Done)} of {Quantity.Bytes(value.Total)}"
                : string.Create(CultureInfo.InvariantCulture, $"{value.Done:N0} of {value.Total:N0} {unit}");
            string line = $"{what}: {share}";
            if (!terminal.ErrorIsTerminal)
            {
                terminal.Error.WriteLine(line);
                return;
            }

            _shown = true;
            terminal.Error.Write($"\r\u001b[K{line}");
            terminal.Error.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_shown) return;
        terminal.Error.Write("\r\u001b[K");
        terminal.Error.Flush();
    }
}
