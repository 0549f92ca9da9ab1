using System.Globalization;
using PassiveDns.Storage;

namespace PassiveDns.Tool.Output;

/// <summary>How far work on a store has come.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="what">What is done, such as <c>verified</c>.</param>
/// <param name="unit">The word for what is counted, or <c>null</c> for octets.</param>
internal sealed class WorkProgress(Terminal terminal, string what, string? unit = null) : IProgress<StoreProgress>, IDisposable
{
    private readonly Lock _lock = new(); // stores report from several threads
    private readonly ProgressLine _line = new(terminal);

    /// <inheritdoc/>
    public void Report(StoreProgress value)
    {
        lock (_lock)
        {
            if (!_line.IsDue()) return;
            string share = unit is null
                ? $"{Quantity.Bytes(value.Done)} of {Quantity.Bytes(value.Total)}"
                : string.Create(CultureInfo.InvariantCulture, $"{value.Done:N0} of {value.Total:N0} {unit}");
            _line.Write($"{what}: {share}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock) _line.Dispose();
    }
}
