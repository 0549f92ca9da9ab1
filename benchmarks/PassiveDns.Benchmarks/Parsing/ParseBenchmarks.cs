using BenchmarkDotNet.Attributes;
using PassiveDns.Benchmarks.Measuring;

namespace PassiveDns.Benchmarks.Parsing;

/// <summary>The same comparison for a careful run. One operation is one message.</summary>
[MemoryDiagnoser]
[Config(typeof(CarefulRun))]
public class ParseBenchmarks
{
    private const int Messages = 5000;
    private MessageCorpus _corpus = null!;
    private MessageParser _parser = null!;

    /// <summary>The corpora found.</summary>
    public static IEnumerable<string> Corpora => CorpusFolder.Load().Select(c => c.Name);

    /// <summary>The parsers that can run here.</summary>
    public static IEnumerable<string> Parsers => ParserList.Make(out _).Select(p => p.Name);

    /// <summary>The corpus.</summary>
    [ParamsSource(nameof(Corpora))]
    public string Corpus { get; set; } = "";

    /// <summary>The parser.</summary>
    [ParamsSource(nameof(Parsers))]
    public string Parser { get; set; } = "";

    /// <summary>Loads what the run needs.</summary>
    [GlobalSetup]
    public void Load()
    {
        _corpus = CorpusFolder.Load().Single(c => c.Name == Corpus);
        _parser = ParserList.Make(out _).Single(p => p.Name == Parser);
    }

    /// <summary>Parses the first messages of the corpus.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public int Parse() => _parser.Parse(_corpus, 0, Messages);
}
