using BenchmarkDotNet.Running;
using PassiveDns.Benchmarks;
using PassiveDns.Benchmarks.Parsing;

if (args is ["parse", ..])
{
    BenchmarkOptions options = BenchmarkOptions.Parse(args.AsSpan(1));
    if (options.Quick)
    {
        QuickParse.Run(options);
        return 0;
    }

    CorpusFolder.Chosen = options.Corpus;
    BenchmarkSwitcher.FromTypes([typeof(ParseBenchmarks)]).Run(options.Rest);
    return 0;
}

Console.Error.WriteLine(
    """
    Usage: dotnet run -c Release --project benchmarks/PassiveDns.Benchmarks -- MODE [--quick] [options]

      parse   message parsers side by side     --corpus DIR   folder with synth.bin.gz and real.bin.gz
                                               --only A,B     with --quick: these parsers alone

    --quick prints one JSON line per result within a minute; without it BenchmarkDotNet runs, and other options go to it.
    """);
return 2;
