using System.Globalization;
using PassiveDns.Capture;
using Spectre.Console;

namespace PassiveDns.Tool.Output;

/// <summary>What a live capture hears: on a terminal a line that changes each second, elsewhere a plain line each minute.</summary>
internal static class CaptureProgress
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    /// <summary>Runs a pipeline and shows what it hears.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="name">The name of the sources.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stop">Asks for an orderly end.</param>
    public static async Task<PipelineReport> WatchAsync(Terminal terminal, string name, PassiveDnsPipeline pipeline, CancellationToken stop)
    {
        string shown = Visible.OneLine(name);
        if (!terminal.ErrorIsTerminal)
        {
            return await PollAsync(terminal, pipeline, s_minute, line => terminal.Error.WriteLine($"{shown}: {line}"), stop);
        }

        return await terminal.ErrorConsole().Status().StartAsync(
            Markup.Escape($"listening to {shown}"),
            context => PollAsync(terminal, pipeline, s_second, line => context.Status(Markup.Escape($"{shown}: {line}")), stop));
    }

    private static async Task<PipelineReport> PollAsync(Terminal terminal, PassiveDnsPipeline pipeline, TimeSpan interval, Action<string> show, CancellationToken stop)
    {
        Task<PipelineReport> run = pipeline.RunAsync(progress: null, stop);
        (long packets, long responses) = (0, 0);
        while (true)
        {
            Task pause = Task.Delay(interval, terminal.Clock, CancellationToken.None);
            if (await Task.WhenAny(run, pause) == run) return await run;
            PipelineReport report = pipeline.GetReport();
            (long packetsBefore, long responsesBefore) = (packets, responses);
            packets = report.Sources.Sum(source => source.Capture.Packets);
            responses = report.Observed;
            long lost = report.Sources.Sum(source => Lost(source.Capture));
            show(string.Create(CultureInfo.InvariantCulture,
                $"{packets:N0} packets ({(packets - packetsBefore) / interval.TotalSeconds:N0}/s), {responses:N0} responses observed ({(responses - responsesBefore) / interval.TotalSeconds:N0}/s), {lost:N0} frames dropped"));
        }
    }

    private static long Lost(CaptureReport capture) => capture.Account.Where(line => line is { Stage: "frames", IsDrop: true }).Sum(line => line.Count);
}
