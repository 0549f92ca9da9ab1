using System.Globalization;
using PassiveDns.Capture;
using Spectre.Console;

namespace PassiveDns.Tool.Output;

/// <summary>How far an import has come: a bar on a terminal, elsewhere a plain line now and then.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="name">The name of the source.</param>
internal sealed class ImportProgress(Terminal terminal, string name) : IProgress<PipelineReport>
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly long _started = terminal.Clock.GetTimestamp();
    private long _last = terminal.Clock.GetTimestamp();
    private ProgressTask? _task;

    /// <summary>Runs an import and shows how far it is.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="name">The name of the source.</param>
    /// <param name="run">The import; it is given where to report.</param>
    public static async Task<PipelineReport> WatchAsync(Terminal terminal, string name, Func<IProgress<PipelineReport>, Task<PipelineReport>> run)
    {
        ImportProgress progress = new(terminal, name);
        if (!terminal.ErrorIsTerminal) return await run(progress);
        return await terminal.ErrorConsole().Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                progress._task = context.AddTask(Markup.Escape(Visible.OneLine(name)), maxValue: 1);
                progress._task.IsIndeterminate = true;
                return run(progress);
            });
    }

    /// <inheritdoc/>
    public void Report(PipelineReport value)
    {
        long packets = 0, read = 0, total = 0;
        foreach (CaptureReport capture in value.Sources.Select(source => source.Capture))
        {
            packets += capture.Packets;
            read += capture.BytesRead;
            total += capture.BytesTotal ?? 0;
        }

        if (_task is not null)
        {
            if (total > 0)
            {
                _task.IsIndeterminate = false;
                _task.MaxValue = total;
                _task.Value = Math.Min(read, total);
            }

            _task.Description = Markup.Escape($"{Visible.OneLine(name)}: {Quantity.Of(packets, "packet", "packets")}, {Rate(packets)}");
        }
        else if (!terminal.ErrorIsTerminal && terminal.Clock.GetElapsedTime(_last) >= s_pause)
        {
            _last = terminal.Clock.GetTimestamp();
            string share = total > 0 ? $"{Quantity.Bytes(read)} of {Quantity.Bytes(total)}" : Quantity.Bytes(read);
            terminal.Error.WriteLine($"{Visible.OneLine(name)}: {share}, {Quantity.Of(packets, "packet", "packets")}, {Rate(packets)}");
        }
    }

    private string Rate(long packets)
    {
        double seconds = Math.Max(terminal.Clock.GetElapsedTime(_started).TotalSeconds, 0.001);
        return string.Create(CultureInfo.InvariantCulture, $"{packets / seconds:N0}/s");
    }
}
