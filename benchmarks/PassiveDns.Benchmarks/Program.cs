using BenchmarkDotNet.Running;
using PassiveDns.Benchmarks;
using PassiveDns.Benchmarks.Analysis;
using PassiveDns.Benchmarks.Dnstap;
using PassiveDns.Benchmarks.Hijacks;
using PassiveDns.Benchmarks.Packets;
using PassiveDns.Benchmarks.Parsing;
using PassiveDns.Benchmarks.Pipeline;
using PassiveDns.Benchmarks.Records;
using PassiveDns.Benchmarks.Stores;

BenchmarkOptions options = BenchmarkOptions.Parse(args.AsSpan(Math.Min(1, args.Length)));
switch ((args.FirstOrDefault(), options.Quick))
{
    case ("parse", true):
        QuickParse.Run(options);
        return 0;
    case ("parse", false):
        CorpusFolder.Chosen = options.Corpus;
        BenchmarkSwitcher.FromTypes([typeof(ParseBenchmarks)]).Run(["--filter", "*", .. options.Rest]);
        return 0;
    case ("text", true):
        QuickText.Run(options);
        return 0;
    case ("text", false):
        CorpusFolder.Chosen = options.Corpus;
        BenchmarkSwitcher.FromTypes([typeof(TextBenchmarks)]).Run(["--filter", "*", .. options.Rest]);
        return 0;
    case ("packets", true):
        QuickPackets.Run(options);
        return 0;
    case ("pipeline", true):
        if (options.Wants("messages")) QuickAggregation.Run(options);
        if (options.Wants("verification")) await QuickVerification.RunAsync(options);
        if (options.Wants("capture")) await QuickPipeline.RunAsync(options);
        return 0;
    case ("import", _):
        await WholeImport.RunAsync(options);
        return 0;
    case ("dnstap", true):
        await QuickDnstap.RunAsync();
        return 0;
    case ("dnstap-load", _):
        await DnstapLoad.RunAsync(options.Rest);
        return 0;
    case ("dnstap-send", _):
        await DnstapLoad.SendAsync(options.Rest);
        return 0;
    case ("lookalikes", true):
        QuickLookalikes.Run();
        return 0;
    case ("stores", true):
        await QuickStores.RunAsync(options);
        return 0;
    case ("hijacks", true):
        await QuickHijacks.RunAsync(options);
        return 0;
}

Console.Error.WriteLine(
    """
    Usage: dotnet run -c Release --project benchmarks/PassiveDns.Benchmarks -- MODE --quick [options]

      parse      message parsers side by side        --corpus DIR     folder with synth.bin.gz and real.bin.gz
                                                     --only A,B       these parsers alone
      text       record data: canonical form, text, text read back; --corpus as above
      packets    readers of capture files side by side   --capture FILE   default: a million packets, made of the repository's small sample
      pipeline   messages and a capture to batches   --capture FILE   default: the repository's small sample
                                                     --hints FILE     its root servers, where they are not the real ones
                                                     --only messages,verification,capture
      import KIND  one whole import, from the start of the process: KIND is batches (dropped), memory or embedded; --capture, --hints as above
      dnstap     a file of dnstap to batches
      dnstap-load [SENDERS [RATE [SECONDS]]]          senders at RATE frames a second in total against a listener: 4, 200000, 60
      lookalikes names against the names of brands
      stores     batches into stores, and look-ups   --capture, --hints as above; --only memory,rocksdb,embedded
                                                     --questions FILE writes the look-ups, for another store
      hijacks [DOMAINS [SEED...]]   hijacks put into simulated clean histories: recall, false suspects, each indicator left out: 40000, 1 2 3
                                                     --only embedded  in a store on the disk instead of in memory

    --quick prints one JSON line per result within a minute. parse and text run without it too: under BenchmarkDotNet, which gets the other options.
    """);
return 2;
