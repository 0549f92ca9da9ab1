using BenchmarkDotNet.Attributes;
using PassiveDns.Benchmarks.Measuring;

namespace PassiveDns.Benchmarks.Records;

/// <summary>Record data into canonical form, into text and back, for a careful run. One operation is one record.</summary>
[MemoryDiagnoser]
[Config(typeof(CarefulRun))]
public class TextBenchmarks
{
    private const int Records = 10_000;
    private RecordCorpus _corpus = null!;

    /// <summary>The corpora found, without the damaged one.</summary>
    public static IEnumerable<string> Corpora => CorpusFolder.Load().Select(c => c.Name).Where(name => name != "mutated");

    /// <summary>The corpus.</summary>
    [ParamsSource(nameof(Corpora))]
    public string Corpus { get; set; } = "";

    /// <summary>Loads what the run needs.</summary>
    [GlobalSetup]
    public void Load() => _corpus = new(CorpusFolder.Load().Single(c => c.Name == Corpus));

    /// <summary><see cref="RecordData.Canonicalize"/>.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public long Canonicalize() => _corpus.Canonicalize(0, Records);

    /// <summary><see cref="RdataText.TryFormat(RecordType, ReadOnlySpan{byte}, Span{byte}, out int)"/>.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public long Format() => _corpus.Format(0, Records);

    /// <summary><see cref="RdataText.TryParse"/>.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public long Parse() => _corpus.Parse(0, Records);
}
