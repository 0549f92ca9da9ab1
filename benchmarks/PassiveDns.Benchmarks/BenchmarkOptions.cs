namespace PassiveDns.Benchmarks;

/// <summary>The options that all modes share; what is not known here goes to BenchmarkDotNet.</summary>
internal sealed record BenchmarkOptions(bool Quick, string? Corpus, string[]? Only, string? Capture, string? Hints, string? Questions, string[] Rest)
{
    /// <summary>Whether a part of a mode is to run: named by <c>--only</c>, or all if that is not there.</summary>
    public bool Wants(string part) => Only is null || Only.Contains(part);

    public static BenchmarkOptions Parse(ReadOnlySpan<string> args)
    {
        bool quick = false;
        string? corpus = null;
        string[]? only = null;
        string? capture = null;
        string? hints = null;
        string? questions = null;
        List<string> rest = [];
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--quick") quick = true;
            else if (args[i] == "--corpus" && i + 1 < args.Length) corpus = args[++i];
            else if (args[i] == "--only" && i + 1 < args.Length) only = args[++i].Split(',');
            else if (args[i] == "--capture" && i + 1 < args.Length) capture = args[++i];
            else if (args[i] == "--hints" && i + 1 < args.Length) hints = args[++i];
            else if (args[i] == "--questions" && i + 1 < args.Length) questions = args[++i];
            else rest.Add(args[i]);
        }

        return new(quick, corpus, only, capture, hints, questions, [.. rest]);
    }
}
