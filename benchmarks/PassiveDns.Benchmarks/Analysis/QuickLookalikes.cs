using System.Diagnostics;
using System.Text.Json;
using PassiveDns.Analysis;
using PassiveDns.Benchmarks.Measuring;

namespace PassiveDns.Benchmarks.Analysis;

/// <summary>Ten million names against one hundred brands on one thread, and some more brands, to see what they cost.</summary>
internal static class QuickLookalikes
{
    private const int Chunk = 100_000;

    public static void Run()
    {
        foreach ((int brands, int millions) in ((int, int)[])[(1, 1), (100, 10), (10_000, 1)]) Run(brands, millions);
        Console.Error.WriteLine($"load {MachineLoad.LastMinute}, {Environment.ProcessorCount} processors");
    }

    private static void Run(int brands, int millions)
    {
        GeneratedNames names = new();
        DomainName[] all = brands <= 3000 ? names.Brands(brands) : [.. names.Brands(2500).SelectMany(static brand => Enumerable.Range(0, 4).Select(i => DomainName.Parse($"{(char)('k' + i)}{brand}")))];
        Stopwatch compiling = Stopwatch.StartNew();
        LookalikeMatcher matcher = new(all);
        compiling.Stop();
        int[] ends = new int[Chunk];
        List<LookalikeMatch> matches = [];
        long spent = 0, bytes = 0, found = 0;
        int chunks = millions * 1_000_000 / Chunk;
        for (int chunk = -1; chunk < chunks; chunk++) // the first one warms up
        {
            byte[] packed = names.Next(Chunk, ends);
            matches.Clear();
            long allocated = GC.GetAllocatedBytesForCurrentThread(), start = ThreadClock.Nanoseconds;
            int from = 0;
            foreach (int end in ends)
            {
                matcher.Match(packed.AsSpan(from..end), matches);
                from = end;
            }

            if (chunk < 0) continue;
            spent += ThreadClock.Nanoseconds - start;
            bytes += GC.GetAllocatedBytesForCurrentThread() - allocated;
            found += matches.Count;
        }

        double count = (double)chunks * Chunk;
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            work = "lookalikes",
            brands = all.Length,
            names = (long)count,
            seconds = Math.Round(spent / 1e9, 2),
            ns = Math.Round(spent / count, 1),
            matches = found,
            bytesPerMatch = found == 0 ? 0 : bytes / found,
            compileMs = compiling.ElapsedMilliseconds,
        }));
    }
}
