using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using PassiveDns.Benchmarks.Measuring;
using PassiveDns.Capture;

namespace PassiveDns.Benchmarks.Dnstap;

/// <summary>
/// Several senders, each a process of its own, at a steady rate against a listener in this one: frames sent, received and lost, and memory over time.
/// </summary>
internal static class DnstapLoad
{
    private const int Exchanges = 10_000;
    private const int StepMilliseconds = 10;

    /// <summary>Runs the listener and its senders.</summary>
    /// <param name="arguments"><c>[SENDERS [FRAMES-PER-SECOND-IN-TOTAL [SECONDS]]]</c>; 4, 200,000 and 60 without.</param>
    public static async Task RunAsync(string[] arguments)
    {
        int senders = Number(arguments, 0, 4), rate = Number(arguments, 1, 200_000), seconds = Number(arguments, 2, 60);
        string path = Path.Combine(Path.GetTempPath(), $"passivedns-load-{Environment.ProcessId}.sock");
        await using DnstapSocketSource source = DnstapSocketSource.ListenUnix(path);
        using CancellationTokenSource stop = new();
        Task<long> reading = ReadAsync(source, stop.Token);
        Stopwatch clock = Stopwatch.StartNew();
        Process[] processes = [.. Enumerable.Range(0, senders).Select(_ => StartSender(path, rate / senders, seconds))];
        using Timer memory = new(_ => Tell(source, clock), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        long sent = 0;
        foreach (Process process in processes)
        {
            sent += long.Parse((await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false)).Trim(), CultureInfo.InvariantCulture);
            process.Dispose();
        }

        double elapsed = clock.Elapsed.TotalSeconds;
        await stop.CancelAsync().ConfigureAwait(false);
        long observed = await reading.ConfigureAwait(false);
        CaptureReport report = source.GetReport();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            load = "dnstap",
            senders,
            wantedRate = rate,
            seconds = Math.Round(elapsed, 1),
            sent,
            received = report.Packets,
            lost = sent - report.Packets,
            dropped = report.Account.Where(line => line.Stage == "messages" && line.IsDrop).Sum(line => line.Count),
            observed,
            framesPerSecond = Math.Round(report.Packets / elapsed),
            peakMegabytes = Process.GetCurrentProcess().PeakWorkingSet64 >> 20,
        }));
        Console.Error.WriteLine($"load {MachineLoad.LastMinute}, {Environment.ProcessorCount} processors");
    }

    /// <summary>One sender: <c>PATH FRAMES-PER-SECOND SECONDS</c>. Prints how many frames it has sent; if the listener is slow it waits and catches up.</summary>
    public static async Task SendAsync(string[] arguments)
    {
        (int rate, int seconds) = (Number(arguments, 1, 0), Number(arguments, 2, 0));
        byte[] frames = TapFrames.Make(Exchanges);
        List<int> borders = [0];
        for (int at = 0; at < frames.Length; borders.Add(at)) at += 4 + (frames[at + 2] << 8 | frames[at + 3]);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(arguments[0])).ConfigureAwait(false);
        await WriteAsync(socket, TapFrames.Ready).ConfigureAwait(false);
        await socket.ReceiveAsync(new byte[512]).ConfigureAwait(false);
        await WriteAsync(socket, TapFrames.Start).ConfigureAwait(false);
        Stopwatch clock = Stopwatch.StartNew();
        long sent = 0;
        int next = 0;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            long due = (long)(clock.Elapsed.TotalSeconds * rate) - sent;
            while (due > 0)
            {
                int count = (int)Math.Min(due, borders.Count - 1 - next);
                await WriteAsync(socket, frames.AsMemory(borders[next]..borders[next + count])).ConfigureAwait(false);
                (sent, due) = (sent + count, due - count);
                next = (next + count) % (borders.Count - 1);
            }

            await Task.Delay(StepMilliseconds).ConfigureAwait(false);
        }

        await WriteAsync(socket, TapFrames.Stop).ConfigureAwait(false);
        await socket.ReceiveAsync(new byte[512]).ConfigureAwait(false); // FINISH
        Console.WriteLine(sent);
    }

    private static async Task<long> ReadAsync(DnstapSocketSource source, CancellationToken stop)
    {
        MessageBatch batch = new();
        long observed = 0;
        bool more;
        do
        {
            batch.Clear();
            more = await source.ReadAsync(batch, stop).ConfigureAwait(false);
            observed += batch.Count;
        }
        while (more);
        return observed;
    }

    private static async Task WriteAsync(Socket socket, ReadOnlyMemory<byte> octets)
    {
        while (!octets.IsEmpty) octets = octets[await socket.SendAsync(octets).ConfigureAwait(false)..];
    }

    private static void Tell(DnstapSocketSource source, Stopwatch clock) => Console.WriteLine(JsonSerializer.Serialize(new
    {
        second = Math.Round(clock.Elapsed.TotalSeconds),
        received = source.GetReport().Packets,
        megabytes = Environment.WorkingSet >> 20,
        heapMegabytes = GC.GetTotalMemory(forceFullCollection: false) >> 20,
    }));

    private static Process StartSender(string path, int rate, int seconds)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(DnstapLoad).Assembly.Location);
        foreach (string argument in (string[])["dnstap-send", path, rate.ToString(CultureInfo.InvariantCulture), seconds.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static int Number(string[] arguments, int index, int otherwise) =>
        index < arguments.Length ? int.Parse(arguments[index], CultureInfo.InvariantCulture) : otherwise;
}
