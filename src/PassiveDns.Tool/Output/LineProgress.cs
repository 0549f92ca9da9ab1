using System.Globalization;

namespace PassiveDns.Tool.Output;

/// <summary>How far the reading of a file has come.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="name">The name of the file.</param>
internal sealed class LineProgress(Terminal terminal, string name) : IDisposable
{
    private readonly ProgressLine _line = new(terminal);

    /// <summary>Shows the numbers.</summary>
    /// <param name="read">Octets read so far.</param>
    /// <param name="total">Octets in all, or <c>null</c> if that is unknown.</param>
    /// <param name="items">What came out of them so far, such as rows.</param>
    /// <param name="unit">The word for that.</param>
    public void Report(long read, long? total, long items, string unit)
    {
        if (!_line.IsDue()) return;
        string share = total is { } all ? $"{Quantity.Bytes(read)} of {Quantity.Bytes(all)}" : Quantity.Bytes(read);
        _line.Write(string.Create(CultureInfo.InvariantCulture, $"{Visible.OneLine(name)}: {share}, {items:N0} {unit}"));
    }

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
