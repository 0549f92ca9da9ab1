using PassiveDns.Capture;

namespace PassiveDns.Fuzz;

/// <summary>A capture file, pcap or pcapng: refused with a reason, or read to its end or its damage with every packet and message accounted for.</summary>
internal static class CaptureTarget
{
    private static readonly string s_path = Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"passivedns-fuzz-{Environment.ProcessId}.pcap");

    private static readonly MessageBatch s_batch = new();

    public static void Run(ReadOnlySpan<byte> file) =>
        Run(file, static path => PcapFileSource.Open([path], new() { MaxOutstandingQueries = 64, MaxHeldOctets = 262_144 }));

    /// <summary>Reads the input as a file, by whatever opens it.</summary>
    internal static void Run(ReadOnlySpan<byte> file, Func<string, ICaptureSource> open)
    {
        try
        {
            File.WriteAllBytes(s_path, file);
            Read(open);
        }
        finally
        {
            File.Delete(s_path);
        }
    }

    /// <summary>Reads the input as a file of any kind, and holds what is told one by one against what is counted.</summary>
    internal static void RunTraced(ReadOnlySpan<byte> file, VantageOptions vantage)
    {
        Dictionary<(string, string), long> told = [];
        ICaptureSource? source = null;
        Run(file, path => source = CaptureFiles.Open([path], vantage, fate => told[(fate.Stage, fate.Fate)] = told.GetValueOrDefault((fate.Stage, fate.Fate)) + 1)[0]);
        if (source is null) return;
        foreach (StageCount line in source.GetReport().Account.Where(line => line.Stage is "packets" or "messages" or "queries"))
        {
            Promise.Holds(told.GetValueOrDefault((line.Stage, line.Fate)) == line.Count, $"{line.Stage}/{line.Fate}: {line.Count} counted, {told.GetValueOrDefault((line.Stage, line.Fate))} told");
        }
    }

    private static void Read(Func<string, ICaptureSource> open)
    {
        ICaptureSource source;
        try
        {
            source = open(s_path);
        }
        catch (CaptureFileException e)
        {
            Promise.Holds(e.Message.Length > 0 && !e.Message.Contains('\n', StringComparison.Ordinal), "a refusal is one line");
            return;
        }

        long observed = 0;
        bool more;
        do
        {
            s_batch.Clear();
            more = source.ReadAsync(s_batch).AsTask().GetAwaiter().GetResult();
            foreach (CapturedResponse response in s_batch)
            {
                observed++;
                Promise.Holds(DnsHeader.TryRead(response.Message, out DnsHeader header) && header.IsResponse, "what is observed is a response");
            }
        }
        while (more);
        CaptureReport report = source.GetReport();
        AccountPromises.Check(report.Account, report.Packets, report.Messages, observed);
        source.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
