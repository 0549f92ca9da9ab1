using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace PassiveDns.Benchmarks.Measuring;

/// <summary>
/// BenchmarkDotNet in this process, so that native peers and the chosen corpus are there, with many short iterations: on a shared machine the median of
/// many tells more than the mean of few.
/// </summary>
internal sealed class CarefulRun : ManualConfig
{
    public CarefulRun() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
        .WithIterationTime(TimeInterval.FromMilliseconds(200)).WithWarmupCount(6).WithIterationCount(25))
        .AddColumn(BenchmarkDotNet.Columns.StatisticColumn.Median);
}
