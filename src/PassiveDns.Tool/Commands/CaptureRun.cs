using System.Net;
using PassiveDns.Aggregation;
using PassiveDns.Capture;
using PassiveDns.Capture.Live;
using PassiveDns.Storage;
using PassiveDns.Tool.Input;
using PassiveDns.Tool.Output;

namespace PassiveDns.Tool.Commands;

/// <summary>One run of live capture, from the first packet to the summary.</summary>
internal static class CaptureRun
{
    /// <summary>Captures until the time is over or a signal ends it. The first signal drains: everything that was captured is written.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="terminal">The surroundings.</param>
    /// <param name="cancellationToken">Interrupts as SIGINT does.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(CaptureRequest request, Terminal terminal, CancellationToken cancellationToken)
    {
        long started = terminal.Clock.GetTimestamp();
        using Interruption interruption = new(cancellationToken);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(interruption.Token);
        AggregationOptions options = Options(request, terminal);
        await using OpenSources sources = new(Open(request));
        await using IObservationStore store = StoreDirectory.OpenForWriting(request.Store);
        PassiveDnsPipeline pipeline = new(sources.All, new ResponseAggregator(options), store, new() { ReadConcurrently = true });
        if (request.Duration is { } duration) end.CancelAfter(duration);
        PipelineReport report = await CaptureProgress.WatchAsync(terminal, sources.Name, pipeline, end.Token);

        bool wasStopped = interruption.Token.IsCancellationRequested;
        RunFacts facts = new("sources", [.. sources.All.Select(source => source.Name)], request.Sensor, options.Epoch, terminal.Clock.GetElapsedTime(started), !wasStopped);
        string headline = $"{(wasStopped ? "captured, until it was stopped," : "captured")} from {Visible.OneLine(sources.Name)}";
        RunSummary.WriteOrJson(terminal, report, facts, headline, request.Json);
        if (report.FindImbalances().Count > 0) return ExitCode.Failed;
        return wasStopped ? ExitCode.Interrupted : ExitCode.Answered;
    }

    private static AggregationOptions Options(CaptureRequest request, Terminal terminal)
    {
        AggregationOptions options = new()
        {
            Sensor = request.Sensor,
            RootHints = VerbOptions.RootHintsOf(request.RootHints),
            Delegations = VerbOptions.DelegationsOf(request.Delegations),
            Epoch = (ulong)(terminal.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks, // what is heard is heard once: no run repeats another
        };
        return request.Window is { } window ? options with { Window = window } : options;
    }

    private static List<ICaptureSource> Open(CaptureRequest request)
    {
        bool hasInterfaces = request.Live.Interfaces.Count > 0;
        if (!hasInterfaces && request.DnstapSockets.Count + request.DnstapListeners.Count + request.PowerDnsListeners.Count == 0)
        {
            throw ToolException.WrongUse("nothing to listen to; give --interface NAME, --dnstap-socket PATH, --dnstap-listen ADDRESS:PORT or --pdns-protobuf ADDRESS:PORT");
        }

        // What a resolver sends says itself what it was answered; packets do not.
        if (hasInterfaces && request.Vantage.Resolvers.Count == 0)
        {
            throw ToolException.WrongUse("no resolver named; give --resolver CIDR or --resolvers FILE, so that nobody else's traffic is observed");
        }

        List<ICaptureSource> sources = [];
        try
        {
            if (hasInterfaces) sources.Add(LiveCaptureSource.Open(request.Live, request.Vantage));
            foreach (string path in request.DnstapSockets) sources.Add(DnstapSocketSource.ListenUnix(path, request.Vantage, request.Dnstap));
            foreach (IPEndPoint endPoint in request.DnstapListeners) sources.Add(DnstapSocketSource.ListenTcp(endPoint, request.Vantage, request.Dnstap));
            foreach (IPEndPoint endPoint in request.PowerDnsListeners) sources.Add(PowerDnsSource.Listen(endPoint, request.Vantage, request.Dnstap));
            return sources;
        }
        catch (Exception exception)
        {
            foreach (ICaptureSource source in sources) source.DisposeAsync().AsTask().GetAwaiter().GetResult();
            if (exception is ArgumentException) throw ToolException.WrongUse(exception.Message);
            throw;
        }
    }
}
