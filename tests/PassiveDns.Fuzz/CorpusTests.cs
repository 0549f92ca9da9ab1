namespace PassiveDns.Fuzz;

/// <summary>What fuzzing starts from and what it once found, run as ordinary tests.</summary>
[Collection("fuzz")] // targets keep buffers of their own and are not meant for two threads
public class CorpusTests
{
    private static readonly string s_corpus = FindCorpus();

    public static TheoryData<string> Names => [.. Target.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void No_file_of_the_corpus_breaks_a_promise(string name)
    {
        string[] files = Directory.GetFiles(Path.Combine(s_corpus, name));
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            Exception? broken = Record.Exception(() => Target.All[name].Run(File.ReadAllBytes(file)));
            Assert.True(broken is null, $"{Path.GetFileName(file)}: {broken}");
        }
    }

    /// <summary>Every octet changed once and every length tried: a small share of what fuzzing does, in every run.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void No_small_file_of_the_corpus_breaks_a_promise_when_it_is_damaged(string name)
    {
        foreach (string file in Directory.GetFiles(Path.Combine(s_corpus, name)))
        {
            byte[] octets = File.ReadAllBytes(file);
            int step = 1 + octets.Length * octets.Length / 20_000; // time is quadratic in the length
            for (int i = 0; i < octets.Length; i += step)
            {
                byte[] changed = [.. octets];
                changed[i] ^= (byte)(1 << i % 8);
                Run(changed);
                Run(octets[..i]);
            }

            void Run(byte[] input)
            {
                Exception? broken = Record.Exception(() => Target.All[name].Run(input));
                Assert.True(broken is null, $"{Path.GetFileName(file)} as {Convert.ToHexString(input)}: {broken}");
            }
        }
    }

    [Fact]
    public void A_broken_promise_is_told() => Assert.Throws<BrokenPromiseException>(() => Promise.Same("a"u8, "b"u8, "octets"));

    // The build may map source paths, so the folder is looked for from the place of the assembly upwards.
    private static string FindCorpus()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string corpus = Path.Combine(at.FullName, "tests", "PassiveDns.Fuzz", "Corpus");
            if (Directory.Exists(corpus)) return corpus;
        }

        throw new DirectoryNotFoundException("tests/PassiveDns.Fuzz/Corpus was not found above the test assembly.");
    }
}
