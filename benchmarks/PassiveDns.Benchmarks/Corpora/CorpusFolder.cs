namespace PassiveDns.Benchmarks;

/// <summary>Where the corpora come from: a chosen folder, the one beside the checkout, or the generator.</summary>
internal static class CorpusFolder
{
    private const int MutatedCount = 20_000;

    /// <summary>The folder named on the command line, if one was.</summary>
    public static string? Chosen { get; set; }

    /// <summary>All corpora, the mutated one last.</summary>
    public static IReadOnlyList<MessageCorpus> Load()
    {
        string? folder = Chosen ?? FindBesideCheckout();
        List<MessageCorpus> corpora = [];
        foreach (string name in (ReadOnlySpan<string>)["synth", "real"])
        {
            string path = Path.Combine(folder ?? "", name + ".bin.gz");
            if (folder is not null && File.Exists(path)) corpora.Add(MessageCorpus.Load(name, path));
        }

        if (corpora.Count == 0)
        {
            Console.Error.WriteLine("No synth.bin.gz or real.bin.gz found (see --corpus): the generated corpus is used.");
            corpora.Add(new("generated", GeneratedMessages.Make(seed: 1, count: 5000)));
        }

        corpora.Add(new("mutated", MutatedMessages.Make(seed: 2, MutatedCount, corpora[0])));
        return corpora;
    }

    private static string? FindBesideCheckout()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "shared", "data", "bench");
            if (Directory.Exists(folder)) return folder;
        }

        return null;
    }
}
